import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { additivePolicySpec } from '../connections/network-policy';
import { Peer } from '../connections/peer';
import { Pods } from '../connections/pods';
import { PodsState } from '../connections/pods-state';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { Footprint } from '../workload/footprint';
import { workloadLabels } from '../workload/labels';
import { parseResources } from '../workload/resources';

/** The port of cert-manager's solver. */
const PORT = 8089;

/** What cert-manager gives its solver by default. */
export const SOLVER_RESOURCES = { cpuRequest: '10m', memoryRequest: '64Mi', cpuLimit: '100m', memoryLimit: '64Mi' };

/**
 * The pods that answer a certificate authority's challenges. cert-manager makes one for each name while a certificate is
 * issued, and takes it away afterwards.
 */
export class AcmeSolver extends Peer {
  private readonly pods: Pods;

  /** @param namespace where they run */
  public constructor(namespace: string) {
    super(`${namespace}/acme-solver`, [{ port: PORT }]);
    this.pods = new SolverPods(namespace, { box: 'acme-solver', workload: 'acme-solver', component: 'certificates' });
    this.pods._state = PodsState.IMPORTED;
  }

  /** Their one policy: whoever is connected to them, and nobody else; they reach nothing. */
  public addNetworkPolicy(scope: Construct): void {
    const { namespace, _identity } = this.pods;
    new k8s.KubeNetworkPolicy(scope, 'solver-network-policy', {
      metadata: objectMetadata({
        name: _identity.workload,
        namespace,
        labels: workloadLabels(_identity),
        wave: SYNC_WAVES.configuration,
      }),
      spec: { ...additivePolicySpec(this.pods, this.pods._accepted), policyTypes: ['Ingress', 'Egress'] },
    });
  }

  /** @internal */
  public get _id(): string {
    return `${this.name}:${PORT}`;
  }

  /** @internal */
  public override get _pods(): Pods {
    return this.pods;
  }

  /** @internal */
  public _policyPeers(fromNamespace: string): k8s.NetworkPolicyPeer[] {
    return this.pods._policyPeers(fromNamespace);
  }
}

/** What the solvers of a certificate with some names may take. They have no sidecars. */
export function solverFootprint(names: number): Footprint {
  const resources = parseResources(SOLVER_RESOURCES, 'acme solver');
  return { pods: names, perPod: resources, containers: [resources], storage: [] };
}

/** The pods as cert-manager labels them. */
class SolverPods extends Pods {
  /** @internal */
  public override get _selectorLabels(): Record<string, string> {
    return { 'acme.cert-manager.io/http01-solver': 'true' };
  }
}
