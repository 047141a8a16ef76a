import { k8s } from 'cdk8s-plus-27';
import { checkCidrs, ipBlocks } from './cidr';
import { Client } from './peer';

/** The cluster's nodes: where a node port's traffic seems to come from, and where the kubelet serves metrics (10250). */
export class Nodes extends Client {
  /** The networks the nodes are in. */
  public readonly cidrs: string[];

  /**
   * @param cidrs the networks the nodes are in
   * @throws where there is none, or one is no CIDR
   */
  public constructor(cidrs: string[]) {
    super('nodes', [{ port: 10250 }]);
    this.cidrs = checkCidrs('nodes', cidrs);
  }

  /** @internal */
  public get _id(): string {
    return 'nodes';
  }

  /** @internal */
  public _policyPeers(): k8s.NetworkPolicyPeer[] {
    return ipBlocks(this.cidrs);
  }
}
