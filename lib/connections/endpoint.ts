import { k8s } from 'cdk8s-plus-27';
import { checkPort, checkPortName } from '../workload/names';
import { Peer } from './peer';
import { Pods } from './pods';

/** What an endpoint speaks, so that a client can tell which of its settings the address belongs to. */
export enum EndpointKind {
  /** A service's HTTP API. */
  HTTP = 'http',
  /** MongoDB's wire protocol. */
  MONGODB = 'mongodb',
  /** Kafka's protocol, at the bootstrap address. */
  KAFKA = 'kafka',
  /** Temporal's frontend, gRPC. */
  TEMPORAL = 'temporal',
  /** OpenTelemetry's protocol over gRPC. */
  OTLP = 'otlp',
  /** PostgreSQL's protocol. */
  POSTGRESQL = 'postgresql',
  /** ZooKeeper's client protocol. */
  ZOOKEEPER = 'zookeeper',
  /** A Prometheus metrics page. */
  METRICS = 'metrics',
}

/** What an endpoint is. */
export interface EndpointProps {
  /** The pods that serve it. */
  readonly pods: Pods;

  /** The port's name on the container and the Service. */
  readonly name: string;

  /** What it speaks. */
  readonly kind: EndpointKind;

  /** The port, the same on the container and the Service. */
  readonly port: number;

  /** The DNS name of the Service. */
  readonly host: string;

  /**
   * The DNS names of the pods, for clients that must know each member of a set.
   *
   * @default - none: clients know the Service alone
   */
  readonly memberHosts?: string[];
}

/** A port that a workload of the platform serves, with the address clients use. */
export class Endpoint extends Peer {
  /** The pods that serve it. */
  public readonly pods: Pods;

  /** What it speaks. */
  public readonly kind: EndpointKind;

  /** The DNS name clients use. */
  public readonly host: string;

  /** The port clients use; the Service's and the container's are the same. */
  public readonly port: number;

  /** The port's name on the container and the Service. */
  public readonly portName: string;

  private readonly members: string[];

  /** @throws where the port or its name is none */
  public constructor(props: EndpointProps) {
    super(`${props.pods.name}:${props.name}`, [{ port: props.port }]);
    const where = props.pods._scope ?? props.pods.name;
    checkPort(where, props.port);
    checkPortName(where, props.name);
    this.pods = props.pods;
    this.kind = props.kind;
    this.host = props.host;
    this.port = props.port;
    this.portName = props.name;
    this.members = props.memberHosts ?? [];
  }

  /** `host:port`, as most clients take it. */
  public get address(): string {
    return `${this.host}:${this.port}`;
  }

  /** `host:port` of each member of the set, else of the Service. */
  public get memberAddresses(): string[] {
    return this.members.length > 0 ? this.members.map((host) => `${host}:${this.port}`) : [this.address];
  }

  /** @internal */
  public get _id(): string {
    return `${this.pods._id}:${this.port}`;
  }

  /** @internal */
  public override get _pods(): Pods {
    return this.pods;
  }

  /** @internal */
  public override get _byName(): boolean {
    return true;
  }

  /** @internal */
  public _policyPeers(fromNamespace: string): k8s.NetworkPolicyPeer[] {
    return this.pods._policyPeers(fromNamespace);
  }
}
