import { Duration } from 'cdk8s';
import { RETENTION_DAYS } from '../topology/retention';
import { lines } from '../workload/text';
import { KafkaModeSteps } from './kafka-mode';
import { KafkaClusterFigures } from './kafka-topic';
import { VolumePlan } from './kafka-volume';

/** Ports of a cluster's nodes: clients, brokers among each other, and controllers. */
export const KAFKA_PORTS = { 'tcp-client': 9092, 'tcp-controller': 9093, 'tcp-internal': 9094 } as const;

/** Where the files of a node's ConfigMap are mounted. */
export const KAFKA_CONFIG = '/config';

/** Where a node keeps its data. */
export const KAFKA_DATA = '/var/lib/kafka/data';

/** A directory below the volume's root, where some file systems keep one of their own that is no partition. */
const LOGS = `${KAFKA_DATA}/logs`;

/** Where a node's settings are completed with what it knows only once it runs. */
const SETTINGS = '/tmp/server.properties';

/** Segments are closed daily, so that records leave at most a day after their retention. */
const ROLL = Duration.days(1);

/** How the nodes of a cluster are numbered: brokers from 1 as the topology draws them, controllers apart from them. */
export const FIRST_BROKER = 1;
export const FIRST_CONTROLLER = 101;

/** What the settings of all nodes of a cluster are made from. */
export interface KafkaSettings extends KafkaClusterFigures {
  readonly steps: KafkaModeSteps;
  readonly plan: VolumePlan;
  /** Whether the broker is the controller too. */
  readonly combined: boolean;
  /** `host:port` of each member of the ensemble. */
  readonly zookeeper: readonly string[];
  /** The DNS names of the nodes that are controllers, in their order. */
  readonly controllerHosts: readonly string[];
  /** The DNS suffix of the brokers' names. */
  readonly headlessHost: string;
  readonly clusterId?: string;
}

/** The files of a broker. */
export function brokerFiles(settings: KafkaSettings): Record<string, string> {
  return {
    'server.properties': properties(brokerProperties(settings)),
    'log4j.properties': LOG4J,
    'start.sh': brokerStart(settings),
    'ready.sh': READY,
  };
}

/** The files of a controller. */
export function controllerFiles(settings: KafkaSettings): Record<string, string> {
  return {
    'server.properties': properties(controllerProperties(settings)),
    'log4j.properties': LOG4J,
    'start.sh': controllerStart(settings),
  };
}

type Properties = Record<string, string | number | boolean | undefined>;

function brokerProperties(settings: KafkaSettings): Properties {
  const { steps, plan, combined, brokers, replicationFactor, minInSyncReplicas } = settings;
  const listeners = [`CLIENT://:${KAFKA_PORTS['tcp-client']}`, `INTERNAL://:${KAFKA_PORTS['tcp-internal']}`];
  return {
    'broker.id.generation.enable': steps.brokers === 'kraft' ? undefined : false,
    'process.roles': steps.brokers === 'kraft' ? (combined ? 'broker,controller' : 'broker') : undefined,
    listeners: [...listeners, ...(combined ? [`CONTROLLER://:${KAFKA_PORTS['tcp-controller']}`] : [])].join(),
    ...listenerProperties(),
    ...zookeeperProperties(steps.brokers, settings),
    ...(steps.brokers === 'zookeeper' ? {} : quorumProperties(settings)),
    'log.dirs': LOGS,
    'num.recovery.threads.per.data.dir': 2,
    'auto.create.topics.enable': false,
    'unclean.leader.election.enable': false,
    'default.replication.factor': replicationFactor,
    'min.insync.replicas': minInSyncReplicas,
    'num.partitions': 3,
    'log.retention.ms': Duration.days(RETENTION_DAYS.events).toMilliseconds(),
    'log.retention.bytes': plan.standard.retentionBytes,
    'log.segment.bytes': plan.standard.segmentBytes,
    'log.roll.ms': ROLL.toMilliseconds(),
    'offsets.topic.num.partitions': plan.internalPartitions,
    'offsets.topic.replication.factor': replicationFactor,
    'offsets.topic.segment.bytes': plan.internalSegmentBytes,
    'transaction.state.log.num.partitions': plan.internalPartitions,
    'transaction.state.log.replication.factor': replicationFactor,
    'transaction.state.log.min.isr': minInSyncReplicas,
    'transaction.state.log.segment.bytes': plan.internalSegmentBytes,
    // A group of one machine's tests need not wait for members that never come.
    'group.initial.rebalance.delay.ms': brokers > 1 ? undefined : 0,
    ...metadataProperties(steps),
  };
}

function controllerProperties(settings: KafkaSettings): Properties {
  const { steps, replicationFactor, minInSyncReplicas } = settings;
  return {
    'process.roles': 'controller',
    listeners: `CONTROLLER://:${KAFKA_PORTS['tcp-controller']}`,
    ...listenerProperties(),
    ...zookeeperProperties(steps.controllers!, settings),
    ...quorumProperties(settings),
    'log.dirs': LOGS,
    // In KRaft mode the controllers apply these to topics that are made without figures of their own.
    'default.replication.factor': replicationFactor,
    'min.insync.replicas': minInSyncReplicas,
    'num.partitions': 3,
    'unclean.leader.election.enable': false,
    ...metadataProperties(steps),
  };
}

function listenerProperties(): Properties {
  return {
    'inter.broker.listener.name': 'INTERNAL',
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
  };
}

function zookeeperProperties(node: KafkaModeSteps['brokers'], { zookeeper }: KafkaSettings): Properties {
  return node === 'kraft'
    ? {}
    : {
        'zookeeper.connect': `${zookeeper.join()}/kafka`,
        'zookeeper.metadata.migration.enable': node === 'migrating' ? true : undefined,
      };
}

function quorumProperties({ combined, controllerHosts }: KafkaSettings): Properties {
  const first = combined ? FIRST_BROKER : FIRST_CONTROLLER;
  const voters = controllerHosts.map((host, i) => `${first + i}@${host}:${KAFKA_PORTS['tcp-controller']}`);
  return { 'controller.listener.names': 'CONTROLLER', 'controller.quorum.voters': voters.join() };
}

/** A log of metadata that is small beside the smallest volume. */
function metadataProperties({ controllers }: KafkaModeSteps): Properties {
  return controllers ? { 'metadata.log.segment.bytes': 8 * 2 ** 20, 'metadata.max.retention.bytes': 16 * 2 ** 20 } : {};
}

function brokerStart({ steps, headlessHost, clusterId }: KafkaSettings): string {
  const advertised = ['CLIENT', 'INTERNAL'].map((name) => {
    const port = name === 'CLIENT' ? KAFKA_PORTS['tcp-client'] : KAFKA_PORTS['tcp-internal'];
    return `${name}://$POD_NAME.${headlessHost}:${port}`;
  });
  return lines([
    'set -eu',
    `id=$((\${POD_NAME##*-} + ${FIRST_BROKER}))`,
    '{',
    `  cat ${KAFKA_CONFIG}/server.properties`,
    steps.brokers === 'kraft' ? '  echo "node.id=$id"' : '  echo "broker.id=$id"',
    `  echo "advertised.listeners=${advertised.join()}"`,
    // The API server copies the node's zone to its pods from Kubernetes 1.35 on; before, a rack is unknown.
    '  if [ -n "${ZONE:-}" ]; then echo "broker.rack=$ZONE"; fi',
    `} >${SETTINGS}`,
    ...(steps.brokers === 'kraft' ? formatStorage(clusterId!) : []),
    `exec /opt/kafka/bin/kafka-server-start.sh ${SETTINGS}`,
  ]);
}

function controllerStart({ clusterId }: KafkaSettings): string {
  return lines([
    'set -eu',
    `id=$((\${POD_NAME##*-} + ${FIRST_CONTROLLER}))`,
    '{',
    `  cat ${KAFKA_CONFIG}/server.properties`,
    '  echo "node.id=$id"',
    `} >${SETTINGS}`,
    ...formatStorage(clusterId!),
    `exec /opt/kafka/bin/kafka-server-start.sh ${SETTINGS}`,
  ]);
}

/** An empty volume is made a part of the cluster; one of another cluster is left alone. */
function formatStorage(clusterId: string): string[] {
  const written = `${LOGS}/meta.properties`;
  return [
    `if [ ! -e ${written} ]; then`,
    `  /opt/kafka/bin/kafka-storage.sh format --cluster-id=${clusterId} --config=${SETTINGS} --ignore-formatted`,
    `elif ! grep -q '^cluster\\.id=${clusterId}$' ${written}; then`,
    `  echo "the volume belongs to another cluster: $(grep '^cluster\\.id=' ${written}), not ${clusterId}" >&2`,
    '  exit 1',
    'fi',
  ];
}

/** Asks the broker for the cluster's brokers: it is ready where it is among them. A bare connection would tell less. */
const READY = lines([
  'set -eu',
  `exec 3<>/dev/tcp/127.0.0.1/${KAFKA_PORTS['tcp-client']}`,
  // Length 16, Metadata (3), version 1, correlation 1, client ID 'rd', no topics.
  "printf '\\0\\0\\0\\020\\0\\3\\0\\1\\0\\0\\0\\1\\0\\2rd\\0\\0\\0\\0' >&3",
  // BusyBox ends a line at the first null.
  "dd bs=65536 count=1 <&3 2>/dev/null | tr '\\000' '\\n' | grep -aqF \"$POD_NAME.\"",
]);

const LOG4J = lines([
  'log4j.rootLogger=INFO, stdout',
  'log4j.appender.stdout=org.apache.log4j.ConsoleAppender',
  'log4j.appender.stdout.layout=org.apache.log4j.PatternLayout',
  'log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n',
  'log4j.logger.kafka.request.logger=WARN',
]);

function properties(all: Properties): string {
  return lines(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])));
}
