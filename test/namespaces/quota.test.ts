import { k8s } from 'cdk8s-plus-27';
import { ExposedServices, limitRangeSpec, quotaSpec } from '../../lib/namespaces/quota';
import { Footprint } from '../../lib/workload/footprint';
import { Quantity } from '../../lib/workload/quantity';
import { parseResources, Resources } from '../../lib/workload/resources';

const SMALL: Resources = { cpuRequest: '100m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '512Mi' };
const LARGE: Resources = {
  cpuRequest: '1',
  memoryRequest: '2Gi',
  cpuLimit: '2',
  memoryLimit: '4Gi',
  ephemeralStorageRequest: '1Gi',
  ephemeralStorageLimit: '2Gi',
};

function footprint(pods: number, resources: Resources, storage: string[] = []): Footprint {
  const perPod = parseResources(resources, 'test');
  return { pods, perPod, containers: [perPod], storage: storage.map((size) => Quantity.parse(size, 'test')) };
}

/** Amounts as they are written. */
const written = (amounts: Record<string, k8s.Quantity> = {}) =>
  Object.fromEntries(Object.entries(amounts).map(([name, { value }]) => [name, value]));

describe('the quota of a namespace', () => {
  it('is the sum over its workloads of what their pods take', () => {
    const { hard } = quotaSpec([footprint(11, SMALL), footprint(3, LARGE, ['50Gi', '10Gi'])]);
    expect(written(hard)).toEqual({
      pods: '14',
      'requests.cpu': '4100m',
      'limits.cpu': '11500m',
      'requests.memory': `${11 * 128 + 3 * 2048}Mi`,
      'limits.memory': `${11 * 512 + 3 * 4096}Mi`,
      'requests.ephemeral-storage': `${11 * 64 + 3 * 1024}Mi`,
      'limits.ephemeral-storage': `${11 * 256 + 3 * 2048}Mi`,
      'requests.storage': '180Gi',
      persistentvolumeclaims: '6',
      'services.loadbalancers': '0',
      'services.nodeports': '0',
    });
  });

  it('is zero of everything where nothing is in it', () => {
    expect(new Set(Object.values(written(quotaSpec([]).hard)))).toEqual(new Set(['0']));
  });

  it('has load balancers and node ports where Services are reached from outside', () => {
    const outside: ExposedServices = { loadBalancers: 1, nodePorts: 2 };
    expect(written(quotaSpec([], outside).hard)).toMatchObject({
      pods: '0',
      'services.loadbalancers': '1',
      'services.nodeports': '2',
    });
  });

  it('leaves no room for what is switched off', () => {
    expect(written(quotaSpec([footprint(0, LARGE, ['50Gi'])]).hard)).toMatchObject({
      pods: '0',
      'requests.cpu': '0',
      'requests.storage': '0',
      persistentvolumeclaims: '0',
    });
  });
});

describe('the limits of a namespace', () => {
  const limits = (...footprints: Footprint[]) => limitRangeSpec(footprints).limits[0];

  it("give a container that states none the topology's standard resources", () => {
    const { type, ...range } = limits();
    expect(type).toBe('Container');
    expect(written(range.defaultRequest)).toEqual({ cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' });
    expect(written(range.default)).toEqual({ cpu: '500m', memory: '512Mi', 'ephemeral-storage': '256Mi' });
    expect(written(range.max)).toEqual(written(range.default));
  });

  it('allow what the largest container states, and no more', () => {
    expect(written(limits(footprint(2, LARGE), footprint(9, SMALL)).max)).toEqual({
      cpu: '2',
      memory: '4Gi',
      'ephemeral-storage': '2Gi',
    });
  });

  it('take the largest container, not the pod', () => {
    const small = parseResources(SMALL, 'test');
    const two = { ...footprint(1, LARGE), containers: [small, small] };
    expect(written(limits(two).max)).toMatchObject({ cpu: '500m', memory: '512Mi' });
  });
});
