import { lines } from '../workload/text';

/** Ports of an ensemble's members. */
export const ZOOKEEPER_PORTS = {
  'tcp-client': 2181,
  'tcp-follower': 2888,
  'tcp-election': 3888,
  'http-metrics': 7000,
} as const;

/** Where the files of an ensemble's ConfigMap are mounted; the image's own place for them. */
export const ZOOKEEPER_CONF = '/conf';

/** Where an ensemble's members keep their data. */
export const ZOOKEEPER_DATA = '/data';

/** The files of an ensemble whose members have these DNS names, in their order. */
export function zookeeperFiles(hosts: readonly string[]): Record<string, string> {
  return { 'zoo.cfg': zooCfg(hosts), 'logback.xml': LOGBACK, 'start.sh': START, 'ready.sh': READY };
}

function zooCfg(hosts: readonly string[]): string {
  const port = ZOOKEEPER_PORTS;
  const server = (host: string, i: number) =>
    `server.${i + 1}=${host}:${port['tcp-follower']}:${port['tcp-election']};${port['tcp-client']}`;
  return lines([
    `dataDir=${ZOOKEEPER_DATA}`,
    `dataLogDir=${ZOOKEEPER_DATA}/log`,
    'tickTime=2000',
    'initLimit=10',
    'syncLimit=5',
    // One member is an ensemble of one, and not a server of another kind: its settings are the same.
    'standaloneEnabled=false',
    // A member's own name does not resolve until its pod is known to DNS.
    'quorumListenOnAllIPs=true',
    'autopurge.snapRetainCount=3',
    'autopurge.purgeInterval=1',
    // The admin server answers everybody.
    'admin.enableServer=false',
    '4lw.commands.whitelist=srvr',
    'metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider',
    `metricsProvider.httpPort=${port['http-metrics']}`,
    ...hosts.map(server),
  ]);
}

const LOGBACK = lines([
  '<configuration>',
  '  <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">',
  '    <encoder>',
  '      <pattern>%d{ISO8601} [myid:%X{myid}] %-5p [%t:%C{1}@%L] %m%n</pattern>',
  '    </encoder>',
  '  </appender>',
  '  <root level="INFO">',
  '    <appender-ref ref="CONSOLE" />',
  '  </root>',
  '</configuration>',
]);

/** A member's number is its pod's, counted from 1. */
const START = lines([
  'set -eu',
  `echo $((\${POD_NAME##*-} + 1)) >${ZOOKEEPER_DATA}/myid`,
  'exec zkServer.sh start-foreground',
]);

/** A member without quorum accepts connections too; it has a mode only where it serves. */
const READY = lines([
  'set -eu',
  `exec 3<>/dev/tcp/127.0.0.1/${ZOOKEEPER_PORTS['tcp-client']}`,
  'echo srvr >&3',
  "grep -q '^Mode: ' <&3",
]);
