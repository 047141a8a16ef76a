/** A row of the topology's table of infrastructure components: how many members, and the volume of each. */
export interface ComponentTopology {
  readonly replicas: number;
  /** The size of each member's volume. */
  readonly storageGibibytes: number;
}

/** The topology's infrastructure components. Loki's row is in its storage drawing. */
export const COMPONENTS = {
  mongodb: { replicas: 3, storageGibibytes: 100 },
  kafka: { replicas: 3, storageGibibytes: 50 },
  zookeeper: { replicas: 3, storageGibibytes: 10 },
  postgresql: { replicas: 1, storageGibibytes: 20 },
  prometheus: { replicas: 1, storageGibibytes: 100 },
  tempo: { replicas: 1, storageGibibytes: 100 },
  loki: { replicas: 1, storageGibibytes: 100 },
} as const satisfies Record<string, ComponentTopology>;

/** The name of MongoDB's replica set. */
export const MONGODB_REPLICA_SET = 'rs0';

/** The Temporal namespace that the services' workflows live in. */
export const TEMPORAL_NAMESPACE = 'wms';
