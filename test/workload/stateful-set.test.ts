import { Size } from 'cdk8s';
import { ZoneSpread } from '../../lib/workload/availability';
import { StatefulSet, StatefulSetProps, VolumeClaim } from '../../lib/workload/stateful-set';
import { find, findAll, templateOf } from '../manifest';
import { everyWorkloadProp, expectEveryWorkloadProp, LISTENING, MINIMAL, SELECTOR, testChart } from './fixtures';

const orders = (props: Partial<StatefulSetProps> = {}) =>
  new StatefulSet(testChart(), 'orders', { ...MINIMAL, ...props });

const podSpec = (set: StatefulSet) => templateOf(find(set, 'StatefulSet')).spec;

describe('StatefulSet', () => {
  it('runs one pod without volumes, spread or budget', () => {
    const set = orders();
    expect(find(set, 'StatefulSet').spec).toMatchObject({
      replicas: 1,
      serviceName: 'orders-headless',
      podManagementPolicy: 'Parallel',
      revisionHistoryLimit: 3,
      selector: { matchLabels: SELECTOR },
      volumeClaimTemplates: [],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    expect(find(set, 'StatefulSet').spec).not.toHaveProperty('minReadySeconds');
    expect(podSpec(set)).not.toHaveProperty('affinity');
    expect(podSpec(set)).not.toHaveProperty('topologySpreadConstraints');
    expect(findAll(set, 'PodDisruptionBudget')).toEqual([]);
    expect(set.kubeStatefulSet.name).toBe('orders');
  });

  it('renders every property', () => {
    const volume: Required<VolumeClaim> = { name: 'data', size: Size.gibibytes(7), storageClassName: 'fast' };
    const every: Required<StatefulSetProps> = {
      ...everyWorkloadProp(),
      replicas: 3,
      volumeClaims: [volume],
      zoneSpread: ZoneSpread.PREFERRED,
      minReadySeconds: 13,
    };
    const set = orders(every);
    const object = find(set, 'StatefulSet');
    expectEveryWorkloadProp(object);
    expect(object.spec).toMatchObject({
      replicas: 3,
      minReadySeconds: 13,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data', labels: object.metadata.labels },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'fast',
            resources: { requests: { storage: '7Gi' } },
          },
        },
      ],
    });
    expect(podSpec(set).topologySpreadConstraints).toMatchObject([
      { whenUnsatisfiable: 'ScheduleAnyway' },
      { whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
    expect(find(set, 'PodDisruptionBudget', 'orders-store').metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-wave': '77',
    });
  });

  it("leaves the StorageClass to the cluster's default", () => {
    const set = orders({ volumeClaims: [{ name: 'data', size: Size.mebibytes(2048) }] });
    expect(find(set, 'StatefulSet').spec.volumeClaimTemplates).toEqual([
      expect.objectContaining({
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
      }),
    ]);
  });

  it('of more than one pod has a budget, and never two on one node or crooked over zones', () => {
    const set = orders({ replicas: 2 });
    expect(podSpec(set)).toMatchObject({
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: SELECTOR }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
      topologySpreadConstraints: [
        { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
        { topologyKey: 'kubernetes.io/hostname' },
      ],
    });
    // Its pods carry no template hash: every constraint with that key would match no pod.
    expect(JSON.stringify(podSpec(set))).not.toContain('pod-template-hash');
    expect(find(set, 'PodDisruptionBudget').spec).toMatchObject({ selector: { matchLabels: SELECTOR } });
  });

  it('names each pod at a headless Service, before it is ready', () => {
    const set = orders({ ...LISTENING, replicas: 2 });
    expect(set.headlessServiceName).toBe('orders-headless');
    expect(find(set, 'Service', 'orders-headless').spec).toEqual({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: SELECTOR,
      ports: [
        { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP' },
        { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' },
      ],
    });
    expect(set.hosts).toEqual([
      'orders-0.orders-headless.test.svc.cluster.local',
      'orders-1.orders-headless.test.svc.cluster.local',
    ]);
    expect(set.hostOf(1)).toBe(set.hosts[1]);
  });

  it('of 0 pods is switched off, without budget', () => {
    const set = orders({ replicas: 0 });
    expect(find(set, 'StatefulSet').spec.replicas).toBe(0);
    expect(findAll(set, 'PodDisruptionBudget')).toEqual([]);
    expect(set.hosts).toEqual([]);
  });

  it.each([
    [2, 'there is no pod 2; allowed: one of its 2, counted from 0'],
    [-1, 'ordinal is -1; allowed: a whole number of 0 or more'],
    [0.5, 'ordinal is 0.5; allowed: a whole number of 0 or more'],
  ])('has no host of pod %d of 2', (ordinal, message) => {
    expect(() => orders({ replicas: 2 }).hostOf(ordinal)).toThrow(`[test/orders] ${message}`);
  });

  it.each<[string, Partial<StatefulSetProps>, string]>([
    ['-1 replicas', { replicas: -1 }, 'replicas is -1; allowed: a whole number of 0 or more'],
    ['-1 ready seconds', { minReadySeconds: -1 }, 'minReadySeconds is -1; allowed: a whole number of 0 or more'],
    ['1.5 ready seconds', { minReadySeconds: 1.5 }, 'minReadySeconds is 1.5; allowed: a whole number of 0 or more'],
    ['1.5 replicas', { replicas: 1.5 }, 'replicas is 1.5; allowed: a whole number of 0 or more'],
    [
      'a volume whose name is none',
      { volumeClaims: [{ name: 'Data', size: Size.gibibytes(1) }] },
      `'Data' is no volume name; allowed: lower-case letters, digits and '-'`,
    ],
  ])('refuses %s', (_, props, message) => {
    expect(() => orders(props)).toThrow(`[test/orders] ${message}`);
  });

  it('refuses a volume of no size', () => {
    expect(() => orders({ volumeClaims: [{ name: 'data', size: Size.gibibytes(0) }] })).toThrow(
      `[test/orders volume data] '0Gi' is zero; allowed: a quantity above zero`,
    );
  });
});
