import { Lazy } from 'cdk8s';
import { AuthorizationPolicy, AuthorizationPolicySpecAction } from '../../imports/security.istio.io';
import type { GuestChart } from '../connections/guest-chart';
import type { Pods } from '../connections/pods';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { clusterContext } from '../workload/cluster-context';
import { selectorLabels, workloadLabels } from '../workload/labels';
import { authorizationRules } from './accepted';

/** Brings the mesh's policy that lets a guest's workload connect to pods that somebody else runs. Policies add up. */
export function addAdditiveAuthorization(chart: GuestChart, name: string, server: Pods, client: Pods): void {
  const { mesh } = clusterContext(chart);
  const id = `authorization-policy-${name}`;
  if (!mesh?._covers(server.namespace) || chart.node.tryFindChild(id)) {
    return;
  }
  new AuthorizationPolicy(chart, id, {
    metadata: objectMetadata({
      name,
      namespace: server.namespace,
      labels: workloadLabels(client._identity),
      wave: SYNC_WAVES.configuration,
    }),
    spec: {
      selector: { matchLabels: selectorLabels(server._identity) },
      action: AuthorizationPolicySpecAction.ALLOW,
      rules: Lazy.any({
        produce: () =>
          authorizationRules(
            mesh,
            server._accepted.filter((connection) => connection.client._pods === client),
          ),
      }),
    },
  });
}
