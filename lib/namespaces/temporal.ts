import { App, Duration } from 'cdk8s';
import { memberSet } from '../components/member-set';
import { PostgreSql, PostgreSqlOptions } from '../components/postgresql';
import { mostStoreConnections, TemporalCluster } from '../components/temporal-cluster';
import { StoreConnections } from '../components/temporal-config';
import { TemporalStore } from '../components/temporal-store';
import { Box } from '../connections/box';
import { IConnectable } from '../connections/peer';
import type { Environment } from '../environment';
import { invalid } from '../errors';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { COMPONENTS } from '../topology/components';
import { NAMESPACES } from '../topology/namespaces';
import {
  HISTORY_SHARDS,
  STORE_CONNECTIONS,
  TEMPORAL_ROLES,
  TemporalRoleName,
  WORKFLOW_RETENTION_DAYS,
} from '../topology/temporal';
import { Resources } from '../workload/resources';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What differs from the platform's figures for one of Temporal's services. */
export interface TemporalServiceOptions {
  /**
   * How many pods it runs.
   *
   * @default - frontend, matching and worker 2, history 3; 1 where the environment is sized for one machine
   */
  readonly replicas?: number;

  /**
   * What each pod asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** What differs from the platform's figures for Temporal. */
export interface TemporalOptions {
  /**
   * Where its data is.
   *
   * @default - the platform's own PostgreSQL
   */
  readonly store?: TemporalStore;

  /**
   * Into how many shards the history of workflows is divided. It cannot be changed once the store is in use: Jobs and
   * servers refuse another number than the store has.
   *
   * @default 512; 4 where the environment is sized for one machine
   */
  readonly historyShards?: number;

  /**
   * How many connections each pod keeps to each database.
   *
   * @default - 10 and 5; 5 and 2 where the environment is sized for one machine
   */
  readonly connections?: StoreConnections;

  /**
   * How long a workflow that has ended can be looked at.
   *
   * @default Duration.days(7)
   */
  readonly retention?: Duration;

  /**
   * What differs for the service that answers clients.
   *
   * @default - nothing
   */
  readonly frontend?: TemporalServiceOptions;

  /**
   * What differs for the service that keeps the state of workflows.
   *
   * @default - nothing
   */
  readonly history?: TemporalServiceOptions;

  /**
   * What differs for the service that hands tasks to workers.
   *
   * @default - nothing
   */
  readonly matching?: TemporalServiceOptions;

  /**
   * What differs for the service that runs Temporal's own workflows.
   *
   * @default - nothing
   */
  readonly worker?: TemporalServiceOptions;
}

/** What the workflow layer is built with. */
export interface TemporalNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<
    Record<keyof typeof BOXES, Box>,
    'temporalFrontend' | 'temporalHistory' | 'temporalMatching' | 'temporalWorker' | 'postgresql'
  >;
  readonly temporal?: TemporalOptions;
  readonly postgresql?: PostgreSqlOptions;
}

/** The workflow layer: Temporal and its store. */
export class TemporalNamespace extends PlatformNamespace {
  public readonly temporal: TemporalCluster;
  /** None where Temporal's store is elsewhere. */
  public readonly postgresql?: PostgreSql;
  public readonly historyShards: number;
  /** What Temporal's services connect to. */
  public readonly store: IConnectable;

  public constructor(app: App, props: TemporalNamespaceProps) {
    super(app, NAMESPACES.temporal, props);
    const { environment, boxes, temporal: options = {}, postgresql: postgresqlOptions } = props;
    const { sizing } = environment;
    const service = (role: TemporalRoleName, box: Box) => ({
      box,
      replicas: options[role]?.replicas ?? sizing.replicas(TEMPORAL_ROLES[role].replicas),
      resources: options[role]?.resources ?? sizing._resources(COMPONENT_RESOURCES[`temporal-${role}`]),
    });
    const services = {
      frontend: service('frontend', boxes.temporalFrontend),
      history: service('history', boxes.temporalHistory),
      matching: service('matching', boxes.temporalMatching),
      worker: service('worker', boxes.temporalWorker),
    };
    const connections = options.connections ?? sizing._figure<StoreConnections>(STORE_CONNECTIONS);
    if (options.store && postgresqlOptions) {
      throw invalid(this, `postgresql is given together with temporal.store; allowed: one of them`);
    }
    if (!options.store) {
      const set = memberSet(
        environment,
        boxes.postgresql,
        COMPONENTS.postgresql,
        COMPONENT_RESOURCES.postgresql,
        postgresqlOptions,
      );
      const replicas = Object.values(services).map((s) => s.replicas);
      const clientConnections = mostStoreConnections(replicas, connections);
      this.postgresql = new PostgreSql(this, 'postgresql', { ...set, clientConnections });
    }
    this.store = options.store?._endpoint ?? this.postgresql!;
    this.historyShards = options.historyShards ?? sizing._figure<number>(HISTORY_SHARDS);
    this.temporal = new TemporalCluster(this, 'temporal', {
      ...services,
      uiResources: sizing._resources(COMPONENT_RESOURCES['temporal-ui']),
      store: options.store?._connection ?? this.postgresql!._connection,
      connections,
      historyShards: this.historyShards,
      retention: options.retention ?? Duration.days(WORKFLOW_RETENTION_DAYS),
    });
  }
}
