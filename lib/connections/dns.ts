import { k8s } from 'cdk8s-plus-27';
import { checkCidr, ipBlocks } from './cidr';
import { Peer } from './peer';

/** Where the cluster's DNS answers. */
export interface DnsProps {
  /**
   * The namespace of its pods.
   *
   * @default kube-system
   */
  readonly namespace?: string;

  /**
   * The labels of its pods.
   *
   * @default - `k8s-app: kube-dns`, which kubeadm, kind, EKS and GKE all use
   */
  readonly podLabels?: { readonly [name: string]: string };

  /**
   * Addresses of a cache on each node, for clusters that run NodeLocal DNSCache, as `169.254.20.10/32`.
   *
   * @default - none
   */
  readonly nodeLocal?: string[];
}

/** The cluster's DNS. Every workload that connects to something by name may ask it; nobody declares that. */
export class Dns extends Peer {
  private readonly props: DnsProps;

  /** @throws where a node-local address is no CIDR */
  public constructor(props: DnsProps = {}) {
    super('dns', [
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ]);
    this.props = props;
    for (const cidr of props.nodeLocal ?? []) {
      checkCidr('dns', cidr);
    }
  }

  /** @internal */
  public get _id(): string {
    return 'dns';
  }

  /** @internal */
  public _policyPeers(): k8s.NetworkPolicyPeer[] {
    return [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': this.props.namespace ?? 'kube-system' } },
        podSelector: { matchLabels: this.props.podLabels ?? { 'k8s-app': 'kube-dns' } },
      },
      ...ipBlocks(this.props.nodeLocal ?? []),
    ];
  }
}
