import { k8s } from 'cdk8s-plus-27';
import { checkCidrs, ipBlocks } from './cidr';
import { Client } from './peer';

/** The cluster's API server: what controllers talk to, and what calls webhooks. */
export class KubernetesApi extends Client {
  /** The networks the API server is in. */
  public readonly cidrs: string[];

  /**
   * @param cidrs the networks of the API server's Service address (port 443) and of its own addresses (port 6443 or
   * 443): plug-ins differ in which of them they see
   * @throws where there is none, or one is no CIDR
   */
  public constructor(cidrs: string[]) {
    super('kubernetes-api', [{ port: 443 }, { port: 6443 }]);
    this.cidrs = checkCidrs('kubernetes-api', cidrs);
  }

  /** @internal */
  public get _id(): string {
    return 'kubernetes-api';
  }

  /** @internal */
  public _policyPeers(): k8s.NetworkPolicyPeer[] {
    return ipBlocks(this.cidrs);
  }
}
