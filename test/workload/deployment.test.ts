import { Autoscaling } from '../../lib/workload/autoscaler';
import { Deployment, DeploymentProps } from '../../lib/workload/deployment';
import { find, findAll, templateOf } from '../manifest';
import { everyWorkloadProp, expectEveryWorkloadProp, MINIMAL, SELECTOR, testChart } from './fixtures';

const orders = (props: Partial<DeploymentProps> = {}) =>
  new Deployment(testChart(), 'orders', { ...MINIMAL, ...props });

const count = (deployment: Deployment, kind: string) => findAll(deployment, kind).length;

describe('Deployment', () => {
  it('runs one pod, without autoscaler or budget', () => {
    const deployment = orders();
    expect(find(deployment, 'Deployment').spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: { matchLabels: SELECTOR },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    expect(templateOf(find(deployment, 'Deployment')).spec).not.toHaveProperty('topologySpreadConstraints');
    expect(deployment.kubeDeployment.name).toBe('orders');
    expect(deployment.kubeAutoscaler).toBeUndefined();
    expect(count(deployment, 'HorizontalPodAutoscaler')).toBe(0);
    expect(count(deployment, 'PodDisruptionBudget')).toBe(0);
  });

  it('renders every property', () => {
    const autoscaling: Required<Autoscaling> = { maxReplicas: 17, cpuUtilization: 55, memoryPercentOfLimit: 50 };
    const every: Required<DeploymentProps> = { ...everyWorkloadProp(), replicas: 4, autoscaling };
    const deployment = orders(every);
    expectEveryWorkloadProp(find(deployment, 'Deployment'));
    const wave = { annotations: { 'argocd.argoproj.io/sync-wave': '77' } };
    expect(find(deployment, 'HorizontalPodAutoscaler', 'orders-store')).toMatchObject({
      metadata: wave,
      spec: {
        scaleTargetRef: { kind: 'Deployment', name: 'orders-store' },
        minReplicas: 4,
        maxReplicas: 17,
        metrics: [
          { resource: { name: 'cpu', target: { averageUtilization: 55 } } },
          // Half of the limits of both containers, 512Mi each.
          { resource: { name: 'memory', target: { averageValue: '512Mi' } } },
        ],
      },
    });
    expect(find(deployment, 'PodDisruptionBudget', 'orders-store')).toMatchObject({ metadata: wave });
    expect(deployment.kubeAutoscaler?.name).toBe('orders-store');
  });

  it('has a budget and is spread where it runs more than one pod', () => {
    const deployment = orders({ replicas: 2 });
    expect(find(deployment, 'Deployment').spec.replicas).toBe(2);
    expect(find(deployment, 'PodDisruptionBudget').spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels: SELECTOR },
    });
    expect(templateOf(find(deployment, 'Deployment')).spec.topologySpreadConstraints).toMatchObject([
      {
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        matchLabelKeys: ['pod-template-hash'],
      },
      { topologyKey: 'kubernetes.io/hostname' },
    ]);
  });

  it('leaves the number of pods to its autoscaler', () => {
    const deployment = orders({ autoscaling: {} });
    expect(find(deployment, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(find(deployment, 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 1, maxReplicas: 10 });
    expect(count(deployment, 'PodDisruptionBudget')).toBe(1);
  });

  it('may have an autoscaler that keeps it at one pod, without budget', () => {
    const deployment = orders({ autoscaling: { maxReplicas: 1 } });
    expect(find(deployment, 'HorizontalPodAutoscaler').spec).toMatchObject({ minReplicas: 1, maxReplicas: 1 });
    expect(count(deployment, 'PodDisruptionBudget')).toBe(0);
  });

  it('of 0 pods is switched off, without autoscaler or budget', () => {
    const deployment = orders({ replicas: 0, autoscaling: {} });
    expect(find(deployment, 'Deployment').spec.replicas).toBe(0);
    expect(deployment.kubeAutoscaler).toBeUndefined();
    expect(count(deployment, 'HorizontalPodAutoscaler')).toBe(0);
    expect(count(deployment, 'PodDisruptionBudget')).toBe(0);
  });

  it.each<[Partial<DeploymentProps>, string]>([
    [{ replicas: -1 }, 'replicas is -1; allowed: a whole number of 0 or more'],
    [{ replicas: 1.5 }, 'replicas is 1.5; allowed: a whole number of 0 or more'],
    [{ replicas: 3, autoscaling: { maxReplicas: 2 } }, 'autoscaling.maxReplicas is 2; allowed: at least replicas (3)'],
    [{ replicas: 11, autoscaling: {} }, 'autoscaling.maxReplicas is 10; allowed: at least replicas (11)'],
    [{ autoscaling: { maxReplicas: 2.5 } }, 'autoscaling.maxReplicas is 2.5; allowed: a whole number of 0 or more'],
    [
      { autoscaling: { cpuUtilization: 101 } },
      'autoscaling.cpuUtilization is 101; allowed: a whole number from 1 to 100',
    ],
  ])('refuses %j', (props, message) => {
    expect(() => orders(props)).toThrow(`[test/orders] ${message}`);
  });
});
