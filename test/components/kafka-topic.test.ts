import { Duration, Size } from 'cdk8s';
import {
  checkReplication,
  KafkaClusterFigures,
  KafkaTopicOptions,
  resolvePlatformTopic,
  resolveTopic,
} from '../../lib/components/kafka-topic';
import { TOPICS } from '../../lib/topology/topics';
import { testChart } from '../workload/fixtures';

const THREE: KafkaClusterFigures = { brokers: 3, replicationFactor: 3, minInSyncReplicas: 2 };
const ONE: KafkaClusterFigures = { brokers: 1, replicationFactor: 1, minInSyncReplicas: 1 };
const WEEK = 7 * 24 * 60 * 60 * 1000;

const platformTopic = (name: string, options: KafkaTopicOptions = {}, figures = THREE) =>
  resolvePlatformTopic(
    testChart(),
    TOPICS.find((topic) => topic.name === name)!,
    options,
    figures,
  );

describe('a topic of a team', () => {
  it('has three partitions for seven days, and the rest from its cluster', () => {
    const { retention, ...topic } = resolveTopic(testChart(), { name: 'returns.events' }, THREE);
    expect(topic).toEqual({ name: 'returns.events', partitions: 3, replicationFactor: 3, minInSyncReplicas: 2 });
    expect(retention.toMilliseconds()).toBe(WEEK);
    expect(resolveTopic(testChart(), { name: 'returns.events' }, ONE)).toMatchObject({
      replicationFactor: 1,
      minInSyncReplicas: 1,
    });
  });

  it('has what it says', () => {
    const all = {
      name: 'returns_2-events',
      partitions: 12,
      replicationFactor: 2,
      minInSyncReplicas: 1,
      retention: Duration.days(30),
      bytesPerSecond: Size.kibibytes(20),
    };
    expect(resolveTopic(testChart(), all, THREE)).toEqual(all);
  });

  it('waits for no more replicas than it has', () => {
    expect(resolveTopic(testChart(), { name: 'a', replicationFactor: 1 }, THREE).minInSyncReplicas).toBe(1);
  });

  it.each(['', '.', '..', 'orders events', 'ä', 'x'.repeat(250)])("is not called '%s'", (name) => {
    expect(() => resolveTopic(testChart(), { name }, THREE)).toThrow(`[test] '${name}' is no topic; allowed:`);
  });

  it.each([
    [{ partitions: 0 }, 'a partitions is 0; allowed: a whole number of 1 or more'],
    [{ replicationFactor: 0 }, 'a replicationFactor is 0; allowed: a whole number of 1 or more'],
    [{ minInSyncReplicas: 0 }, 'a minInSyncReplicas is 0; allowed: a whole number of 1 or more'],
    [
      { replicationFactor: 4 },
      'a replicationFactor is 4 with a number of brokers of 3; allowed: at most the number of brokers',
    ],
    [
      { minInSyncReplicas: 4 },
      'a minInSyncReplicas is 4 with a replicationFactor of 3; allowed: at most the replicationFactor',
    ],
  ])('is refused with %j', (options, message) => {
    expect(() => resolveTopic(testChart(), { name: 'a', ...options }, THREE)).toThrow(`[test] ${message}`);
  });
});

describe("a topic of the platform's", () => {
  it('is placed where the topology draws it, completed to its replication factor', () => {
    expect(platformTopic('wms.orders.events').placement).toEqual([
      [1, 2, 3],
      [2, 3, 1],
      [3, 1, 2],
    ]);
  });

  it.each([
    ['one broker', {}, ONE, [[1], [1], [1]]],
    [
      'two replicas, as drawn',
      { replicationFactor: 2 },
      THREE,
      [
        [1, 2],
        [2, 3],
        [3, 1],
      ],
    ],
    [
      'five brokers',
      {},
      { ...THREE, brokers: 5 },
      [
        [1, 2, 3],
        [2, 3, 4],
        [3, 1, 2],
      ],
    ],
    [
      'more partitions than drawn, which go around again',
      { partitions: 4 },
      THREE,
      [
        [1, 2, 3],
        [2, 3, 1],
        [3, 1, 2],
        [1, 2, 3],
      ],
    ],
  ])('is placed with %s', (_what, options, figures, placement) => {
    expect(platformTopic('wms.orders.events', options, figures).placement).toEqual(placement);
  });

  it('is placed by Kafka where the topology draws nothing', () => {
    expect(platformTopic('wms.waves.events')).not.toHaveProperty('placement');
  });

  it('can have more partitions, never fewer', () => {
    expect(platformTopic('wms.waves.events', { partitions: 6 }).partitions).toBe(6);
    expect(() => platformTopic('wms.waves.events', { partitions: 2 })).toThrow(
      '[test] wms.waves.events partitions is 2; allowed: 3 or more, as they are never lowered',
    );
  });
});

describe('the replication of a cluster', () => {
  it('fits its brokers', () => {
    expect(() => checkReplication(testChart(), 'cluster', THREE)).not.toThrow();
    expect(() => checkReplication(testChart(), 'cluster', { ...THREE, brokers: 2 })).toThrow(
      '[test] cluster replicationFactor is 3 with a number of brokers of 2; allowed: at most the number of brokers',
    );
    expect(() => checkReplication(testChart(), 'cluster', { ...THREE, minInSyncReplicas: 4 })).toThrow(
      '[test] cluster minInSyncReplicas is 4 with a replicationFactor of 3; allowed: at most the replicationFactor',
    );
  });
});
