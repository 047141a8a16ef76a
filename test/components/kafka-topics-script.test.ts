import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Duration } from 'cdk8s';
import { ResolvedTopic } from '../../lib/components/kafka-topic';
import { topicsList, TOPICS_SCRIPT } from '../../lib/components/kafka-topics-script';

const topic = (name: string, more: Partial<ResolvedTopic> = {}): ResolvedTopic => ({
  name,
  partitions: 3,
  replicationFactor: 3,
  minInSyncReplicas: 2,
  retention: Duration.days(7),
  ...more,
});

const SHARE = { retentionBytes: 2000, segmentBytes: 1000 };
const SETTINGS = 'min.insync.replicas=2,retention.ms=604800000,retention.bytes=2000,segment.bytes=1000';
const PLACED = {
  placement: [
    [1, 2, 3],
    [2, 3, 1],
    [3, 1, 2],
  ],
};

/** A line of what kafka-topics.sh says of all topics. */
const described = (name: string, partitions: number, settings = SETTINGS, replicas = 3) =>
  `Topic: ${name}\tTopicId: x\tPartitionCount: ${partitions}\tReplicationFactor: ${replicas}\tConfigs: ${settings}\n` +
  `\tTopic: ${name}\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\n`;

describe("the list of a job's topics", () => {
  it('has a line for each, by name, with all that the script needs', () => {
    expect(topicsList([topic('b', { partitions: 6 }), topic('a', PLACED)], () => SHARE)).toBe(
      `a 3 3 1:2:3,2:3:1,3:1:2 ${SETTINGS}\nb 6 3 - ${SETTINGS}\n`,
    );
  });

  it('takes the share of each topic', () => {
    const shares = (name: string) => (name === 'a' ? { retentionBytes: 7, segmentBytes: 5 } : SHARE);
    expect(topicsList([topic('a')], shares)).toContain('retention.bytes=7,segment.bytes=5');
  });
});

describe('the script', () => {
  let directory: string;

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'kafka-topics-'));
  });

  afterEach(() => {
    fs.rmSync(directory, { recursive: true });
  });

  /** Runs it with tools that note what they are asked for; `describe` answers from a file once it did not fail. */
  function run(topics: ResolvedTopic[], there: string, failures: Record<string, number> = {}) {
    const file = (name: string) => path.join(directory, name);
    fs.writeFileSync(
      file('topics.list'),
      topicsList(topics, () => SHARE),
    );
    fs.writeFileSync(file('there'), there);
    for (const [tool, times] of Object.entries(failures)) {
      fs.writeFileSync(file(`${tool}.failures`), 'x\n'.repeat(times));
    }
    for (const tool of ['kafka-topics.sh', 'kafka-configs.sh']) {
      const script = `#!/bin/bash
echo "${tool} $*" >>${file('calls')}
case "$*" in *--describe*) what=describe ;; *) what=${tool} ;; esac
if [ -s ${file('$what.failures')} ]; then
  sed -i 1d ${file('$what.failures')}
  echo "no brokers" >&2
  exit 1
fi
[ "$what" != describe ] || cat ${file('there')}
`;
      fs.writeFileSync(file(tool), script, { mode: 0o755 });
    }
    const script = TOPICS_SCRIPT.replaceAll('/opt/kafka/bin', directory)
      .replaceAll('/config', directory)
      .replaceAll('/tmp/described', file('described'))
      .replaceAll('sleep 5', 'sleep 0');
    fs.writeFileSync(file('topics.sh'), script);
    const env = { ...process.env, BOOTSTRAP_SERVER: 'kafka:9092' };
    const { status, stdout } = spawnSync('bash', [file('topics.sh')], { env, encoding: 'utf8' });
    const calls = fs.readFileSync(file('calls'), 'utf8').trim().split('\n');
    const changes = calls.filter((call) => !call.includes('--describe'));
    return { status, lines: stdout.trim().split('\n'), calls, changes };
  }

  it('makes what is missing, placed where that is drawn, with all settings', () => {
    const { status, lines, changes } = run([topic('a', PLACED), topic('b', { partitions: 6 })], '');
    const settings = SETTINGS.split(',').map((setting) => `--config ${setting}`);
    const create = (name: string, shape: string) =>
      `kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic ${name} ${shape} ${settings.join(' ')}`;
    expect(changes).toEqual([
      create('a', '--replica-assignment 1:2:3,2:3:1,3:1:2'),
      create('b', '--partitions 6 --replication-factor 3'),
    ]);
    expect([status, lines.at(-1)]).toEqual([0, '2 topics are as declared: 2 changes']);
  });

  it('changes nothing where all is as declared, and asks once', () => {
    const { status, lines, calls } = run([topic('a'), topic('b')], described('a', 3) + described('b', 3));
    expect(calls).toEqual(['kafka-topics.sh --bootstrap-server kafka:9092 --describe']);
    expect([status, lines]).toEqual([0, ['2 topics are as declared: nothing changed']]);
  });

  it('does not take a topic for another whose name begins alike', () => {
    const { changes } = run([topic('wms.orders')], described('wms.orders.events', 3) + described('wms', 3));
    expect(changes).toEqual([expect.stringContaining('--topic wms.orders ')]);
  });

  it('brings changed settings up to date, and only those', () => {
    const { status, changes } = run([topic('a')], described('a', 3, SETTINGS.replace('604800000', '1000')));
    expect(changes).toEqual([
      'kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name a ' +
        '--add-config retention.ms=604800000',
    ]);
    expect(status).toBe(0);
  });

  it('is not misled by a setting that only begins as the declared one', () => {
    const { changes } = run(
      [topic('a')],
      described('a', 3, SETTINGS.replace('segment.bytes=1000', 'segment.bytes=10001')),
    );
    expect(changes).toEqual([expect.stringContaining('--add-config segment.bytes=1000')]);
  });

  it('raises partitions with a warning', () => {
    const { status, lines, changes } = run([topic('a', { partitions: 6 })], described('a', 3));
    expect(changes).toEqual(['kafka-topics.sh --bootstrap-server kafka:9092 --alter --topic a --partitions 6']);
    expect(lines[0]).toMatch(/^WARNING: a goes from 3 to 6 partitions: keys move/);
    expect(status).toBe(0);
  });

  it.each([
    [
      'lower partitions',
      described('a', 6),
      'ERROR: a has 6 partitions and is declared with 3; partitions are never lowered',
    ],
    [
      'another replication factor',
      described('a', 3, SETTINGS, 1),
      'ERROR: a has a replication factor of 1 and is declared with 3; move its replicas by hand',
    ],
  ])('refuses %s before it changes anything', (_what, there, line) => {
    const { status, lines, changes } = run([topic('a'), topic('b')], there);
    expect([status, lines, changes]).toEqual([1, [line], []]);
  });

  it('waits for brokers, when it asks and when it creates', () => {
    const { status, lines, changes } = run([topic('a')], '', { describe: 2, 'kafka-topics.sh': 1 });
    expect(lines.filter((line) => line === 'waiting for kafka:9092')).toHaveLength(3);
    expect(changes).toHaveLength(2);
    expect(status).toBe(0);
  });

  it('fails where a change is refused, so that the next try begins anew', () => {
    const { status, changes } = run([topic('a', { partitions: 6 })], described('a', 3), { 'kafka-topics.sh': 1 });
    expect(status).toBe(1);
    expect(changes).toHaveLength(1);
  });
});
