/** Who is evicted last when a node or the cluster is full: what keeps data, then what the services need, then services. */
export const PRIORITY_CLASSES = {
  data: { name: 'wms-data', value: 1_000_000, description: 'Data stores and message brokers of the WMS platform' },
  platform: { name: 'wms-platform', value: 500_000, description: 'What the services of the WMS platform depend on' },
  application: { name: 'wms-application', value: 100_000, description: 'Services of the WMS platform and its guests' },
} as const;
