import { Yaml } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { TEMPORAL_DATABASES, TEMPORAL_ROLES } from '../topology/temporal';
import { Quantity } from '../workload/quantity';
import { StoreConnection } from './temporal-store';

/** Where Temporal's pods have things. */
export const TEMPORAL_PATHS = {
  config: '/etc/temporal/wms',
  scripts: '/etc/temporal/wms-store',
  password: '/etc/temporal/wms-password',
} as const;

/** Where the roles serve their metrics. */
export const METRICS_PORT = { name: 'http-metrics', port: 9090 } as const;

/** How many connections each pod of Temporal keeps to each of its databases. */
export interface StoreConnections {
  /** To the database of workflows, task queues and namespaces. */
  readonly main: number;

  /** To the database that lists and searches workflows. */
  readonly visibility: number;
}

/** What the servers' configuration is made from; all roles have the same. */
export interface TemporalConfigProps {
  readonly historyShards: number;
  readonly store: StoreConnection;
  readonly connections: StoreConnections;
}

/**
 * The servers' configuration file. Passwords are read for each new connection, so that a changed one is taken over
 * without a restart.
 */
export function serverConfig({ historyShards, store, connections }: TemporalConfigProps): string {
  const database = (name: keyof typeof TEMPORAL_DATABASES) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName: TEMPORAL_DATABASES[name],
      connectAddr: `${store.host}:${store.port}`,
      connectProtocol: 'tcp',
      user: store.user,
      passwordCommand: { command: 'cat', args: [`${TEMPORAL_PATHS.password}/password`] },
      maxConns: connections[name],
      maxIdleConns: connections[name],
      maxConnLifetime: '1h',
      ...(store.caCertificate
        ? { tls: { enabled: true, caFile: CA_FILE, enableHostVerification: true, serverName: store.host } }
        : {}),
    },
  });
  const services = Object.entries(TEMPORAL_ROLES).map(([role, { grpcPort, membershipPort }]) => [
    role,
    { rpc: { grpcPort, membershipPort, bindOnIP: '0.0.0.0' } },
  ]);
  const config = {
    log: { stdout: true, level: 'info' },
    persistence: {
      numHistoryShards: historyShards,
      defaultStore: 'default',
      visibilityStore: 'visibility',
      datastores: { default: database('main'), visibility: database('visibility') },
    },
    global: {
      // Members find each other by the addresses that they write into the store.
      membership: { maxJoinDuration: '30s', broadcastAddress: '{{ env `POD_IP` }}' },
      pprof: { port: 0 },
      metrics: { prometheus: { timerType: 'histogram', listenAddress: `0.0.0.0:${METRICS_PORT.port}` } },
    },
    services: Object.fromEntries(services) as Record<string, unknown>,
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${TEMPORAL_ROLES.frontend.grpcPort}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    namespaceDefaults: { archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } } },
    dynamicConfigClient: { filepath: `${TEMPORAL_PATHS.config}/dynamic-config.yaml`, pollInterval: '60s' },
  };
  // The first line makes the server replace what stands in braces.
  return `# enable-template\n${Yaml.stringify(config)}`;
}

/** The name of the store's certificate beside the scripts. */
export const CA_NAME = 'store-ca.pem';
const CA_FILE = `${TEMPORAL_PATHS.scripts}/${CA_NAME}`;

/** A pod drains no longer than this in all, and then has as long again to end. */
export const DRAIN_SECONDS = 30;

/** What a history pod needs beside its caches, and how the rest of its limit is shared out. */
const HISTORY_LEAST = '192Mi';
const WORKFLOW_CACHE_PART = 0.25;
const EVENTS_CACHE_PART = 0.125;

/**
 * The dynamic configuration: shutdowns that lose no request, and caches within the history pods' memory limit.
 *
 * @throws where that limit is too small
 */
export function dynamicConfig(where: IConstruct, historyMemoryLimit: string): string {
  const limit = Quantity.parse(historyMemoryLimit, `${where.node.path} history.resources.memoryLimit`);
  if (limit.isBelow(Quantity.parse(HISTORY_LEAST, where.node.path))) {
    throw invalid(
      where,
      `history.resources.memoryLimit is ${historyMemoryLimit}, too small for its caches; allowed: at least ${HISTORY_LEAST}`,
    );
  }
  const bytes = (part: number) => limit.fraction(part).toMebibytes() * 1024 ** 2;
  const settings: Record<string, unknown> = {
    // First the pod says that it is not ready, then it waits for clients to have noticed, then it ends what is under way.
    'frontend.shutdownFailHealthCheckDuration': `${DRAIN_SECONDS / 3}s`,
    'frontend.shutdownDrainDuration': `${DRAIN_SECONDS / 2}s`,
    'history.shutdownDrainDuration': `${DRAIN_SECONDS / 3}s`,
    'matching.shutdownDrainDuration': `${DRAIN_SECONDS / 3}s`,
    'history.cacheSizeBasedLimit': true,
    'history.hostLevelCacheMaxSizeBytes': bytes(WORKFLOW_CACHE_PART),
    'history.enableHostLevelEventsCache': true,
    'history.eventsHostLevelCacheMaxSizeBytes': bytes(EVENTS_CACHE_PART),
  };
  return Yaml.stringify(
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, [{ value, constraints: {} }]])),
  );
}
