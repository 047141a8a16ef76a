import { Quantity } from './quantity';
import { ParsedResources, parseResources, Resources } from './resources';

/** What the pods of a workload can take of their namespace's quota at the same time. */
export interface Footprint {
  /** The most pods there are at once, those of a rollout included. */
  readonly pods: number;
  /** What one pod counts for. */
  readonly perPod: ParsedResources;
  /** Each container by itself. */
  readonly containers: ParsedResources[];
  /** Storage claimed by each pod. */
  readonly storage: Quantity[];
}

/** The room that a quota leaves for guests: so many pods of one container for each. */
export function guestFootprints(guests: number, pods: number, resources: Resources): Footprint[] {
  const perPod = parseResources(resources, 'resources of guests');
  return Array.from({ length: guests }, () => ({ pods, perPod, containers: [perPod], storage: [] }));
}
