import { k8s } from 'cdk8s-plus-27';

/** How many pods a workload runs. */
export interface Scale {
  /** The fewest pods it runs. */
  readonly min: number;
  /** The most pods it runs, when its autoscaler has raised it. */
  readonly max: number;
}

/**
 * The disruption budget of a workload with more than one pod: one at a time.
 *
 * For two pods that is the same as `minAvailable: 1`; unlike it, it still means one at a time after the autoscaler has
 * made them ten. A single pod has no budget, because it could only block every drain.
 */
export function disruptionBudget(
  scale: Scale,
  matchLabels: Record<string, string>,
): k8s.PodDisruptionBudgetSpec | undefined {
  if (scale.max < 2) {
    return undefined;
  }
  return {
    maxUnavailable: k8s.IntOrString.fromNumber(1),
    selector: { matchLabels },
    // A pod that is broken already must not keep its node from being drained.
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}

/** How strictly a workload is spread over zones. */
export enum ZoneSpread {
  /** Spread where there is room; a full or missing zone does not keep pods from running. */
  PREFERRED = 'ScheduleAnyway',
  /** Never more than one pod of difference between zones: for sets that lose their quorum otherwise. */
  REQUIRED = 'DoNotSchedule',
}

/** Spreads the pods of a workload with more than one over zones and nodes. */
export function topologySpread(
  scale: Scale,
  matchLabels: Record<string, string>,
  options: { zones: ZoneSpread; perRevision: boolean },
): k8s.TopologySpreadConstraint[] | undefined {
  if (scale.max < 2) {
    return undefined;
  }
  const constraint = (topologyKey: string, whenUnsatisfiable: ZoneSpread): k8s.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels },
    // During a rollout the old pods would count too, and leave the new ones crooked once they are gone.
    matchLabelKeys: options.perRevision ? ['pod-template-hash'] : undefined,
  });
  return [
    constraint('topology.kubernetes.io/zone', options.zones),
    constraint('kubernetes.io/hostname', ZoneSpread.PREFERRED),
  ];
}
