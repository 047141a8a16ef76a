/** How long the platform keeps what it records, in days (the platform's public pages on observability and data flow). */
export const RETENTION_DAYS = {
  events: 7,
  traces: 7,
  logs: 14,
  metrics: 15,
} as const;
