import { k8s } from 'cdk8s-plus-27';
import { Peer } from '../connections/peer';
import { Pods } from '../connections/pods';
import { PodsState } from '../connections/pods-state';

/** Where istiod hands out configuration and certificates, over TLS. */
const ISTIOD_PORT = 15012;

/** Istio's control plane. Sidecars connect to it, and it answers with what they are configured by. */
export class Istiod extends Peer {
  private readonly pods: Pods;

  /** @param namespace where it runs */
  public constructor(namespace: string) {
    super(`${namespace}/istiod`, [{ port: ISTIOD_PORT }]);
    this.pods = new IstiodPods(namespace, { box: 'istiod', workload: 'istiod', component: 'control-plane' });
    this.pods._state = PodsState.IMPORTED;
  }

  /** @internal */
  public get _id(): string {
    return `${this.name}:${ISTIOD_PORT}`;
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

/** Its pods as its own chart labels them. */
class IstiodPods extends Pods {
  /** @internal */
  public override _policyPeers(): k8s.NetworkPolicyPeer[] {
    return [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': this.namespace } },
        podSelector: { matchLabels: { app: 'istiod' } },
      },
    ];
  }
}
