import { SERVICES } from './services';

/** A Kafka topic of the platform. */
export interface TopicTopology {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  /** The service that publishes to it. */
  readonly publisher: string;
  /** The brokers that the topology draws for each partition, the leader first; brokers count from 1. */
  readonly placement?: readonly (readonly number[])[];
}

/** The topology's drawing of the Kafka cluster. */
const DRAWN: Readonly<Record<string, TopicTopology['placement']>> = {
  'wms.orders.events': [
    [1, 2],
    [2, 3],
    [3, 1],
  ],
};

/** How often a record is kept, and on how many brokers before it is acknowledged (the topology's table of components). */
export const REPLICATION = { replicationFactor: 3, minInSyncReplicas: 2 } as const;

/** One topic for the events of each service; three partitions and three replicas, as the topology draws `wms.orders.events`. */
export const TOPICS: readonly TopicTopology[] = SERVICES.flatMap(({ name, topic }) =>
  topic ? [{ name: topic, partitions: 3, ...REPLICATION, publisher: name, placement: DRAWN[topic] }] : [],
);
