import { Size } from 'cdk8s';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { ComponentResources } from '../topology/component-resources';
import { ComponentTopology } from '../topology/components';
import { Resources } from '../workload/resources';

/** What differs from the topology's figures for a set of members that each keep a volume. */
export interface MemberSetOptions {
  /**
   * How many members it has.
   *
   * @default - the topology's figure; 1 where the environment is sized for one machine
   */
  readonly members?: number;

  /**
   * The size of each member's volume.
   *
   * @default - the topology's figure, scaled as the environment is sized
   */
  readonly storage?: Size;

  /**
   * What each member asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** A set of members that each keep a volume. */
export interface MemberSetProps {
  /** The box of the topology it is. */
  readonly box: Box;

  /** How many members it has. */
  readonly members: number;

  /** The size of each member's volume. */
  readonly storage: Size;

  /**
   * The StorageClass of the volumes.
   *
   * @default - the cluster's default
   */
  readonly storageClassName?: string;

  /** What each member asks for and may use. */
  readonly resources: Resources;
}

/** A set's figures: what an environment makes of the topology's, where nothing else is said. */
export function memberSet(
  environment: Environment,
  box: Box,
  topology: ComponentTopology,
  resources: ComponentResources,
  options: MemberSetOptions = {},
): MemberSetProps {
  const { sizing, provider } = environment;
  return {
    box,
    members: options.members ?? sizing.replicas(topology.replicas),
    storage: options.storage ?? sizing.storage(Size.gibibytes(topology.storageGibibytes)),
    storageClassName: provider.storageClassName,
    resources: options.resources ?? sizing._resources(resources),
  };
}
