import { Identity, platformLabels, selectorLabels, workloadLabels } from '../../lib/workload/labels';

const PART = {
  'app.kubernetes.io/component': 'worker',
  'app.kubernetes.io/part-of': 'wms-platform',
  'app.kubernetes.io/managed-by': 'cdk8s',
};

const PICKING: Required<Identity> = { box: 'picking', workload: 'picking-worker', component: 'worker' };

describe('labels', () => {
  it('select by box and workload alone, because a selector can never change', () => {
    expect(selectorLabels(PICKING)).toEqual({
      'app.kubernetes.io/name': 'picking',
      'app.kubernetes.io/instance': 'picking-worker',
    });
  });

  it('of a workload contain its selector', () => {
    expect(workloadLabels(PICKING)).toEqual({ ...selectorLabels(PICKING), ...PART });
  });

  it('of the platform name no workload', () => {
    expect(platformLabels('kafka', 'worker')).toEqual({ 'app.kubernetes.io/name': 'kafka', ...PART });
  });
});
