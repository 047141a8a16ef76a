import { k8s } from 'cdk8s-plus-27';
import { disruptionBudget, topologySpread, ZoneSpread } from '../../lib/workload/availability';
import { SELECTOR } from './fixtures';

const ALONE = { min: 1, max: 1 };
const NONE = { min: 0, max: 0 };
const GROWING = { min: 1, max: 2 };

describe('disruptionBudget', () => {
  it.each([ALONE, NONE])('is none for a scale of %j, because it could only block every drain', (scale) => {
    expect(disruptionBudget(scale, SELECTOR)).toBeUndefined();
  });

  it('lets one pod at a time go, and broken ones always', () => {
    expect(disruptionBudget(GROWING, SELECTOR)).toEqual({
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      selector: { matchLabels: SELECTOR },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });
});

describe('topologySpread', () => {
  it.each([ALONE, NONE])('is none for a scale of %j', (scale) => {
    expect(topologySpread(scale, SELECTOR, { zones: ZoneSpread.REQUIRED, perRevision: true })).toBeUndefined();
  });

  it.each([
    [ZoneSpread.PREFERRED, 'ScheduleAnyway'],
    [ZoneSpread.REQUIRED, 'DoNotSchedule'],
  ])('spreads over zones as told (%s), and over nodes where there is room', (zones, whenUnsatisfiable) => {
    const spread = { maxSkew: 1, labelSelector: { matchLabels: SELECTOR }, matchLabelKeys: undefined };
    expect(topologySpread(GROWING, SELECTOR, { zones, perRevision: false })).toEqual([
      { ...spread, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable },
      { ...spread, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
  });

  it('counts the pods of one revision alone where told so', () => {
    const constraints = topologySpread(GROWING, SELECTOR, { zones: ZoneSpread.PREFERRED, perRevision: true });
    expect(constraints?.map(({ matchLabelKeys }) => matchLabelKeys)).toEqual([
      ['pod-template-hash'],
      ['pod-template-hash'],
    ]);
  });
});
