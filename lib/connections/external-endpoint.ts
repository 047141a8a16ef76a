import { k8s } from 'cdk8s-plus-27';
import { invalid, oneOf } from '../errors';
import { checkPort } from '../workload/names';
import { checkCidrs, checkHost, INTERNET, ipBlocks } from './cidr';
import { Client } from './peer';

/** Where something outside the cluster is. */
export interface ExternalEndpointProps {
  /**
   * Host names that the platform's pods look up, as `onlinetools.ups.com`.
   *
   * @default - none: it only connects to the platform
   */
  readonly hosts?: string[];

  /**
   * The TCP port its hosts serve.
   *
   * @default 443
   */
  readonly port?: number;

  /**
   * What the port speaks, `TLS`, `HTTP` or `TCP`: a mesh tells hosts apart by it.
   *
   * @default - TLS at port 443, HTTP at port 80, else TCP
   */
  readonly protocol?: string;

  /**
   * The networks it is in. Network policies know addresses, not names.
   *
   * @default - the internet (0.0.0.0/0 without private, carrier-grade NAT and link-local networks)
   */
  readonly cidrs?: string[];
}

const PROTOCOLS = ['HTTP', 'TCP', 'TLS'];

const PROTOCOL_OF_PORT: Record<number, string> = { 80: 'HTTP', 443: 'TLS' };

/** Something outside the cluster: a server that pods reach (the carriers), or a client that comes in (a load balancer). */
export class ExternalEndpoint extends Client {
  /** The host names that pods look up. */
  public readonly hosts: string[];

  /** The networks it is in. */
  public readonly cidrs: string[];

  /** The TCP port its hosts serve. */
  public readonly port: number;

  /** What the port speaks: `TLS`, `HTTP` or `TCP`. */
  public readonly protocol: string;

  /**
   * @param name what messages and diagrams call it
   * @param props where it is
   * @throws where a host, a CIDR, the port or its protocol is none
   */
  public constructor(name: string, props: ExternalEndpointProps = {}) {
    const hosts = [...new Set(props.hosts ?? [])].sort();
    super(name, hosts.length > 0 ? [{ port: checkPort(name, props.port ?? 443) }] : []);
    if (hosts.length === 0 && props.port !== undefined) {
      throw invalid(name, `port ${props.port} without hosts; allowed: a port together with the hosts that serve it`);
    }
    this.port = props.port ?? 443;
    this.protocol = props.protocol ?? PROTOCOL_OF_PORT[this.port] ?? 'TCP';
    if (!PROTOCOLS.includes(this.protocol)) {
      throw invalid(name, `'${this.protocol}' is no protocol; ${oneOf(PROTOCOLS)}`);
    }
    this.hosts = hosts.map((host) => checkHost(name, host));
    this.cidrs = checkCidrs(name, props.cidrs ?? [INTERNET]);
  }

  /** @internal */
  public get _id(): string {
    return `external/${this.name}`;
  }

  /** @internal */
  public override get _byName(): boolean {
    return true;
  }

  /** @internal */
  public _policyPeers(): k8s.NetworkPolicyPeer[] {
    return ipBlocks(this.cidrs);
  }
}
