import { SERVICES } from './services';

/** A Kafka topic of the platform. */
export interface TopicTopology {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  /** The service that publishes to it. */
  readonly publisher: string;
}

/** One topic for the events of each service; three partitions and three replicas, as the topology draws `wms.orders.events`. */
export const TOPICS: readonly TopicTopology[] = SERVICES.flatMap(({ name, topic }) =>
  topic ? [{ name: topic, partitions: 3, replicationFactor: 3, minInSyncReplicas: 2, publisher: name }] : [],
);
