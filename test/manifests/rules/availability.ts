import { Manifest, nameOf, Part } from '../../manifest';
import { autoscalerOf, matches, podsOf, sameNamespace } from '../manifests';

/** A workload of several pods is spread over zones and has a budget; an autoscaled one does not fix its number. */
export function available(manifests: readonly Manifest[]): string[] {
  const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
  return podsOf(manifests)
    .filter(({ owner }) => ['Deployment', 'StatefulSet'].includes(owner.kind))
    .flatMap(({ owner, metadata, spec }) => {
      const autoscaler = autoscalerOf(owner, manifests);
      const several = autoscaler !== undefined || owner.spec.replicas > 1;
      const budgeted = budgets.some(
        (b) => sameNamespace(b, owner) && matches(b.spec.selector.matchLabels, metadata.labels),
      );
      const zones = (spec.topologySpreadConstraints ?? []).some(
        (c: Part) => c.topologyKey === 'topology.kubernetes.io/zone',
      );
      return [
        ...(several === budgeted
          ? []
          : [`${nameOf(owner)} ${budgeted ? 'has a budget for one pod' : 'has no budget'}`]),
        ...(several && !zones ? [`${nameOf(owner)} is not spread over zones`] : []),
        ...(autoscaler && owner.spec.replicas !== undefined
          ? [`${nameOf(owner)} fixes what its autoscaler decides`]
          : []),
      ];
    });
}
