import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { Endpoint } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { invalid } from '../errors';
import { layerWave } from '../gitops/sync-waves';
import { TEMPORAL_NAMESPACE } from '../topology/components';
import { TEMPORAL_ROLES, TemporalRoleName } from '../topology/temporal';
import { Deployment } from '../workload/deployment';
import { Job } from '../workload/job';
import { Identity } from '../workload/labels';
import { checkCount } from '../workload/names';
import { Resources } from '../workload/resources';
import { Workload } from '../workload/workload';
import { StoreConnections } from './temporal-config';
import { TemporalNamespaceJob } from './temporal-namespace-job';
import { TemporalRole } from './temporal-role';
import { TemporalSchema } from './temporal-schema';
import { StoreConnection } from './temporal-store';
import { TemporalStoreAccess } from './temporal-store-access';
import { TemporalUi } from './temporal-ui';

/** One of Temporal's four services. */
export interface TemporalServiceProps {
  /** The box of the topology it is. */
  readonly box: Box;

  /** How many pods it runs. */
  readonly replicas: number;

  /** What each of them asks for and may use. */
  readonly resources: Resources;
}

/** What Temporal is made from. */
export interface TemporalClusterProps {
  /** Answers clients. */
  readonly frontend: TemporalServiceProps;

  /** Keeps the state of workflows. */
  readonly history: TemporalServiceProps;

  /** Hands tasks to workers. */
  readonly matching: TemporalServiceProps;

  /** Runs Temporal's own workflows. */
  readonly worker: TemporalServiceProps;

  /** What the web interface asks for and may use. */
  readonly uiResources: Resources;

  /** Where the data is. */
  readonly store: StoreConnection;

  /** How many connections each pod keeps to each database. */
  readonly connections: StoreConnections;

  /** Into how many shards the history of workflows is divided, for as long as the store lives. */
  readonly historyShards: number;

  /** How long a workflow that has ended can be looked at. */
  readonly retention: Duration;
}

/** How many pods a rollout adds to each service's. */
const SURGE = 1;

/** How many connections to its store a cluster opens at the most: in the middle of a rollout. */
export function mostStoreConnections(replicas: readonly number[], connections: StoreConnections): number {
  const pods = replicas.reduce((sum, n) => sum + n + SURGE, 0);
  return pods * (connections.main + connections.visibility);
}

/** Vendor's advice: a few thousand shards serve the largest clusters; each costs memory and requests to the store. */
const MOST_SHARDS = 16384;

/**
 * Temporal's four services, the jobs that make its schema and register its namespace, and its web interface.
 *
 * The jobs are in sync waves of their own: schema, then servers, then namespace. Where nothing keeps that order, servers
 * wait for the schema, and the namespace for the frontend.
 */
export class TemporalCluster extends Construct implements IConnectable {
  /** Answers clients. */
  public readonly frontend: Deployment;

  /** Keeps the state of workflows. */
  public readonly history: Deployment;

  /** Hands tasks to workers. */
  public readonly matching: Deployment;

  /** Runs Temporal's own workflows. */
  public readonly worker: Deployment;

  /** The web interface. */
  public readonly ui: Deployment;

  /** Makes the schema. */
  public readonly schemaJob: Job;

  /** Registers the namespace of the services' workflows. */
  public readonly namespaceJob: Job;

  /** Where clients connect to. */
  public readonly client: Endpoint;

  /** Where the web interface is. */
  public readonly uiHttp: Endpoint;

  /**
   * @throws on fewer history shards than 1 or more than 16384, services or connections below 1, bad resources, and a memory
   * limit too small for history's caches
   */
  public constructor(scope: Construct, id: string, props: TemporalClusterProps) {
    super(scope, id);
    const { store, connections, retention } = props;
    const wave = layerWave(props.frontend.box.pods.namespace);
    checkCount(this, 'connections.main', connections.main, 1);
    checkCount(this, 'connections.visibility', connections.visibility, 1);
    const access = new TemporalStoreAccess(this, 'store', {
      identity: this.identity('temporal', 'configuration'),
      store,
      historyShards: this.checkShards(props.historyShards),
      connections,
      historyMemoryLimit: props.history.resources.memoryLimit,
    });
    this.schemaJob = new TemporalSchema(this, 'schema', {
      identity: this.identity('temporal-schema', 'schema'),
      access,
      syncWave: wave + 1,
    });
    const make = (role: TemporalRoleName) =>
      new TemporalRole(this, role, {
        role,
        box: props[role].box,
        replicas: checkCount(this, `${role}.replicas`, props[role].replicas, 1),
        resources: props[role].resources,
        access,
        syncWave: wave + 2,
      });
    const roles = {
      frontend: make('frontend'),
      history: make('history'),
      matching: make('matching'),
      worker: make('worker'),
    };
    connectRoles(roles);
    this.frontend = roles.frontend;
    this.history = roles.history;
    this.matching = roles.matching;
    this.worker = roles.worker;
    this.client = roles.frontend.grpc;
    this.namespaceJob = new TemporalNamespaceJob(this, 'namespace', {
      identity: this.identity('temporal-namespace', 'namespace'),
      frontend: this.client,
      temporalNamespace: TEMPORAL_NAMESPACE,
      retention,
      syncWave: wave + 3,
    });
    const ui = new TemporalUi(this, 'ui', {
      identity: this.identity('temporal-ui', 'user-interface'),
      frontend: this.client,
      resources: props.uiResources,
      syncWave: wave + 3,
    });
    this.ui = ui;
    this.uiHttp = ui.http;
  }

  /** Its main endpoint: `client`. */
  public get endpoint(): Peer {
    return this.client;
  }

  /** What connects to its store. @internal */
  public get _storeClients(): Workload[] {
    return [this.frontend, this.history, this.matching, this.worker, this.schemaJob];
  }

  private identity(workload: string, component: string): Identity {
    return { box: 'temporal', workload, component };
  }

  private checkShards(shards: number): number {
    checkCount(this, 'historyShards', shards, 1);
    if (shards > MOST_SHARDS) {
      throw invalid(this, `historyShards is ${shards}; allowed: at most ${MOST_SHARDS}`);
    }
    return shards;
  }
}

/**
 * Every member gossips with every other, and calls frontend, history and matching; the worker is called by nobody. Members
 * of one service call each other too: history and matching forward what another one owns.
 */
function connectRoles(roles: Record<TemporalRoleName, TemporalRole>): void {
  const names = Object.keys(TEMPORAL_ROLES) as TemporalRoleName[];
  for (const from of names) {
    for (const to of names) {
      const endpoints = to === 'worker' ? [roles[to].membership] : [roles[to].membership, roles[to].grpc];
      for (const endpoint of endpoints) {
        if (from === to) {
          roles[from].connectToPeers(endpoint);
        } else {
          roles[from].connectTo(endpoint);
        }
      }
    }
  }
}
