import { parseResources, Resources, toRequirements } from '../../lib/workload/resources';
import { RESOURCES } from './fixtures';

const rendered = (resources: Resources): unknown => {
  const { requests, limits } = toRequirements(resources, 'here');
  const plain = (amounts: object = {}) => Object.fromEntries(Object.entries(amounts).map(([k, v]) => [k, v.value]));
  return { requests: plain(requests), limits: plain(limits) };
};

describe('Resources', () => {
  it('reserve and limit a little node-local disk unless told otherwise', () => {
    expect(rendered(RESOURCES)).toEqual({
      requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '500m', memory: '512Mi', 'ephemeral-storage': '256Mi' },
    });
    expect(rendered({ ...RESOURCES, ephemeralStorageRequest: undefined, ephemeralStorageLimit: undefined })).toEqual(
      rendered(RESOURCES),
    );
  });

  it('render every property, as the API server prints it back', () => {
    const every: Required<Resources> = {
      cpuRequest: '1000m',
      memoryRequest: '1024Mi',
      ephemeralStorageRequest: '1Gi',
      cpuLimit: '1.5',
      memoryLimit: '1.5Gi',
      ephemeralStorageLimit: '2048Mi',
    };
    expect(rendered(every)).toEqual({
      requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' },
      limits: { cpu: '1500m', memory: '1536Mi', 'ephemeral-storage': '2Gi' },
    });
  });

  it('may have limits equal to their requests', () => {
    const { cpuRequest, cpuLimit } = parseResources({ ...RESOURCES, cpuLimit: '0.1' }, 'here');
    expect(cpuLimit.toCpu()).toBe(cpuRequest.toCpu());
  });

  it.each<[string, Partial<Resources>, string]>([
    ['a CPU limit', { cpuLimit: '99m' }, 'resources.cpuLimit 99m is below resources.cpuRequest 100m'],
    ['a memory limit', { memoryLimit: '127Mi' }, 'resources.memoryLimit 127Mi is below resources.memoryRequest 128Mi'],
    [
      'a disk limit',
      { ephemeralStorageRequest: '300Mi' },
      'resources.ephemeralStorageLimit 256Mi is below resources.ephemeralStorageRequest 300Mi',
    ],
  ])('refuse %s below its request', (_, changed, message) => {
    expect(() => parseResources({ ...RESOURCES, ...changed }, 'here')).toThrow(
      `[here] ${message}; allowed: a limit of at least the request`,
    );
  });

  it.each(['cpuRequest', 'memoryRequest', 'cpuLimit', 'memoryLimit', 'ephemeralStorageRequest'] as const)(
    'refuse a %s that is zero or malformed',
    (key) => {
      expect(() => parseResources({ ...RESOURCES, [key]: '0' }, 'here')).toThrow(
        `[here resources.${key}] '0' is zero; allowed: a quantity above zero`,
      );
      expect(() => parseResources({ ...RESOURCES, [key]: 'much' }, 'here')).toThrow(
        `[here resources.${key}] 'much' is no quantity; allowed: a number with a unit`,
      );
    },
  );

  it.each(['memoryRequest', 'memoryLimit', 'ephemeralStorageLimit'] as const)(
    'refuse a %s of parts of a byte, which CPU alone is measured in',
    (key) => {
      expect(() => parseResources({ ...RESOURCES, [key]: '128m' }, 'here')).toThrow(
        `[here resources.${key}] '128m' is no number of bytes; allowed: whole bytes, as 128Mi`,
      );
    },
  );
});
