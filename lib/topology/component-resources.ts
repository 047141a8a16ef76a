import { Resources } from '../workload/resources';

/** What each container of an infrastructure component asks for and may use. */
export interface ComponentResources {
  /** With the topology's replicas. */
  readonly full: Resources;
  /** Where everything runs on one machine. */
  readonly single: Resources;
}

/**
 * The topology has no CPU and memory figures for its infrastructure components. These keep a server's caches and heap
 * in proportion to its volume, and development within 4 CPU and 8 GiB of requests.
 */
export const COMPONENT_RESOURCES = {
  zookeeper: {
    full: { cpuRequest: '250m', memoryRequest: '1Gi', cpuLimit: '1', memoryLimit: '1Gi' },
    single: { cpuRequest: '50m', memoryRequest: '256Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
} as const satisfies Record<string, ComponentResources>;
