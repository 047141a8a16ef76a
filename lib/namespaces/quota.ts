import { k8s } from 'cdk8s-plus-27';
import { STANDARD_RESOURCES } from '../topology/services';
import { Quantity } from '../workload/quantity';
import { ParsedResources, parseResources } from '../workload/resources';
import { Footprint } from '../workload/footprint';

/** How many Services of a namespace are reached from outside the cluster. */
export interface ExposedServices {
  readonly loadBalancers: number;
  /** Ports of every node. */
  readonly nodePorts: number;
}

const NONE: ExposedServices = { loadBalancers: 0, nodePorts: 0 };

/**
 * The quota that lets all workloads of a namespace run at their largest and roll at the same time, and nothing more. Node
 * ports and load balancers are not among what a namespace gets by itself.
 */
export function quotaSpec(footprints: readonly Footprint[], exposed: ExposedServices = NONE): k8s.ResourceQuotaSpec {
  const sum = (key: keyof ParsedResources) =>
    footprints.reduce((total, { pods, perPod }) => total.plus(perPod[key].times(pods)), Quantity.ZERO);
  const claims = footprints.flatMap(({ pods, storage }) => storage.map((size) => ({ pods, size })));
  const pods = footprints.reduce((total, footprint) => total + footprint.pods, 0);
  const hard: Record<string, string> = {
    pods: `${pods}`,
    'requests.cpu': sum('cpuRequest').toCpu(),
    'limits.cpu': sum('cpuLimit').toCpu(),
    'requests.memory': sum('memoryRequest').toBytes(),
    'limits.memory': sum('memoryLimit').toBytes(),
    'requests.ephemeral-storage': sum('ephemeralStorageRequest').toBytes(),
    'limits.ephemeral-storage': sum('ephemeralStorageLimit').toBytes(),
    'requests.storage': claims.reduce((total, c) => total.plus(c.size.times(c.pods)), Quantity.ZERO).toBytes(),
    persistentvolumeclaims: `${claims.reduce((total, c) => total + c.pods, 0)}`,
    'services.loadbalancers': `${exposed.loadBalancers}`,
    'services.nodeports': `${exposed.nodePorts}`,
  };
  return {
    hard: Object.fromEntries(Object.entries(hard).map(([name, value]) => [name, k8s.Quantity.fromString(value)])),
  };
}

/** Limits for containers that state none, and the most any container may state: what the largest one in the namespace does. */
export function limitRangeSpec(footprints: readonly Footprint[]): k8s.LimitRangeSpec {
  const standard = parseResources(STANDARD_RESOURCES, 'standard resources');
  const containers = [standard, ...footprints.flatMap((f) => f.containers)];
  const most = (key: keyof ParsedResources) => Quantity.max(...containers.map((c) => c[key]));
  return {
    limits: [
      {
        type: 'Container',
        defaultRequest: amounts(standard.cpuRequest, standard.memoryRequest, standard.ephemeralStorageRequest),
        default: amounts(standard.cpuLimit, standard.memoryLimit, standard.ephemeralStorageLimit),
        max: amounts(most('cpuLimit'), most('memoryLimit'), most('ephemeralStorageLimit')),
      },
    ],
  };
}

function amounts(cpu: Quantity, memory: Quantity, ephemeralStorage: Quantity): Record<string, k8s.Quantity> {
  return {
    cpu: k8s.Quantity.fromString(cpu.toCpu()),
    memory: k8s.Quantity.fromString(memory.toBytes()),
    'ephemeral-storage': k8s.Quantity.fromString(ephemeralStorage.toBytes()),
  };
}
