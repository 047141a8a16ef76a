import { Cron, Size } from 'cdk8s';
import { CronJob } from '../../lib/workload/cron-job';
import { DaemonSet } from '../../lib/workload/daemon-set';
import { Deployment } from '../../lib/workload/deployment';
import { Job } from '../../lib/workload/job';
import { ParsedResources } from '../../lib/workload/resources';
import { StatefulSet } from '../../lib/workload/stateful-set';
import { WorkloadProps } from '../../lib/workload/workload';
import { CONTAINER, MINIMAL, RESOURCES, testChart } from './fixtures';

const TWO_VOLUMES = [
  { name: 'data', size: Size.gibibytes(10) },
  { name: 'logs', size: Size.mebibytes(512) },
];

describe('the footprint of a workload', () => {
  it.each([
    ['a deployment and its rollout', new Deployment(testChart(), 'd', { ...MINIMAL, replicas: 2 }), 3],
    [
      'a deployment at its most',
      new Deployment(testChart(), 'd', { ...MINIMAL, replicas: 2, autoscaling: { maxReplicas: 8 } }),
      9,
    ],
    ['a deployment that is off', new Deployment(testChart(), 'd', { ...MINIMAL, replicas: 0, autoscaling: {} }), 0],
    ['a stateful set', new StatefulSet(testChart(), 's', { ...MINIMAL, replicas: 3 }), 3],
    ['a daemon set', new DaemonSet(testChart(), 's', { ...MINIMAL, maxNodes: 7 }), 7],
    ['a job', new Job(testChart(), 'j', MINIMAL), 1],
    ['a cron job', new CronJob(testChart(), 'c', { ...MINIMAL, schedule: Cron.daily() }), 1],
  ])('counts the pods of %s', (_, workload, pods) => {
    expect(workload._footprint).toMatchObject({ pods, storage: [] });
    expect(workload._footprint.containers).toHaveLength(1);
    expect(workload._footprint.perPod.cpuRequest.toCpu()).toBe('100m');
  });

  it('counts the volumes of each pod', () => {
    const set = new StatefulSet(testChart(), 's', { ...MINIMAL, volumeClaims: TWO_VOLUMES });
    expect(set._footprint.storage.map((size) => size.toBytes())).toEqual(['10Gi', '512Mi']);
  });

  it('takes for a pod its containers together, or its largest init container where that is more', () => {
    const props: WorkloadProps = {
      component: 'api',
      containers: [CONTAINER, { ...CONTAINER, name: 'sidecar' }],
      initContainers: [
        { ...CONTAINER, name: 'small', resources: { ...RESOURCES, memoryLimit: '600Mi' } },
        { ...CONTAINER, name: 'large', resources: { ...RESOURCES, cpuLimit: '3' } },
      ],
    };
    const { perPod, containers } = new Deployment(testChart(), 'd', props)._footprint;
    const bytes = (key: keyof ParsedResources) => perPod[key].toBytes();
    expect([perPod.cpuRequest.toCpu(), perPod.cpuLimit.toCpu()]).toEqual(['200m', '3']);
    expect([bytes('memoryRequest'), bytes('memoryLimit')]).toEqual(['256Mi', '1Gi']);
    expect([bytes('ephemeralStorageRequest'), bytes('ephemeralStorageLimit')]).toEqual(['128Mi', '512Mi']);
    expect(containers).toHaveLength(4);
  });
});
