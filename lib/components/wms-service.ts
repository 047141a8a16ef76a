import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { addAdditivePolicy } from '../connections/additive-policies';
import { Box } from '../connections/box';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { ConnectOptions, IConnectable, Peer } from '../connections/peer';
import { PodsState } from '../connections/pods-state';
import { Credential } from '../secrets/credential';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { SHUTDOWN_SECONDS, STANDARD_RESOURCES } from '../topology/services';
import { Autoscaling } from '../workload/autoscaler';
import { Deployment } from '../workload/deployment';
import { checkCount, checkName, checkPort } from '../workload/names';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';
import { WmsPlatformBase } from '../wms-platform-base';
import { requestTopics } from './kafka-guest';
import { KafkaTopic } from './kafka-topic';
import { HTTP_PORT, METRICS_PATH, SERVICE_COMPONENT, serviceBox } from './service-box';
import { MONGODB_SECRET, ServiceConfiguration } from './service-configuration';
import { WmsServiceWorker, WmsServiceWorkerProps } from './wms-service-worker';

/** What can be set of a service, by its own team or over the topology's figures. */
export interface WmsServiceOptions {
  /**
   * How many pods it runs; with autoscaling, the fewest.
   *
   * @default - 2; 1 where the environment is sized for one machine
   */
  readonly replicas?: number;

  /**
   * When its number of pods grows and shrinks.
   *
   * @default - up to 10 pods, 70 % CPU, 80 % of the memory limit; none where the environment has no autoscaling
   */
  readonly autoscaling?: Autoscaling;

  /**
   * What each pod asks for and may use.
   *
   * @default - 100m to 500m CPU, 128Mi to 512Mi memory (the topology's row of nine of the ten services)
   */
  readonly resources?: Resources;

  /**
   * Settings of its own, as environment variables.
   *
   * @default - none
   */
  readonly settings?: { readonly [name: string]: string };

  /**
   * Settings of its own that are secret, as environment variables.
   *
   * @default - none
   */
  readonly secretSettings?: { readonly [name: string]: Credential };

  /**
   * Annotations of the Deployment.
   *
   * @default - none
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * Annotations of the pods.
   *
   * @default - Prometheus' (scrape, port, path)
   */
  readonly podAnnotations?: { readonly [name: string]: string };

  /**
   * The user id its image runs as.
   *
   * @default 1000
   */
  readonly user?: number;

  /**
   * How long a pod that is taken away still serves, so that every client has learnt of it, in seconds. The image must
   * have a `sleep` command; 0 needs none.
   *
   * @default 5
   */
  readonly drainSeconds?: number;

  /**
   * How long its code takes to end once it is told to, in seconds.
   *
   * @default 30
   */
  readonly shutdownSeconds?: number;
}

/** A service of the platform, or of a team that adds one to it. */
export interface WmsServiceProps extends WmsServiceOptions {
  /** Its image, with a fixed tag or a digest. */
  readonly image: string;

  /** The HTTP port on which it serves requests, `/health`, `/ready` and `/metrics`. */
  readonly port: number;

  /**
   * The name of its objects.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * Its database in MongoDB; needed where it connects to MongoDB.
   *
   * @default - none
   */
  readonly database?: string;

  /**
   * Topics of its own in Kafka, for a service beside `WmsPlatform.fromEnvironment`; needed where it publishes to other
   * topics than the platform's. It must connect to Kafka too.
   *
   * @default - none
   */
  readonly topics?: KafkaTopic[];

  /**
   * What it connects to. Each kind of endpoint becomes the variables that a service reads: `MONGODB_URI` and
   * `MONGODB_DATABASE`, `KAFKA_BROKERS`, `TEMPORAL_HOST` and `TEMPORAL_NAMESPACE`, `OTEL_EXPORTER_OTLP_ENDPOINT`, and
   * `<NAME>_SERVICE_URL` for another service.
   *
   * @default - nothing
   */
  readonly connectTo?: IConnectable[];

  /**
   * The variable that tells it its port: as `:8001` for `SERVER_ADDR`, as the bare number for any other.
   *
   * @default SERVER_ADDR
   */
  readonly portVariable?: string;
}

/** Where a service is that somebody else deploys. */
export interface WmsServiceAttributes {
  /** Its name. */
  readonly name: string;

  /** The port it serves HTTP on. */
  readonly port: number;

  /**
   * The namespace it runs in.
   *
   * @default wms-platform
   */
  readonly namespace?: string;
}

/**
 * A service: Deployment, Service, account, configuration, autoscaler, disruption budget, network policy and probes.
 *
 * Its chart's namespace is where it runs. What the other sides of its connections need in their namespaces, it brings in
 * files of their own where somebody else has deployed them.
 */
export class WmsService extends Construct implements IConnectable {
  /**
   * A service that another team deploys with this library.
   *
   * @param scope a construct below a platform, or beside `WmsPlatform.fromEnvironment`
   * @param id the construct's id; no object is made for it
   * @param attributes where it is
   */
  public static fromAttributes(scope: Construct, id: string, attributes: WmsServiceAttributes): IConnectable {
    const { name, port, namespace = 'wms-platform' } = attributes;
    const here = new Construct(scope, id);
    checkName(here, 'Service', name);
    checkName(here, 'Namespace', namespace);
    checkPort(here, port);
    return Box._fromTopology(here, serviceBox(name, namespace, port), {
      state: PodsState.IMPORTED,
      onConnection: addAdditivePolicy,
    });
  }

  /** Its pods. */
  public readonly deployment: Deployment;

  /** Where it serves HTTP. */
  public readonly http: Endpoint;

  private readonly configuration: ServiceConfiguration;
  /** @internal */
  public readonly _props: WmsServiceProps;

  private readonly platform: WmsPlatformBase;
  private topicsBrought = false;

  /** @throws on bad replicas, resources, names, ports or images, and without a platform around it */
  public constructor(scope: Construct, id: string, props: WmsServiceProps) {
    super(scope, id);
    this._props = props;
    this.platform = WmsPlatformBase.of(this);
    const name = checkName(this, 'Deployment', props.name ?? id);
    this.configuration = new ServiceConfiguration(this, 'configuration', {
      identity: { box: name, workload: name, component: SERVICE_COMPONENT },
      service: this,
      serviceName: name,
      database: props.database,
      settings: { ...this.standardSettings(name), ...props.settings },
      secretSettings: props.secretSettings ?? {},
    });
    this.deployment = this.createDeployment(name);
    this.http = this.deployment.addEndpoint(HTTP_PORT, EndpointKind.HTTP);
    this.deployment.addMetrics(this.http, METRICS_PATH);
    for (const target of props.connectTo ?? []) {
      this.connectTo(target);
    }
    this.node.addValidation({ validate: () => [...this.unusedDatabase(), ...this.unusedTopics()] });
  }

  /** Its main endpoint: `http`. */
  public get endpoint(): Peer {
    return this.http;
  }

  /** `host:port` of its HTTP API. */
  public get address(): string {
    return this.http.address;
  }

  /**
   * Declares that the service connects to something, and tells it the address in the variables that its code reads. A
   * connection whose address it need not be told is declared with `deployment.connectTo`.
   *
   * @param target what it connects to
   * @param options how it uses the connection
   */
  public connectTo(target: IConnectable, options: ConnectOptions = {}): void {
    this.deployment.connectTo(target, options);
    this.configuration.addPeer(target.endpoint);
    this.bringTopics(target.endpoint);
  }

  /**
   * Adds the service's Temporal worker: pods of the same image, with the same database user, that serve no port.
   *
   * @param props what differs from the service
   */
  public addWorker(props: WmsServiceWorkerProps = {}): WmsServiceWorker {
    return new WmsServiceWorker(this, 'worker', props);
  }

  private standardSettings(name: string): Record<string, string> {
    const { port, portVariable = 'SERVER_ADDR' } = this._props;
    return {
      SERVICE_NAME: name,
      [portVariable]: portVariable === 'SERVER_ADDR' ? `:${port}` : `${port}`,
      ENVIRONMENT: this.platform.environment.name,
      LOG_LEVEL: this.platform.environment.logLevel,
      LOG_FORMAT: 'json',
    };
  }

  private createDeployment(name: string): Deployment {
    const { _props: props, configuration } = this;
    const { sizing } = this.platform.environment;
    const drain = checkCount(this, 'drainSeconds', props.drainSeconds ?? 5);
    const shutdown = checkCount(this, 'shutdownSeconds', props.shutdownSeconds ?? SHUTDOWN_SECONDS, 1);
    return new Deployment(this, 'deployment', {
      name,
      component: SERVICE_COMPONENT,
      replicas: props.replicas ?? sizing.replicas(2),
      autoscaling: props.autoscaling ?? (sizing.autoscaling ? {} : undefined),
      user: props.user,
      priorityClassName: PRIORITY_CLASSES.application.name,
      annotations: props.annotations,
      podAnnotations: {
        ...prometheusAnnotations(props.port),
        ...props.podAnnotations,
        ...configuration.hashAnnotation,
      },
      terminationGracePeriod: Duration.seconds(drain + shutdown),
      containers: [
        {
          name: 'service',
          image: props.image,
          resources: props.resources ?? STANDARD_RESOURCES,
          ports: [{ name: HTTP_PORT, port: props.port }],
          env: configuration.env,
          envFrom: configuration.envFrom,
          startupProbe: httpProbe(HTTP_PORT, '/health', { periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 30 }),
          livenessProbe: httpProbe(HTTP_PORT, '/health', { periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }),
          readinessProbe: httpProbe(HTTP_PORT, '/ready', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 }),
          preStop: drain > 0 ? { exec: { command: ['sleep', `${drain}`] } } : undefined,
          volumeMounts: configuration.volumeMounts([{ name: 'tmp', mountPath: '/tmp' }]),
        },
      ],
      volumes: configuration.volumes([tmpVolume()]),
    });
  }

  private bringTopics(peer: Peer): void {
    const { topics = [] } = this._props;
    if (topics.length > 0 && !this.topicsBrought && peer instanceof Endpoint && peer.kind === EndpointKind.KAFKA) {
      this.topicsBrought = true;
      requestTopics(peer, { service: this.deployment.name, topics, client: this });
    }
  }

  private unusedTopics(): string[] {
    const { topics = [] } = this._props;
    return topics.length > 0 && !this.topicsBrought
      ? [`has topics but does not connect to Kafka; allowed: topics together with a connection to Kafka`]
      : [];
  }

  private unusedDatabase(): string[] {
    const { database } = this._props;
    return database && !this.node.tryFindChild(MONGODB_SECRET)
      ? [
          `has the database '${database}' but does not connect to MongoDB; ` +
            `allowed: a database together with a connection to MongoDB`,
        ]
      : [];
  }
}

/** For scrapers that find their targets by annotation. */
function prometheusAnnotations(port: number): Record<string, string> {
  return { 'prometheus.io/scrape': 'true', 'prometheus.io/port': `${port}`, 'prometheus.io/path': METRICS_PATH };
}
