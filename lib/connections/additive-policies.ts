import { Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { addAdditiveAuthorization } from '../mesh/additive-authorization';
import { workloadLabels } from '../workload/labels';
import { Connection } from './connection';
import { GuestChart } from './guest-chart';
import { additivePolicySpec } from './network-policy';
import { Pods } from './pods';
import { PodsState } from './pods-state';

/** Brings the policy for one connection between a guest's workload and pods that somebody else runs: the other side's. */
export function addAdditivePolicy(connection: Connection): void {
  const pods = [connection.client._pods, connection.server._pods];
  const theirs = pods.find((p) => p?._state === PodsState.IMPORTED);
  const ours = pods.find((p) => p?._state === PodsState.STANDING);
  if (theirs && ours) {
    const chart = GuestChart.for(ours._scope!, theirs.namespace);
    // Dots keep the parts apart, and the namespace two teams' workloads of one name: policies of other teams stay theirs.
    const name = [theirs._identity.workload, ours.namespace, ours._identity.workload].join('.');
    addPolicy(chart, name, theirs, ours);
    if (connection.server._pods === theirs) {
      addAdditiveAuthorization(chart, name, theirs, ours);
    }
  }
}

function addPolicy(chart: GuestChart, name: string, theirs: Pods, ours: Pods): void {
  if (chart.node.tryFindChild(name)) {
    return;
  }
  const between = (c: Connection) => c.client._pods === ours || c.server._pods === ours;
  new k8s.KubeNetworkPolicy(chart, name, {
    metadata: objectMetadata({
      name,
      namespace: theirs.namespace,
      labels: workloadLabels(ours._identity),
      wave: SYNC_WAVES.configuration,
    }),
    spec: Lazy.any({
      produce: () => additivePolicySpec(theirs, [...theirs._accepted, ...theirs._opened].filter(between)),
    }),
  });
}
