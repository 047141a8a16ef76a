import { Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { ResolvedTopic } from './kafka-topic';

/** In bytes. */
export const MEBIBYTE = 2 ** 20;

/** How much of a volume Kafka's records may fill, in hundredths; a full volume stops its broker. */
const FILLED = 80;

/** How much of a volume its internal topics get of that, in hundredths. */
const INTERNAL = 10;

/** Consumers' offsets and transactions. */
const INTERNAL_TOPICS = 2;

/** Of an internal topic's partition there are the segment that is written and the one that waits to be compacted. */
const INTERNAL_SEGMENTS = 2;

/** How many partitions Kafka gives an internal topic by itself. */
const INTERNAL_PARTITIONS = 50;

/** The log and the snapshots of a KRaft cluster's metadata, which every node keeps. */
const METADATA_MEBIBYTES = 32;

/** What each partition may take is so many segments: records are deleted by whole segments, all but the one written. */
const SEGMENTS = 8;

/** No batch of records is larger than a mebibyte, and a segment must hold one. */
const LEAST_SEGMENT = 1;

/** Kafka's own size of a segment. */
const MOST_SEGMENT = 1024;

/** What one partition of a topic may take of each volume it is on, in bytes. */
export interface PartitionShare {
  /** Above this, the oldest segment is deleted. */
  readonly retentionBytes: number;
  readonly segmentBytes: number;
}

/** How the volume of a broker is divided. */
export interface VolumePlan {
  readonly internalPartitions: number;
  readonly internalSegmentBytes: number;
  /** The share of a partition whose topic declares no rate, those that nobody has declared included. */
  readonly standard: PartitionShare;
  /** The share of a partition of each declared topic. */
  readonly shares: ReadonlyMap<string, PartitionShare>;
}

/** What is on the volumes of a cluster. */
export interface VolumeContent {
  readonly storage: Size;
  readonly brokers: number;
  readonly topics: readonly ResolvedTopic[];
  /** How many topics of guests there is room for, each as one of the platform's. */
  readonly guestTopics: number;
  readonly guestTopic: Pick<ResolvedTopic, 'partitions' | 'replicationFactor'>;
}

/**
 * Divides a broker's volume among all partitions that it holds a replica of, so that they fill at most 80 % of it. Topics
 * that declare how much is written to them get what that takes for their retention; all others the same share.
 *
 * @throws where the volume is too small for the declared rates, or for one message in each partition
 */
export function planVolume(where: IConstruct, content: VolumeContent): VolumePlan {
  const { storage, brokers, topics, guestTopics, guestTopic } = content;
  const mebibytes = storage.toMebibytes();
  const internal = planInternal(mebibytes);
  const available = Math.floor((mebibytes * (FILLED - INTERNAL)) / 100) - METADATA_MEBIBYTES;

  const declared = topics.filter(({ bytesPerSecond }) => bytesPerSecond);
  const needs = new Map(declared.map((topic) => [topic.name, neededShare(topic)]));
  const needed = declared.reduce((sum, topic) => sum + needs.get(topic.name)! * replicasOn(topic, brokers), 0);
  const others =
    topics.filter(({ bytesPerSecond }) => !bytesPerSecond).reduce((sum, t) => sum + replicasOn(t, brokers), 0) +
    guestTopics * replicasOn(guestTopic, brokers);
  // With nobody to share it, the rest is for what nobody has declared.
  const rest = Math.floor((available - needed) / Math.max(1, others));
  if (rest < LEAST_SEGMENT * 2) {
    const rates = declared.map(({ name, bytesPerSecond, retention }) => {
      const bytes = bytesPerSecond!.toKibibytes();
      return `${name} (${bytes}Ki a second for ${retention.toDays()} days)`;
    });
    const least = needed + others * LEAST_SEGMENT * 2 + METADATA_MEBIBYTES;
    throw invalid(
      where,
      `storage is ${storage.asString()}, too small for ${[...rates, `${others} other partitions`].join(', ')}; ` +
        `allowed: at least ${Math.ceil((least * 100) / (FILLED - INTERNAL))}Mi, a lower rate or a shorter retention`,
    );
  }
  const standard = toShare(rest);
  return {
    ...internal,
    standard,
    shares: new Map(topics.map(({ name }) => [name, needs.has(name) ? toShare(needs.get(name)!) : standard])),
  };
}

/** How many of a topic's replicas the fullest broker holds. */
export function replicasOn(
  { partitions, replicationFactor }: Pick<ResolvedTopic, 'partitions' | 'replicationFactor'>,
  brokers: number,
): number {
  return Math.ceil((partitions * replicationFactor) / brokers);
}

function planInternal(mebibytes: number): Pick<VolumePlan, 'internalPartitions' | 'internalSegmentBytes'> {
  const segments = Math.floor((mebibytes * INTERNAL) / 100 / (INTERNAL_TOPICS * INTERNAL_SEGMENTS));
  const partitions = Math.max(1, Math.min(INTERNAL_PARTITIONS, Math.floor(segments / LEAST_SEGMENT)));
  return { internalPartitions: partitions, internalSegmentBytes: Math.floor(segments / partitions) * MEBIBYTE };
}

/** What a partition takes, in mebibytes, so that retention by size never deletes what retention by time still keeps. */
function neededShare({ bytesPerSecond, retention, partitions }: ResolvedTopic): number {
  const bytes = (bytesPerSecond!.toKibibytes() * 1024 * retention.toSeconds()) / partitions;
  return Math.max(2 * LEAST_SEGMENT, Math.ceil((bytes / MEBIBYTE) * (SEGMENTS / (SEGMENTS - 1))));
}

/** A partition takes what it retains and the segment that is being written. */
function toShare(mebibytes: number): PartitionShare {
  const segment = Math.min(MOST_SEGMENT, Math.max(LEAST_SEGMENT, Math.floor(mebibytes / SEGMENTS)));
  return { retentionBytes: (mebibytes - segment) * MEBIBYTE, segmentBytes: segment * MEBIBYTE };
}
