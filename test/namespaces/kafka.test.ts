import { App, Size } from 'cdk8s';
import { Environment, KafkaMode, WmsPlatform, WmsPlatformProps } from '../../lib';
import { arrow } from '../../lib/connections/diagram';
import { development, namespaceManifests, production, SERVICE_IMAGES } from '../fixtures';
import { find, Manifest } from '../manifest';

const ID = 'MkU3OEVBNTcwNTJENDM2Qg';

function make(environment: Environment, props: Partial<WmsPlatformProps> = {}) {
  const app = new App();
  const platform = new WmsPlatform(app, environment.name, { environment, ...props });
  return { platform, manifests: namespaceManifests(app, 'kafka') };
}

const staging = () => Environment.staging({ services: SERVICE_IMAGES });
const storageOf = (manifests: Manifest[], name: string) => {
  const [{ spec }] = find(manifests, 'StatefulSet', name).spec.volumeClaimTemplates;
  return [spec.resources.requests.storage, spec.storageClassName];
};
const arrowsOf = (platform: WmsPlatform) =>
  platform._connections
    .map(arrow)
    .filter((a) => /kafka\/(zookeeper|kafka-controller)/.test(a) && !a.includes('prometheus'));

describe('the message layer', () => {
  it.each([
    ['production', production, 3, ['50Gi', 'wms-ssd'], ['10Gi', 'wms-ssd']],
    ['staging', staging, 3, ['5Gi', 'wms-ssd'], ['1Gi', 'wms-ssd']],
    ['development', development, 1, ['1Gi', undefined], ['1Gi', undefined]],
  ])('has the figures of %s', (_name, environment, members, kafka, zookeeper) => {
    const { manifests } = make(environment());
    for (const name of ['kafka', 'zookeeper']) {
      expect(find(manifests, 'StatefulSet', name).spec.replicas).toBe(members);
    }
    expect(storageOf(manifests, 'kafka')).toEqual(kafka);
    expect(storageOf(manifests, 'zookeeper')).toEqual(zookeeper);
  });

  it('has its figures overridden', () => {
    const { manifests, platform } = make(production(), {
      kafka: { members: 5, storage: Size.gibibytes(70), replicationFactor: 4, minInSyncReplicas: 3 },
      zookeeper: { members: 5, storage: Size.gibibytes(20) },
    });
    expect(find(manifests, 'StatefulSet', 'kafka').spec.replicas).toBe(5);
    expect(storageOf(manifests, 'kafka')[0]).toBe('70Gi');
    expect(storageOf(manifests, 'zookeeper')[0]).toBe('20Gi');
    expect(platform.zookeeper!.addresses).toHaveLength(5);
    const { data } = find(manifests, 'ConfigMap', 'kafka');
    expect(data['server.properties']).toContain('zookeeper-4.zookeeper-headless');
    expect(data['server.properties']).toMatch(/^default\.replication\.factor=4\n/m);
    expect(data['server.properties']).toMatch(/^min\.insync\.replicas=3\n/m);
  });

  it('keeps its metadata in ZooKeeper, unless it is told otherwise', () => {
    expect(arrowsOf(make(production()).platform)).toEqual([
      'kafka/kafka -> kafka/zookeeper:2181',
      'kafka/zookeeper -> kafka/zookeeper:2888',
      'kafka/zookeeper -> kafka/zookeeper:3888',
    ]);
  });

  it('keeps it in both while it migrates', () => {
    const { platform } = make(production(), { kafka: { mode: KafkaMode.migrating({ clusterId: ID }) } });
    expect(arrowsOf(platform)).toEqual([
      'kafka/kafka -> kafka/kafka-controller:9093',
      'kafka/kafka -> kafka/zookeeper:2181',
      'kafka/kafka-controller -> kafka/kafka-controller:9093',
      'kafka/kafka-controller -> kafka/kafka:9094',
      'kafka/kafka-controller -> kafka/zookeeper:2181',
      'kafka/zookeeper -> kafka/zookeeper:2888',
      'kafka/zookeeper -> kafka/zookeeper:3888',
    ]);
  });

  it('has no ZooKeeper at the end, and controllers with its figures', () => {
    const { platform, manifests } = make(production(), { kafka: { mode: KafkaMode.kraft() } });
    expect(platform.zookeeper).toBeUndefined();
    expect(arrowsOf(platform)).toEqual([
      'kafka/kafka -> kafka/kafka-controller:9093',
      'kafka/kafka-controller -> kafka/kafka-controller:9093',
    ]);
    expect(find(manifests, 'StatefulSet', 'kafka-controller').spec.replicas).toBe(3);
    expect(storageOf(manifests, 'kafka-controller')).toEqual(['10Gi', 'wms-ssd']);
  });

  it('keeps a ZooKeeper that nobody uses as long as it is told to', () => {
    const { platform } = make(production(), { kafka: { mode: KafkaMode.kraft({ zookeeperKept: true }) } });
    expect(platform.zookeeper).toBeDefined();
    expect(arrowsOf(platform)).not.toContain('kafka/kafka -> kafka/zookeeper:2181');
  });

  it('has the figures of its controllers overridden', () => {
    const { manifests } = make(production(), {
      kafka: { mode: KafkaMode.kraft(), controllers: { members: 5, storage: Size.gibibytes(12) } },
    });
    expect(find(manifests, 'StatefulSet', 'kafka-controller').spec.replicas).toBe(5);
    expect(storageOf(manifests, 'kafka-controller')[0]).toBe('12Gi');
  });

  it('is one node on one machine without ZooKeeper', () => {
    const { manifests } = make(development(), { kafka: { mode: KafkaMode.kraft() } });
    const sets = manifests.filter(({ kind }) => kind === 'StatefulSet').map(({ metadata }) => metadata.name);
    expect(sets).toEqual(['kafka']);
  });
});
