import { Duration } from 'cdk8s';
import { KafkaMode } from '../../lib';
import { brokerFiles, controllerFiles, KafkaSettings } from '../../lib/components/kafka-config';

const ID = 'MkU3OEVBNTcwNTJENDM2Qg';

const BASE: KafkaSettings = {
  brokers: 3,
  replicationFactor: 3,
  minInSyncReplicas: 2,
  steps: KafkaMode.zookeeper()._steps,
  plan: {
    internalPartitions: 50,
    internalSegmentBytes: 1111,
    standard: { retentionBytes: 2222, segmentBytes: 3333 },
    shares: new Map(),
  },
  combined: false,
  zookeeper: ['zookeeper-0.example:2181', 'zookeeper-1.example:2181'],
  controllerHosts: ['kafka-controller-0.example', 'kafka-controller-1.example'],
  headlessHost: 'kafka-headless.kafka.svc.cluster.local',
  clusterId: ID,
};

const settings = (mode: KafkaMode, more: Partial<KafkaSettings> = {}): KafkaSettings => ({
  ...BASE,
  steps: mode._steps,
  ...more,
});

function read(files: Record<string, string>): Record<string, string> {
  const lines = files['server.properties'].split('\n').filter((line) => line);
  return Object.fromEntries(lines.map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]));
}

const ZOOKEEPER = KafkaMode.zookeeper();
const MIGRATING = KafkaMode.migrating({ clusterId: ID });
const MIGRATED = KafkaMode.migrating({ clusterId: ID, brokersMigrated: true });
const KRAFT = KafkaMode.kraft({ clusterId: ID });
const VOTERS = '101@kafka-controller-0.example:9093,102@kafka-controller-1.example:9093';

describe('the settings of a broker in ZooKeeper mode', () => {
  const files = brokerFiles(settings(ZOOKEEPER));
  const broker = read(files);

  it('listen to clients and to other brokers, each at a port of its own', () => {
    expect(broker).toMatchObject({
      listeners: 'CLIENT://:9092,INTERNAL://:9094',
      'inter.broker.listener.name': 'INTERNAL',
    });
    expect(broker['listener.security.protocol.map']).toContain('CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT');
  });

  it('keep the metadata in ZooKeeper, below a node of their own', () => {
    expect(broker['zookeeper.connect']).toBe('zookeeper-0.example:2181,zookeeper-1.example:2181/kafka');
    expect(Object.keys(broker).filter((key) => /controller|process|migration|metadata/.test(key))).toEqual([]);
  });

  it('replicate everything as the topology says, and lose nothing that is acknowledged', () => {
    expect(broker).toMatchObject({
      'default.replication.factor': '3',
      'min.insync.replicas': '2',
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
      'unclean.leader.election.enable': 'false',
      'auto.create.topics.enable': 'false',
    });
  });

  it('keep events for seven days, as far as the volume goes', () => {
    expect(broker).toMatchObject({
      'log.dirs': '/var/lib/kafka/data/logs',
      'log.retention.ms': `${Duration.days(7).toMilliseconds()}`,
      'log.roll.ms': `${Duration.days(1).toMilliseconds()}`,
      'log.retention.bytes': '2222',
      'log.segment.bytes': '3333',
      'offsets.topic.num.partitions': '50',
      'offsets.topic.segment.bytes': '1111',
      'transaction.state.log.num.partitions': '50',
      'transaction.state.log.segment.bytes': '1111',
    });
  });

  it('make the first group of consumers wait only where there is more than one broker', () => {
    expect(broker).not.toHaveProperty(['group.initial.rebalance.delay.ms']);
    expect(read(brokerFiles(settings(ZOOKEEPER, { brokers: 1 })))).toMatchObject({
      'group.initial.rebalance.delay.ms': '0',
    });
  });

  it('are completed when it starts: its number from 1, its names, and its zone where that is known', () => {
    const start = files['start.sh'];
    expect(start).toContain('id=$((${POD_NAME##*-} + 1))');
    expect(start).toContain('echo "broker.id=$id"');
    const name = '$POD_NAME.kafka-headless.kafka.svc.cluster.local';
    expect(start).toContain(`echo "advertised.listeners=CLIENT://${name}:9092,INTERNAL://${name}:9094"`);
    expect(start).toContain('if [ -n "${ZONE:-}" ]; then echo "broker.rack=$ZONE"; fi');
    expect(start).toMatch(/exec \/opt\/kafka\/bin\/kafka-server-start\.sh \/tmp\/server\.properties\n$/);
    expect(start).not.toContain('kafka-storage.sh');
  });
});

describe('the settings of a cluster that leaves ZooKeeper', () => {
  it('let the brokers know both sides first', () => {
    const broker = read(brokerFiles(settings(MIGRATING)));
    expect(broker).toMatchObject({
      'zookeeper.metadata.migration.enable': 'true',
      'controller.quorum.voters': VOTERS,
      'controller.listener.names': 'CONTROLLER',
    });
    expect(broker).toHaveProperty(['zookeeper.connect']);
    expect(broker).not.toHaveProperty(['process.roles']);
    expect(brokerFiles(settings(MIGRATING))['start.sh']).toContain('echo "broker.id=$id"');
  });

  it('let the controllers write to both sides, until ZooKeeper is left', () => {
    for (const mode of [MIGRATING, MIGRATED]) {
      expect(read(controllerFiles(settings(mode)))).toMatchObject({
        'process.roles': 'controller',
        'zookeeper.metadata.migration.enable': 'true',
        'zookeeper.connect': 'zookeeper-0.example:2181,zookeeper-1.example:2181/kafka',
        'controller.quorum.voters': VOTERS,
        'inter.broker.listener.name': 'INTERNAL',
      });
    }
    expect(Object.keys(read(controllerFiles(settings(KRAFT)))).filter((key) => /zookeeper/.test(key))).toEqual([]);
  });

  it('are those of the end for brokers that have left it, so that they need not start again', () => {
    expect(brokerFiles(settings(MIGRATED))).toEqual(brokerFiles(settings(KRAFT)));
  });
});

describe('the settings of a cluster without ZooKeeper', () => {
  it('make brokers and controllers nodes apart', () => {
    const broker = brokerFiles(settings(KRAFT));
    expect(read(broker)).toMatchObject({ 'process.roles': 'broker', 'controller.quorum.voters': VOTERS });
    expect(read(broker).listeners).not.toContain('CONTROLLER');
    expect(broker['start.sh']).toContain('id=$((${POD_NAME##*-} + 1))');
    expect(broker['start.sh']).toContain('echo "node.id=$id"');
    const controller = controllerFiles(settings(KRAFT));
    expect(read(controller)).toMatchObject({ 'process.roles': 'controller', listeners: 'CONTROLLER://:9093' });
    expect(controller['start.sh']).toContain('id=$((${POD_NAME##*-} + 101))');
    expect(controller['start.sh']).toContain('echo "node.id=$id"');
  });

  it('make the only broker the controller too', () => {
    const one = read(brokerFiles(settings(KRAFT, { combined: true, controllerHosts: ['kafka-0.example'] })));
    expect(one).toMatchObject({
      'process.roles': 'broker,controller',
      listeners: 'CLIENT://:9092,INTERNAL://:9094,CONTROLLER://:9093',
      'controller.quorum.voters': '1@kafka-0.example:9093',
    });
  });

  it('keep the log of the metadata small', () => {
    for (const files of [brokerFiles(settings(KRAFT)), controllerFiles(settings(KRAFT))]) {
      expect(read(files)).toMatchObject({
        'metadata.log.segment.bytes': '8388608',
        'metadata.max.retention.bytes': '16777216',
      });
    }
  });

  it('make an empty volume a part of the cluster, and refuse one of another', () => {
    for (const files of [brokerFiles(settings(KRAFT)), controllerFiles(settings(KRAFT))]) {
      expect(files['start.sh']).toContain(`kafka-storage.sh format --cluster-id=${ID} `);
      expect(files['start.sh']).toContain(`grep -q '^cluster\\.id=${ID}$' /var/lib/kafka/data/logs/meta.properties`);
    }
  });
});

it('A node logs to the console alone', () => {
  const log = brokerFiles(settings(ZOOKEEPER))['log4j.properties'];
  expect(log.match(/^log4j\.appender\.\w+=.*$/gm)).toEqual(['log4j.appender.stdout=org.apache.log4j.ConsoleAppender']);
  expect(controllerFiles(settings(KRAFT))['log4j.properties']).toBe(log);
});
