import { k8s } from 'cdk8s-plus-27';
import { invalid } from '../errors';
import { connect } from './connection';
import type { Pods } from './pods';

/** Anything a workload can connect to: an endpoint, or a component by its main endpoint. */
export interface IConnectable {
  /** Where a connection to this goes. */
  readonly endpoint: Peer;
}

/** A port that a peer serves. */
export interface PeerPort {
  /** The port's number, the same on the Service and on the container. */
  readonly port: number;

  /**
   * `TCP` or `UDP`.
   *
   * @default TCP
   */
  readonly protocol?: string;
}

/** How a connection is used, beyond its address. */
export interface ConnectOptions {
  /**
   * HTTP methods the client uses, as `GET`. They narrow what a mesh lets through.
   *
   * @default - all
   */
  readonly methods?: string[];

  /**
   * HTTP paths the client uses, as `/api/v1/orders*`. They narrow what a mesh lets through.
   *
   * @default - all
   */
  readonly paths?: string[];
}

/** One side of a connection: an endpoint of the platform, or something outside its pods. */
export abstract class Peer implements IConnectable {
  /** What messages and diagrams call it. */
  public readonly name: string;

  /** The ports it serves; empty for one that only connects. */
  public readonly ports: PeerPort[];

  protected constructor(name: string, ports: PeerPort[]) {
    this.name = name;
    this.ports = ports;
  }

  /** A peer is its own endpoint. */
  public get endpoint(): Peer {
    return this;
  }

  /**
   * Who this is, the same for every object that stands for the same thing.
   *
   * @internal
   */
  public abstract get _id(): string;

  /**
   * Whether clients find it by name, and so need DNS.
   *
   * @internal
   */
  public get _byName(): boolean {
    return false;
  }

  /**
   * The pods that it is, or that serve it, where it is pods of a platform.
   *
   * @internal
   */
  public get _pods(): Pods | undefined {
    return undefined;
  }

  /**
   * The NetworkPolicy peers that stand for it, seen from a namespace.
   *
   * @internal
   */
  public abstract _policyPeers(fromNamespace: string): k8s.NetworkPolicyPeer[];
}

/** A peer that opens connections: pods, or something outside that comes in. */
export abstract class Client extends Peer {
  /**
   * Declares that this connects to another. The egress rule of the client, the ingress rule of the server and the line
   * in the topology's diagram follow. Declaring the same connection again changes nothing.
   *
   * @param target what it connects to
   * @param options how it uses the connection
   * @throws where the target serves no port, is the client itself, belongs to another app, or was connected before with
   * other options
   */
  public connectTo(target: IConnectable, options: ConnectOptions = {}): void {
    if (!target?.endpoint) {
      throw invalid(
        this.name,
        `cannot connect to what has no endpoint; allowed: an endpoint or a component that has one`,
      );
    }
    connect(this, target.endpoint, options);
  }
}
