import { Duration, Size } from 'cdk8s';
import { ResolvedTopic } from '../../lib/components/kafka-topic';
import { planVolume, replicasOn, VolumeContent, VolumePlan } from '../../lib/components/kafka-volume';
import { testChart } from '../workload/fixtures';

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

const topic = (name: string, more: Partial<ResolvedTopic> = {}): ResolvedTopic => ({
  name,
  partitions: 3,
  replicationFactor: 3,
  minInSyncReplicas: 2,
  retention: Duration.days(7),
  ...more,
});

const NINE = Array.from({ length: 9 }, (_, i) => topic(`t${i}`));
const STANDARD: VolumeContent = {
  storage: Size.gibibytes(50),
  brokers: 3,
  topics: NINE,
  guestTopics: 2,
  guestTopic: topic('guest'),
};

/** What all partitions of one broker can take, in bytes. */
function most(content: VolumeContent, plan: VolumePlan): number {
  const of = (t: Pick<ResolvedTopic, 'partitions' | 'replicationFactor'>, share = plan.standard) =>
    replicasOn(t, content.brokers) * (share.retentionBytes + share.segmentBytes);
  const own = content.topics.reduce((sum, t) => sum + of(t, plan.shares.get(t.name)), 0);
  const internal = 2 * plan.internalPartitions * 2 * plan.internalSegmentBytes;
  const metadata = 32 * MEBIBYTE;
  return own + content.guestTopics * of(content.guestTopic) + internal + metadata;
}

describe('the volume of a broker', () => {
  it.each([
    ['production', STANDARD],
    ['staging', { ...STANDARD, storage: Size.gibibytes(5) }],
    [
      'development',
      {
        ...STANDARD,
        storage: Size.gibibytes(1),
        brokers: 1,
        topics: NINE.map((t) => ({ ...t, replicationFactor: 1 })),
        guestTopics: 1,
        guestTopic: topic('guest', { replicationFactor: 1 }),
      },
    ],
    ['five brokers', { ...STANDARD, brokers: 5 }],
    ['a declared rate', { ...STANDARD, topics: [...NINE, topic('busy', { bytesPerSecond: Size.kibibytes(10) })] }],
  ])('is filled to no more than 80 %% by all partitions together, and well used: %s', (_name, content) => {
    const filled = most(content, planVolume(testChart(), content)) / (content.storage.toMebibytes() * MEBIBYTE);
    expect(filled).toBeLessThanOrEqual(0.8);
    expect(filled).toBeGreaterThan(0.7);
  });

  it('gives each partition the same, by its size', () => {
    const { shares, standard } = planVolume(testChart(), STANDARD);
    expect([...shares.keys()]).toEqual(NINE.map(({ name }) => name));
    expect(new Set(shares.values())).toEqual(new Set([standard]));
    expect(standard).toEqual({ retentionBytes: 950 * MEBIBYTE, segmentBytes: 135 * MEBIBYTE });
  });

  it('gives less where more guests are expected', () => {
    const { standard } = planVolume(testChart(), STANDARD);
    const { standard: crowded } = planVolume(testChart(), { ...STANDARD, guestTopics: 20 });
    expect(crowded.retentionBytes).toBeLessThan(standard.retentionBytes);
  });

  it("gives Kafka's internal topics their part, in fewer partitions where that is little", () => {
    expect(planVolume(testChart(), STANDARD)).toMatchObject({
      internalPartitions: 50,
      internalSegmentBytes: 25 * MEBIBYTE,
    });
    expect(planVolume(testChart(), { ...STANDARD, storage: Size.gibibytes(1) })).toMatchObject({
      internalPartitions: 25,
      internalSegmentBytes: MEBIBYTE,
    });
  });

  it("has segments of Kafka's own size at the most", () => {
    const { standard } = planVolume(testChart(), { ...STANDARD, storage: Size.tebibytes(2) });
    expect(standard.segmentBytes).toBe(GIBIBYTE);
  });

  it('gives a topic that declares its rate what its retention takes', () => {
    const busy = topic('busy', { bytesPerSecond: Size.kibibytes(10), retention: Duration.days(7) });
    const plan = planVolume(testChart(), { ...STANDARD, topics: [...NINE, busy] });
    const needed = (10 * 1024 * 7 * 24 * 60 * 60) / busy.partitions;
    expect(plan.shares.get('busy')!.retentionBytes).toBeGreaterThanOrEqual(needed);
    expect(plan.shares.get('busy')!.retentionBytes).toBeLessThan(needed * 1.05);
    expect(plan.shares.get('t0')).toBe(plan.standard);
  });

  it('is refused where it cannot hold a declared rate', () => {
    const busy = topic('busy', { bytesPerSecond: Size.kibibytes(100) });
    expect(() => planVolume(testChart(), { ...STANDARD, topics: [...NINE, busy] })).toThrow(
      /^\[test\] storage is 50Gi, too small for busy \(100Ki a second for 7 days\), 33 other partitions; allowed: at least \d+Mi, a lower rate or a shorter retention$/,
    );
  });

  it('is enough where it is as large as the refusal says', () => {
    const topics = [...NINE, topic('busy', { bytesPerSecond: Size.kibibytes(100) })];
    const attempt = (mebibytes: number) => () =>
      planVolume(testChart(), { ...STANDARD, topics, storage: Size.mebibytes(mebibytes) });
    let message = '';
    try {
      attempt(51200)();
    } catch (error) {
      message = (error as Error).message;
    }
    const least = Number(/at least (\d+)Mi/.exec(message)![1]);
    expect(attempt(least)).not.toThrow();
    expect(attempt(least - 2)).toThrow('too small');
  });

  it('is refused where it has no room for each partition', () => {
    expect(() => planVolume(testChart(), { ...STANDARD, storage: Size.mebibytes(100) })).toThrow(
      '[test] storage is 100Mi, too small for 33 other partitions; allowed: at least 140Mi',
    );
  });

  it('is planned without any topic', () => {
    const { standard } = planVolume(testChart(), { ...STANDARD, topics: [], guestTopics: 0 });
    expect(standard.retentionBytes).toBeGreaterThan(GIBIBYTE);
  });
});

it('The fullest broker holds its part of the replicas, rounded up', () => {
  expect(replicasOn({ partitions: 3, replicationFactor: 3 }, 3)).toBe(3);
  expect(replicasOn({ partitions: 3, replicationFactor: 3 }, 5)).toBe(2);
});
