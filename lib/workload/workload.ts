import { Chart, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { connectPeers, connectionKey } from '../connections/connection';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { serviceHost } from '../connections/hosts';
import { workloadPolicySpec } from '../connections/network-policy';
import { ConnectOptions, IConnectable } from '../connections/peer';
import { Pods } from '../connections/pods';
import { PodsState } from '../connections/pods-state';
import { invalid, oneOf } from '../errors';
import { objectMetadata } from '../gitops/metadata';
import { layerWave, SYNC_WAVES } from '../gitops/sync-waves';
import { MeshMember } from '../mesh/mesh-member';
import { disruptionBudget, Scale } from './availability';
import { ContainerProps } from './container';
import { clusterContext } from './cluster-context';
import { Footprint } from './footprint';
import { Identity, selectorLabels, workloadLabels } from './labels';
import { checkName } from './names';
import { hardenedPod, PodProps } from './pod';
import { Quantity } from './quantity';
import { mapResources, ParsedResources, parseResources } from './resources';
import { Service } from './service';

/** What every workload takes, whatever kind of object runs its pods. */
export interface WorkloadProps extends PodProps {
  /** Its role in the architecture, as `api`, `worker` or `database`; the `app.kubernetes.io/component` label. */
  readonly component: string;

  /**
   * The name of its objects.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * The box of the topology it belongs to; the `app.kubernetes.io/name` label.
   *
   * @default - its name
   */
  readonly box?: string;

  /**
   * Annotations of the object that runs the pods.
   *
   * @default - none
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * Pods that others have been connected to already, and that this workload now runs.
   *
   * @default - pods of its own
   */
  readonly pods?: Pods;

  /**
   * The Argo CD sync wave of its pods.
   *
   * @default - its namespace's layer
   */
  readonly syncWave?: number;
}

/** Where a workload serves Prometheus metrics. */
export interface MetricsEndpoint {
  /** The endpoint. */
  readonly endpoint: Endpoint;
  /** The path of the page, as `/metrics`. */
  readonly path: string;
}

/** Tells Stakater's Reloader to look which Secrets the pods read. What is in ConfigMaps rolls them without it. */
const RESTART_ON_SECRET_CHANGE = { 'secret.reloader.stakater.com/auto': 'true' };

/** How a page of metrics is read. */
export interface MetricsOptions {
  /**
   * Whether the page's own labels `namespace` and `pod` win over those of the pod that serves it: it tells of others.
   *
   * @default false
   */
  readonly honorLabels?: boolean;

  /**
   * Whether what scrapes it also asks other things of the endpoint: its connection then has no limits of method and path.
   *
   * @default false
   */
  readonly alsoAsked?: boolean;
}

/**
 * Hardened pods with what belongs to them: an account of their own, one network policy with exactly their connections,
 * a disruption budget where there is more than one, and Services for their endpoints.
 */
export abstract class Workload extends Construct {
  /** The name of its objects. */
  public readonly name: string;

  /** The namespace its pods run in. */
  public readonly namespace: string;

  /** Its pods, as network policies select them. */
  public readonly pods: Pods;

  /** @internal */
  protected readonly _identity: Identity;

  /** @internal */
  protected readonly _props: WorkloadProps;

  private readonly _endpoints: Endpoint[] = [];
  private readonly _metrics: MetricsEndpoint[] = [];
  private readonly _services = new Map<string, Service>();
  private readonly _mesh?: MeshMember;
  private readonly runsForGood: boolean;

  protected constructor(scope: Construct, id: string, kind: string, props: WorkloadProps) {
    super(scope, id);
    const namespace = Chart.of(this).namespace;
    if (!namespace) {
      throw invalid(this, `its chart has no namespace; allowed: a chart with props.namespace`);
    }
    this.namespace = namespace;
    this.name = checkName(this, kind, props.name ?? id);
    this._props = props;
    this.runsForGood = ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind);
    this._identity = { box: props.box ?? this.name, workload: this.name, component: props.component };
    this.pods = this.adopt(props.pods ?? new Pods(namespace, this._identity));

    new k8s.KubeServiceAccount(this, 'service-account', {
      metadata: this._metadata(SYNC_WAVES.configuration),
      automountServiceAccountToken: false,
    });
    new k8s.KubeNetworkPolicy(this, 'network-policy', {
      metadata: this._metadata(SYNC_WAVES.configuration),
      spec: Lazy.any({ produce: () => workloadPolicySpec(this.pods, clusterContext(this).dns) }),
    });
    this._mesh = this.joinMesh();
    this.node.addValidation({ validate: () => this.danglingConnections() });
  }

  /** What it serves. */
  public get endpoints(): Endpoint[] {
    return [...this._endpoints];
  }

  /** Where it serves metrics. */
  public get metrics(): MetricsEndpoint[] {
    return [...this._metrics];
  }

  /**
   * Declares that its pods connect to something; see `Client.connectTo`.
   *
   * @param target what they connect to
   * @param options how they use the connection
   */
  public connectTo(target: IConnectable, options: ConnectOptions = {}): void {
    this.pods.connectTo(target, options);
  }

  /**
   * Declares that its pods connect to each other, as the members of one set do.
   *
   * @param endpoint an endpoint of its own
   */
  public connectToPeers(endpoint: Endpoint): void {
    connectPeers(this.pods, endpoint);
  }

  /**
   * Serves one of its containers' ports to clients, at a Service of the workload's name.
   *
   * @param portName the name of the container's port
   * @param kind what it speaks
   */
  public addEndpoint(portName: string, kind: EndpointKind): Endpoint {
    const port = this.containerPort(portName);
    const host = serviceHost(this.name, this.namespace, clusterContext(this).clusterDomain);
    return this.serve(new Endpoint({ pods: this.pods, name: portName, kind, port, host }));
  }

  /**
   * Serves an endpoint that others have been connected to already. The Service takes its name from the endpoint's host.
   *
   * @param endpoint an endpoint of these pods
   * @throws where no container has the port
   */
  public serve(endpoint: Endpoint): Endpoint {
    if (endpoint.pods !== this.pods) {
      throw invalid(this, `cannot serve ${endpoint.name}, which is an endpoint of other pods; allowed: one of its own`);
    }
    if (this.containerPort(endpoint.portName) !== endpoint.port) {
      throw invalid(
        this,
        `port ${endpoint.portName} is not ${endpoint.port}, where ${endpoint.name} is; allowed: the endpoint's own port`,
      );
    }
    if (this._endpoints.some((e) => e.port === endpoint.port)) {
      throw invalid(this, `port ${endpoint.port} is served twice; allowed: one endpoint a port`);
    }
    this._endpoints.push(endpoint);
    const serviceName = endpoint.host.split('.')[0];
    const service =
      this._services.get(serviceName) ?? new Service(this, `service-${serviceName}`, serviceName, this._identity);
    this._services.set(serviceName, service);
    service.addPort(endpoint);
    this._mesh?.addService(serviceName, endpoint);
    return endpoint;
  }

  /**
   * Says that an endpoint serves Prometheus metrics. What scrapes the platform is connected to it, and scrapes it.
   *
   * @param endpoint an endpoint of its own
   * @param path the path of the page
   * @param options how the page is read
   */
  public addMetrics(endpoint: Endpoint, path: string = '/metrics', options: MetricsOptions = {}): void {
    if (!this._endpoints.includes(endpoint)) {
      throw invalid(this, `cannot serve metrics at ${endpoint.name}; allowed: an endpoint of its own`);
    }
    if (this._metrics.some((m) => m.endpoint === endpoint)) {
      throw invalid(this, `serves metrics at ${endpoint.name} already; allowed: one page an endpoint`);
    }
    const page = this._mesh?.scraped(endpoint, path) ?? { endpoint, path };
    this._metrics.push(page);
    clusterContext(this).scraper?.add({
      ...page,
      application: endpoint,
      honorLabels: options.honorLabels ?? false,
      alsoAsked: options.alsoAsked ?? false,
      runs: () => this._footprint.pods > 0,
    });
  }

  /** @internal */
  public abstract get _footprint(): Footprint;

  /** @internal */
  protected get _selectorLabels(): Record<string, string> {
    return selectorLabels(this._identity);
  }

  /** @internal */
  protected _metadata(wave: number, annotations?: Record<string, string>, name = this.name) {
    return objectMetadata({
      name,
      namespace: this.namespace,
      labels: workloadLabels(this._identity),
      wave,
      annotations,
    });
  }

  /** The metadata of the object that runs the pods. @internal */
  protected _workloadMetadata(name = this.name) {
    const restart = this.runsForGood && clusterContext(this).restartOnSecretChange ? RESTART_ON_SECRET_CHANGE : {};
    return this._metadata(this._wave, { ...restart, ...this._props.annotations }, name);
  }

  /** @internal */
  protected get _wave(): number {
    return this._props.syncWave ?? layerWave(this.namespace);
  }

  /** @internal */
  protected _podTemplate(extra: Partial<k8s.PodSpec> = {}): k8s.PodTemplateSpec {
    const { podAnnotations } = this._props;
    const mesh = this._mesh;
    return {
      metadata: {
        labels: { ...workloadLabels(this._identity), ...mesh?.podLabels },
        annotations: mesh
          ? Lazy.any({ produce: () => ({ ...mesh.podAnnotations, ...podAnnotations }) })
          : podAnnotations,
      },
      spec: { ...hardenedPod(this, this.name, this._props), ...extra },
    };
  }

  /** @internal */
  protected _addDisruptionBudget(scale: Scale): void {
    const spec = disruptionBudget(scale, this._selectorLabels);
    if (spec) {
      new k8s.KubePodDisruptionBudget(this, 'disruption-budget', { metadata: this._metadata(this._wave), spec });
    }
  }

  /**
   * What one pod reserves: its containers together, or its largest init container where that is more, and its sidecar.
   *
   * @internal
   */
  protected get _perPod(): ParsedResources {
    const own = this._ownPerPod;
    return this._mesh ? this._mesh.plusSidecar(own) : own;
  }

  /** What one pod reserves without its sidecar. @internal */
  protected get _ownPerPod(): ParsedResources {
    const containers = this.resourcesOf(this._props.containers);
    const init = this.resourcesOf(this._props.initContainers ?? []);
    return mapResources((key) =>
      Quantity.max(
        containers.reduce((sum, c) => sum.plus(c[key]), Quantity.ZERO),
        ...init.map((c) => c[key]),
      ),
    );
  }

  /** @internal */
  protected get _containerResources(): ParsedResources[] {
    const own = this.resourcesOf([...this._props.containers, ...(this._props.initContainers ?? [])]);
    return this._mesh ? [...own, this._mesh.sidecar] : own;
  }

  /** Pods of a meshed namespace have a sidecar, and with it what the mesh must know of them. */
  private joinMesh(): MeshMember | undefined {
    const { mesh, clusterDomain } = clusterContext(this);
    if (!mesh?._covers(this.namespace)) {
      return undefined;
    }
    return new MeshMember(this, 'mesh', {
      mesh,
      pods: this.pods,
      podProps: this._props,
      clusterDomain,
      metadata: (name) => this._metadata(SYNC_WAVES.configuration, undefined, name),
    });
  }

  private resourcesOf(containers: readonly ContainerProps[]): ParsedResources[] {
    return containers.map(({ name, resources }) => parseResources(resources, `${this.node.path} container ${name}`));
  }

  private adopt(pods: Pods): Pods {
    if (pods.namespace !== this.namespace || pods._identity.workload !== this.name) {
      throw invalid(this, `cannot run the pods ${pods.name}; allowed: pods named ${this.namespace}/${this.name}`);
    }
    // Their policies select by the box too: under another label they would select nothing.
    if (pods._identity.box !== this._identity.box) {
      throw invalid(this, `the pods ${pods.name} belong to ${pods._identity.box}; allowed: box ${this._identity.box}`);
    }
    if (pods._state === PodsState.STANDING) {
      throw invalid(this, `the pods ${pods.name} have a workload already; allowed: one`);
    }
    return pods._claim(PodsState.STANDING, this);
  }

  private containerPort(portName: string): number {
    const ports = this._props.containers.flatMap((c) => c.ports ?? []);
    const port = ports.find((p) => p.name === portName);
    if (!port) {
      throw invalid(this, `no container has a port named '${portName}'; ${oneOf(ports.map((p) => p.name))}`);
    }
    return port.port;
  }

  private danglingConnections(): string[] {
    return [...this.pods._opened, ...this.pods._accepted].flatMap((connection) =>
      [connection.client._pods, connection.server._pods]
        .filter((pods) => pods?._state === PodsState.DANGLING)
        .map(
          (pods) =>
            `dangling connection ${connectionKey(connection)}: nothing runs the pods ${pods!.name}; allowed: pods of a workload`,
        ),
    );
  }
}
