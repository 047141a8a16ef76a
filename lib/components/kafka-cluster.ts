import { createHash } from 'crypto';
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { serviceHost } from '../connections/hosts';
import { IConnectable, Peer } from '../connections/peer';
import { invalid, oneOf } from '../errors';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { REPLICATION, TOPICS } from '../topology/topics';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { Identity } from '../workload/labels';
import { checkCount } from '../workload/names';
import { execProbe, tcpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { StatefulSet } from '../workload/stateful-set';
import { HeapRule } from './jvm-heap';
import { brokerFiles, controllerFiles, KAFKA_CONFIG, KAFKA_PORTS, KafkaSettings } from './kafka-config';
import { KafkaControllers } from './kafka-controllers';
import { KafkaExporter } from './kafka-exporter';
import { KafkaMode } from './kafka-mode';
import { kafkaNode } from './kafka-node';
import {
  checkReplication,
  KafkaClusterFigures,
  KafkaTopicOptions,
  ResolvedTopic,
  resolvePlatformTopic,
  resolveTopic,
} from './kafka-topic';
import { KafkaTopics } from './kafka-topics';
import { planVolume, VolumePlan } from './kafka-volume';
import { memberEndpoint } from './member-endpoint';
import { MemberSetOptions, MemberSetProps } from './member-set';

/** What a Kafka cluster is, whatever it runs on. */
export interface KafkaFigures {
  /**
   * Where it keeps its metadata.
   *
   * @default KafkaMode.zookeeper()
   */
  readonly mode?: KafkaMode;

  /**
   * How many brokers keep each record.
   *
   * @default - 3 (the topology's figure); 1 where there is one broker
   */
  readonly replicationFactor?: number;

  /**
   * How many of them must have a record before it is acknowledged.
   *
   * @default - 2; no more than the replication factor
   */
  readonly minInSyncReplicas?: number;

  /**
   * What differs from the topology's figures for its topics, as `{ 'wms.orders.events': { partitions: 6 } }`.
   *
   * @default - nothing
   */
  readonly topics?: { readonly [name: string]: KafkaTopicOptions };
}

/** What differs from the topology's figures for the Kafka cluster. */
export interface KafkaOptions extends MemberSetOptions, KafkaFigures {
  /**
   * What differs for its controllers, where it has some of their own.
   *
   * @default - as many as the topology has ZooKeeper nodes, with volumes of that size
   */
  readonly controllers?: MemberSetOptions;
}

/** A Kafka cluster. */
export interface KafkaClusterProps extends MemberSetProps, KafkaFigures {
  /**
   * `host:port` of each member of the ZooKeeper ensemble.
   *
   * @default - none, in KRaft mode
   */
  readonly zookeeper?: string[];

  /** The figures of its controllers, where it has some of their own. */
  readonly controllers: MemberSetProps;

  /** What the job asks for and may use that makes its topics. */
  readonly topicsResources: Resources;

  /** What its exporter asks for and may use. */
  readonly exporterResources: Resources;

  /** How many topics of guests its volumes have room for. */
  readonly guestTopics: number;
}

/** Most of a broker's memory is the page cache that it serves consumers from. */
const HEAP: HeapRule = { part: 0.4, least: '640Mi' };

/** How long a broker that serves again is watched before the next is replaced: until its replicas are in sync again. */
const MIN_READY_SECONDS = 60;

/** Kafka: brokers, the controllers that they may have instead of ZooKeeper, topics, and an exporter. */
export class KafkaCluster extends Construct implements IConnectable {
  /** The brokers. */
  public readonly statefulSet: StatefulSet;

  /** The controllers, where there are some of their own. */
  public readonly controllers?: StatefulSet;

  /** Where clients begin, whatever brokers there are. */
  public readonly client: Endpoint;

  /** @internal */
  public readonly _topics: KafkaTopics;

  /** @internal */
  public readonly _exporter: KafkaExporter;

  private readonly identity: Identity;
  private readonly figures: KafkaClusterFigures;
  private readonly mode: KafkaMode;
  private readonly combined: boolean;

  /**
   * @throws on zero brokers, a replication factor above them, a minimum of replicas above that, topics that there are not
   * or with fewer partitions than the topology's, a volume too small for its topics, bad resources, and a memory limit
   * below 640Mi
   */
  public constructor(scope: Construct, id: string, props: KafkaClusterProps) {
    super(scope, id);
    const { box, storage, topicsResources, exporterResources } = props;
    this.identity = box.pods._identity;
    this.mode = props.mode ?? KafkaMode.zookeeper();
    this.figures = this.checkFigures(props);
    this.combined = this.isCombined();
    const topics = this.resolveTopics(props.topics ?? {});
    const plan = planVolume(this, {
      storage,
      brokers: this.figures.brokers,
      topics,
      guestTopics: props.guestTopics,
      guestTopic: resolveTopic(this, { name: 'guest' }, this.figures),
    });
    const controllers = this.createControllers(props);
    const config = new ConfigMap(this, 'config', { name: this.identity.workload, identity: this.identity });
    this.statefulSet = this.createBrokers(props, config);
    this.controllers = controllers?.statefulSet;

    const settings = this.settings(plan, props.zookeeper ?? []);
    Object.entries(brokerFiles(settings)).forEach(([name, text]) => config.add(name, text));
    controllers?.addFiles(controllerFiles(settings));

    this.client = this.statefulSet.serve(box.endpointNamed('tcp-client'));
    this.statefulSet.connectToPeers(
      memberEndpoint(this.statefulSet, 'tcp-internal', KAFKA_PORTS['tcp-internal'], EndpointKind.KAFKA),
    );
    if (controllers) {
      this.connectToControllers(controllers);
    }
    const part = (workload: string, component: string) => ({ box: this.identity.box, workload, component });
    this._topics = new KafkaTopics(this, 'topics', {
      identity: part('kafka-topics', 'topics'),
      topics,
      shareOf: (name) => plan.shares.get(name)!,
      kafka: this.client,
      resources: topicsResources,
    });
    this._exporter = new KafkaExporter(this, 'exporter', {
      name: 'kafka-exporter',
      box: this.identity.box,
      kafka: this.client,
      resources: exporterResources,
    });
  }

  /** Its main endpoint: `client`. */
  public get endpoint(): Peer {
    return this.client;
  }

  /** The nodes that use ZooKeeper. */
  public get zookeeperClients(): StatefulSet[] {
    const { brokers, controllers } = this.mode._steps;
    return [
      ...(brokers === 'kraft' ? [] : [this.statefulSet]),
      ...(controllers === 'migrating' ? [this.controllers!] : []),
    ];
  }

  /** How many replicas of a partition must be in sync for a producer to be served. @internal */
  public get _minInSyncReplicas(): number {
    return this.figures.minInSyncReplicas;
  }

  private checkFigures({ members, replicationFactor, minInSyncReplicas }: KafkaClusterProps): KafkaClusterFigures {
    const brokers = checkCount(this, 'members', members, 1);
    const replication = replicationFactor ?? (brokers === 1 ? 1 : REPLICATION.replicationFactor);
    const figures = {
      brokers,
      replicationFactor: checkCount(this, 'replicationFactor', replication, 1),
      minInSyncReplicas: checkCount(
        this,
        'minInSyncReplicas',
        minInSyncReplicas ?? Math.min(REPLICATION.minInSyncReplicas, replication),
        1,
      ),
    };
    checkReplication(this, 'cluster', figures);
    return figures;
  }

  private isCombined(): boolean {
    const { controllers, combined } = this.mode._steps;
    if (combined && this.figures.brokers > 1) {
      throw invalid(
        this,
        `its mode is combined with a number of brokers of ${this.figures.brokers}; allowed: one, and otherwise ` +
          `controllers of their own`,
      );
    }
    return controllers === 'kraft' && (combined ?? this.figures.brokers === 1);
  }

  private resolveTopics(overrides: { readonly [name: string]: KafkaTopicOptions }): ResolvedTopic[] {
    const unknown = Object.keys(overrides).find((name) => !TOPICS.some((topic) => topic.name === name));
    if (unknown !== undefined) {
      throw invalid(this, `there is no topic '${unknown}' to override; ${oneOf(TOPICS.map(({ name }) => name))}`);
    }
    return TOPICS.map((topic) => resolvePlatformTopic(this, topic, overrides[topic.name] ?? {}, this.figures));
  }

  private createControllers({ controllers }: KafkaClusterProps): KafkaControllers | undefined {
    return this.mode._steps.controllers && !this.combined
      ? new KafkaControllers(this, 'controllers', {
          ...controllers,
          name: `${this.identity.workload}-controller`,
        })
      : undefined;
  }

  private createBrokers(props: KafkaClusterProps, config: ConfigMap): StatefulSet {
    const { workload, box, component } = this.identity;
    const ports = Object.entries(KAFKA_PORTS).map(([name, port]) => ({ name, port }));
    return new StatefulSet(this, 'stateful-set', {
      pods: props.box.pods,
      name: workload,
      box,
      component,
      replicas: this.figures.brokers,
      minReadySeconds: this.figures.brokers > 1 ? MIN_READY_SECONDS : undefined,
      priorityClassName: PRIORITY_CLASSES.data.name,
      // It hands its partitions' leadership over before it ends.
      terminationGracePeriod: Duration.seconds(180),
      volumeClaims: [{ name: 'data', size: props.storage, storageClassName: props.storageClassName }],
      ...kafkaNode(this, config, {
        name: workload,
        resources: props.resources,
        heap: HEAP,
        ports: ports.filter(({ name }) => name !== 'tcp-controller' || this.combined),
        // After a crash it reads its logs before it listens.
        startupProbe: tcpProbe('tcp-client', { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 360 }),
        livenessProbe: tcpProbe('tcp-client', { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 }),
        readinessProbe: execProbe(['bash', `${KAFKA_CONFIG}/ready.sh`], {
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 2,
        }),
      }),
    });
  }

  private settings(plan: VolumePlan, zookeeper: readonly string[]): KafkaSettings {
    const { _steps: steps } = this.mode;
    const { clusterDomain, environmentName } = clusterContext(this);
    const { headlessServiceName, namespace, hosts } = this.statefulSet;
    if (this.zookeeperClients.length > 0 && zookeeper.length === 0) {
      throw invalid(this, `must provide zookeeper, as its mode is ${this.mode.name}`);
    }
    return {
      ...this.figures,
      steps,
      plan,
      combined: this.combined,
      zookeeper,
      controllerHosts: this.controllers?.hosts ?? hosts,
      headlessHost: serviceHost(headlessServiceName, namespace, clusterDomain),
      clusterId: steps.clusterId ?? clusterIdOf(`${environmentName}/${this.identity.workload}`),
    };
  }

  private connectToControllers({ statefulSet, controller }: KafkaControllers): void {
    this.statefulSet.connectTo(controller);
    if (this.mode._steps.controllers === 'migrating') {
      // They tell brokers that are still in ZooKeeper mode what they decide.
      const port = KAFKA_PORTS['tcp-internal'];
      statefulSet.connectTo(memberEndpoint(this.statefulSet, 'tcp-internal', port, EndpointKind.KAFKA));
    }
  }
}

/** An ID that is the same for each synthesis of one environment, and another for each environment. */
function clusterIdOf(name: string): string {
  const id = createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url');
  // Kafka's tools would take a leading hyphen for an option.
  return id.replace(/^-/, 'A');
}
