import { Duration, Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { RETENTION_DAYS } from '../topology/retention';
import { TopicTopology } from '../topology/topics';
import { checkCount } from '../workload/names';

/** What can be set of a topic, by its own team or over the topology's figures. */
export interface KafkaTopicOptions {
  /**
   * How many partitions it has. They can be raised, never lowered: records of one key are then in another partition.
   *
   * @default 3
   */
  readonly partitions?: number;

  /**
   * How many brokers keep each record.
   *
   * @default - the cluster's
   */
  readonly replicationFactor?: number;

  /**
   * How many of them must have a record before it is acknowledged.
   *
   * @default - the cluster's
   */
  readonly minInSyncReplicas?: number;

  /**
   * How long its records are kept, where its part of the volume holds them that long.
   *
   * @default - 7 days (the topology's retention of events)
   */
  readonly retention?: Duration;

  /**
   * How much is written to it in a second, at the most. A cluster whose volumes cannot hold that for the topic's
   * retention is refused.
   *
   * @default - unknown: it gets the same part of the volume as the others
   */
  readonly bytesPerSecond?: Size;
}

/** A topic, by its name. */
export interface KafkaTopic extends KafkaTopicOptions {
  /** Its name, as `wms.orders.events`. */
  readonly name: string;
}

/** What the topics of a cluster have in common. */
export interface KafkaClusterFigures {
  readonly brokers: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
}

/** A topic with all of its figures. */
export interface ResolvedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly minInSyncReplicas: number;
  readonly retention: Duration;
  readonly bytesPerSecond?: Size;
  /** The brokers of each partition's replicas, the leader first; without it, Kafka places them. */
  readonly placement?: readonly (readonly number[])[];
}

/** The figures of a topic that a team brings. */
export function resolveTopic(where: IConstruct, topic: KafkaTopic, cluster: KafkaClusterFigures): ResolvedTopic {
  const { name } = topic;
  if (!/^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/.test(name)) {
    throw invalid(where, `'${name}' is no topic; allowed: at most 249 letters, digits, '.', '_' and '-'`);
  }
  const replicationFactor = topic.replicationFactor ?? cluster.replicationFactor;
  const resolved = {
    name,
    partitions: checkCount(where, `${name} partitions`, topic.partitions ?? 3, 1),
    replicationFactor: checkCount(where, `${name} replicationFactor`, replicationFactor, 1),
    minInSyncReplicas: checkCount(
      where,
      `${name} minInSyncReplicas`,
      topic.minInSyncReplicas ?? Math.min(cluster.minInSyncReplicas, replicationFactor),
      1,
    ),
    retention: topic.retention ?? Duration.days(RETENTION_DAYS.events),
    bytesPerSecond: topic.bytesPerSecond,
  };
  checkReplication(where, name, { ...resolved, brokers: cluster.brokers });
  return resolved;
}

/** The figures of one of the platform's topics, with what differs from the topology's. */
export function resolvePlatformTopic(
  where: IConstruct,
  topology: TopicTopology,
  options: KafkaTopicOptions,
  cluster: KafkaClusterFigures,
): ResolvedTopic {
  const { name, partitions, placement } = topology;
  const resolved = resolveTopic(where, { partitions, ...options, name }, cluster);
  if (resolved.partitions < partitions) {
    throw invalid(
      where,
      `${name} partitions is ${resolved.partitions}; allowed: ${partitions} or more, as they are never lowered`,
    );
  }
  return placement ? { ...resolved, placement: placeReplicas(placement, resolved, cluster.brokers) } : resolved;
}

/** @throws where a record would have to be on more brokers than there are */
export function checkReplication(where: IConstruct, what: string, figures: KafkaClusterFigures): void {
  const { brokers, replicationFactor, minInSyncReplicas } = figures;
  if (replicationFactor > brokers) {
    throw invalid(
      where,
      `${what} replicationFactor is ${replicationFactor} with a number of brokers of ${brokers}; ` +
        `allowed: at most the number of brokers`,
    );
  }
  if (minInSyncReplicas > replicationFactor) {
    throw invalid(
      where,
      `${what} minInSyncReplicas is ${minInSyncReplicas} with a replicationFactor of ${replicationFactor}; ` +
        `allowed: at most the replicationFactor`,
    );
  }
}

/**
 * The drawn brokers of each partition, completed by the next ones where there are more replicas than drawn. Partitions
 * beyond the drawing go around again.
 */
function placeReplicas(
  drawn: readonly (readonly number[])[],
  { partitions, replicationFactor }: Pick<ResolvedTopic, 'partitions' | 'replicationFactor'>,
  brokers: number,
): number[][] {
  return Array.from({ length: partitions }, (_, partition) => {
    const wanted = drawn[partition % drawn.length].filter((id) => id <= brokers);
    const first = wanted.at(-1) ?? 0;
    const others = Array.from({ length: brokers }, (__, i) => ((first + i) % brokers) + 1);
    return [...new Set([...wanted, ...others])].slice(0, replicationFactor);
  });
}
