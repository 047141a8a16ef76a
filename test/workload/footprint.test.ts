import { guestFootprints } from '../../lib/workload/footprint';

const RESOURCES = { cpuRequest: '50m', memoryRequest: '64Mi', cpuLimit: '100m', memoryLimit: '128Mi' };

describe('guestFootprints', () => {
  it('leave room for the pods of each guest', () => {
    const footprints = guestFootprints(2, 3, RESOURCES);
    expect(footprints.map(({ pods }) => pods)).toEqual([3, 3]);
    expect(footprints[0].containers).toEqual([footprints[0].perPod]);
    expect(footprints[0].perPod.memoryLimit.toMebibytes()).toBe(128);
    expect(footprints[0].storage).toEqual([]);
  });

  it('refuse figures that are none', () => {
    expect(() => guestFootprints(1, 1, { ...RESOURCES, cpuLimit: 'much' })).toThrow(/resources of guests/);
  });
});
