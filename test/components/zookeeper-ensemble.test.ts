import { Size } from 'cdk8s';
import { MemberSetProps, ZookeeperEnsemble } from '../../lib';
import { find, manifestsOf, namesOf } from '../manifest';
import { kafkaChart, memberSetOf } from './member-sets';

function make(props: Partial<MemberSetProps> = {}) {
  const chart = kafkaChart();
  const ensemble = new ZookeeperEnsemble(chart, 'zookeeper', { ...memberSetOf(chart, 'zookeeper'), ...props });
  const manifests = manifestsOf(chart);
  const { spec } = find(manifests, 'StatefulSet', 'zookeeper');
  return { ensemble, manifests, spec, pod: spec.template.spec, container: spec.template.spec.containers[0] };
}

const variable = (container: { env: { name: string; value: string }[] }, name: string) =>
  container.env.find((e) => e.name === name)?.value;

describe('an ensemble', () => {
  const { ensemble, manifests, spec, pod, container } = make();

  it('is a stateful set with all that belongs to it', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap zookeeper',
      'NetworkPolicy zookeeper',
      'PodDisruptionBudget zookeeper',
      'Service zookeeper',
      'Service zookeeper-headless',
      'ServiceAccount zookeeper',
      'StatefulSet zookeeper',
    ]);
  });

  it('has three members, each with a volume of its size and class', () => {
    expect(spec.replicas).toBe(3);
    expect(spec.volumeClaimTemplates).toMatchObject([
      {
        metadata: { name: 'data' },
        spec: { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } },
      },
    ]);
    expect(container.volumeMounts).toContainEqual({ name: 'data', mountPath: '/data' });
  });

  it('loses one member at a time, and replaces the next once the last has served for a while', () => {
    expect(find(manifests, 'PodDisruptionBudget', 'zookeeper').spec.maxUnavailable).toBe(1);
    expect(spec.minReadySeconds).toBe(10);
  });

  it('runs its image as its user, as what keeps data', () => {
    expect(container.image).toBe('docker.io/library/zookeeper:3.8.6');
    expect(pod).toMatchObject({ priorityClassName: 'wms-data', securityContext: { runAsUser: 1000 } });
    expect(pod.terminationGracePeriodSeconds).toBe(60);
  });

  it('reads its ConfigMap, whose content rolls it', () => {
    expect(Object.keys(find(manifests, 'ConfigMap', 'zookeeper').data).sort()).toEqual([
      'logback.xml',
      'ready.sh',
      'start.sh',
      'zoo.cfg',
    ]);
    expect(container).toMatchObject({ command: ['bash', '/conf/start.sh'] });
    expect(container.volumeMounts).toContainEqual({ name: 'config', mountPath: '/conf', readOnly: true });
    expect(spec.template.metadata.annotations).toHaveProperty(['checksum/zookeeper']);
  });

  it('has half of its memory limit as heap', () => {
    expect(variable(container, 'ZK_SERVER_HEAP')).toBe('512');
  });

  it('is ready where it serves, and alive where it listens', () => {
    expect(container.readinessProbe.exec.command).toEqual(['bash', '/conf/ready.sh']);
    expect(container.livenessProbe.tcpSocket).toEqual({ port: 'tcp-client' });
    expect(container.startupProbe.tcpSocket).toEqual({ port: 'tcp-client' });
  });

  it('is reached at its name, and member by member', () => {
    expect(ensemble.endpoint.name).toBe('kafka/zookeeper:tcp-client');
    expect(ensemble.client.address).toBe('zookeeper.kafka.svc.cluster.local:2181');
    expect(ensemble.addresses).toEqual([
      'zookeeper-0.zookeeper-headless.kafka.svc.cluster.local:2181',
      'zookeeper-1.zookeeper-headless.kafka.svc.cluster.local:2181',
      'zookeeper-2.zookeeper-headless.kafka.svc.cluster.local:2181',
    ]);
    const ports = find(manifests, 'Service', 'zookeeper').spec.ports.map(({ port }: { port: number }) => port);
    expect(ports).toEqual([2181, 7000]);
  });

  it('serves metrics, and its members find each other', () => {
    expect(ensemble.statefulSet.metrics).toMatchObject([{ endpoint: { port: 7000 }, path: '/metrics' }]);
    expect(ensemble.statefulSet.pods._opened.map(({ server }) => server._id)).toEqual([
      'kafka/zookeeper:2888',
      'kafka/zookeeper:3888',
    ]);
  });
});

describe('an ensemble of one', () => {
  const { spec, container, manifests } = make({
    members: 1,
    storage: Size.gibibytes(1),
    storageClassName: undefined,
    resources: { cpuRequest: '50m', memoryRequest: '256Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  });

  it('has the figures it is given', () => {
    expect(spec.replicas).toBe(1);
    expect(spec.volumeClaimTemplates[0].spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    });
    expect(container.resources.limits).toMatchObject({ cpu: '500m', memory: '256Mi' });
    expect(variable(container, 'ZK_SERVER_HEAP')).toBe('128');
  });

  it('waits for nobody and has no budget', () => {
    expect(spec).not.toHaveProperty('minReadySeconds');
    expect(namesOf(manifests)).not.toContain('PodDisruptionBudget zookeeper');
  });
});

describe('an ensemble is refused', () => {
  it.each([
    [{ members: 2 }, '[kafka/zookeeper] members is 2, which is even; allowed: an odd number'],
    [{ members: 0 }, '[kafka/zookeeper] members is 0; allowed: a whole number of 1 or more'],
    [
      { resources: { cpuRequest: '50m', memoryRequest: '128Mi', cpuLimit: '1', memoryLimit: '200Mi' } },
      '[kafka/zookeeper] resources.memoryLimit is 200Mi, too small for its heap; allowed: at least 256Mi',
    ],
  ])('with %j', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });
});
