import { IConstruct } from 'constructs';
import { invalid, oneOf } from '../errors';
import { BoxTopology } from '../topology/boxes';
import { clusterContext } from '../workload/cluster-context';
import { Connection } from './connection';
import { Endpoint } from './endpoint';
import { memberHosts, serviceHost } from './hosts';
import { ConnectOptions, IConnectable, Peer } from './peer';
import { Pods } from './pods';
import { PodsState } from './pods-state';

/** How a box of the topology comes into an app. */
export interface BoxOptions {
  readonly state: PodsState;
  /** The members of a set that clients know by name. */
  readonly members?: number;
  readonly onConnection?: (connection: Connection) => void;
}

/** A box of the topology whose workload is not part of this app: pending, or deployed by somebody else. */
export class Box implements IConnectable {
  /** Its pods, as network policies select them. */
  public readonly pods: Pods;

  private readonly endpoints: Record<string, Endpoint>;

  /** @internal */
  public static _fromTopology(scope: IConstruct, topology: BoxTopology, options: BoxOptions): Box {
    const { namespace, workload, component, box = workload } = topology;
    const { clusterDomain } = clusterContext(scope);
    const pods = new Pods(namespace, { box, workload, component })._claim(options.state, scope);
    pods._onConnection = options.onConnection;
    const host = serviceHost(workload, namespace, clusterDomain);
    const members = options.members && memberHosts(workload, namespace, clusterDomain, options.members);
    const endpoints = Object.entries(topology.endpoints).map(([name, { port, kind }]) => [
      name,
      new Endpoint({ pods, name, kind, port, host, memberHosts: members || undefined }),
    ]);
    return new Box(pods, Object.fromEntries(endpoints) as Record<string, Endpoint>);
  }

  private constructor(pods: Pods, endpoints: Record<string, Endpoint>) {
    this.pods = pods;
    this.endpoints = endpoints;
  }

  /** Its main endpoint. */
  public get endpoint(): Peer {
    return Object.values(this.endpoints)[0] ?? this.pods;
  }

  /** @internal */
  public get _endpoints(): Endpoint[] {
    return Object.values(this.endpoints);
  }

  /**
   * One of its endpoints.
   *
   * @param name the port's name
   */
  public endpointNamed(name: string): Endpoint {
    if (!this.endpoints[name]) {
      throw invalid(this.pods.name, `has no endpoint '${name}'; ${oneOf(Object.keys(this.endpoints))}`);
    }
    return this.endpoints[name];
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
}
