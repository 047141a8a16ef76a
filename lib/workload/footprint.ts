import { Quantity } from './quantity';
import { ParsedResources } from './resources';

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
