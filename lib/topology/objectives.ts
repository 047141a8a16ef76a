/** What the platform promises of each public service (the platform's public pages on observability). */
export const OBJECTIVES = {
  /** The part of requests that are answered without a server error. */
  availability: 0.999,
  /** The part of requests that are answered within the latency: its 99th percentile. */
  fastRequests: 0.99,
  /** That latency, in seconds; a bucket of the services' histogram ends there. */
  latencySeconds: 0.5,
} as const;
