import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Autoscaling, AUTOSCALING_DEFAULTS, autoscalerSpec } from '../../lib/workload/autoscaler';
import { Quantity } from '../../lib/workload/quantity';
import { testChart } from './fixtures';

const specOf = (autoscaling: Autoscaling) =>
  autoscalerSpec(new Construct(testChart(), 'orders'), 'orders', 2, Quantity.parse('512Mi', 'here'), autoscaling);

const metrics = (cpu: number, memory: string): k8s.MetricSpecV2[] => [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } },
  {
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'AverageValue', averageValue: k8s.Quantity.fromString(memory) } },
  },
];

describe('autoscalerSpec', () => {
  it('keeps pods at 70% of their CPU request and 80% of their memory limit', () => {
    expect(specOf({})).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: metrics(70, '409Mi'),
    });
  });

  it('renders every property', () => {
    const every: Required<Autoscaling> = { maxReplicas: 17, cpuUtilization: 55, memoryPercentOfLimit: 50 };
    expect(specOf(every)).toMatchObject({ maxReplicas: 17, metrics: metrics(55, '256Mi') });
  });

  it('takes a property that is undefined for one that is not given', () => {
    const none: Autoscaling = { maxReplicas: undefined, cpuUtilization: undefined, memoryPercentOfLimit: undefined };
    expect(specOf(none)).toEqual(specOf(AUTOSCALING_DEFAULTS));
  });

  it.each(['cpuUtilization', 'memoryPercentOfLimit'] as const)('refuses a %s that is no percentage', (what) => {
    for (const bad of [0, -1, 101, 70.5, NaN]) {
      expect(() => specOf({ [what]: bad })).toThrow(
        `[test/orders] autoscaling.${what} is ${bad}; allowed: a whole number from 1 to 100`,
      );
    }
    expect(() => specOf({ [what]: 1 })).not.toThrow();
    expect(() => specOf({ [what]: 100 })).not.toThrow();
  });
});
