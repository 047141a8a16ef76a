import { Duration, Size } from 'cdk8s';
import { KafkaCluster, KafkaClusterProps, KafkaMode, ZookeeperEnsemble } from '../../lib';
import { COMPONENT_RESOURCES } from '../../lib/topology/component-resources';
import { find, Manifest, manifestsOf, namesOf, Part } from '../manifest';
import { kafkaChart, memberSetOf } from './member-sets';

const ID = 'MkU3OEVBNTcwNTJENDM2Qg';
const ZOOKEEPER = ['zookeeper-0.example:2181'];

function make(props: Partial<KafkaClusterProps> = {}) {
  const chart = kafkaChart();
  const cluster = new KafkaCluster(chart, 'kafka', {
    ...memberSetOf(chart, 'kafka'),
    zookeeper: ZOOKEEPER,
    controllers: {
      ...memberSetOf(chart, 'kafka'),
      storage: Size.gibibytes(10),
      resources: COMPONENT_RESOURCES['kafka-controller'].full,
    },
    topicsResources: COMPONENT_RESOURCES['kafka-topics'].full,
    exporterResources: COMPONENT_RESOURCES['kafka-exporter'].full,
    guestTopics: 2,
    ...props,
  });
  return { cluster, manifests: manifestsOf(chart) };
}

const SINGLE = { members: 1, storage: Size.gibibytes(1) };
const setOf = (manifests: Manifest[], name = 'kafka') => find(manifests, 'StatefulSet', name).spec;
const containerOf = (manifests: Manifest[], name = 'kafka') => setOf(manifests, name).template.spec.containers[0];
const variable = (container: Part, name: string) => container.env.find((e: Part) => e.name === name);
const topicsOf = (manifests: Manifest[]): string[] =>
  find(manifests, 'ConfigMap', 'kafka-topics').data['topics.list'].trim().split('\n');
const propertiesOf = (manifests: Manifest[], name = 'kafka'): string =>
  find(manifests, 'ConfigMap', name).data['server.properties'];
const opened = (set: KafkaCluster['statefulSet']) => set.pods._opened.map(({ server }) => server._id);

describe('a cluster', () => {
  const { cluster, manifests } = make();

  it('is brokers, a job for its topics and an exporter, with all that belongs to them', () => {
    expect(namesOf(manifests).map((name) => name.replace(/-[0-9a-f]{10}$/, '-HASH'))).toEqual([
      'ConfigMap kafka',
      'ConfigMap kafka-topics',
      'Deployment kafka-exporter',
      'Job kafka-topics-HASH',
      'NetworkPolicy kafka',
      'NetworkPolicy kafka-exporter',
      'NetworkPolicy kafka-topics',
      'PodDisruptionBudget kafka',
      'Service kafka',
      'Service kafka-exporter',
      'Service kafka-headless',
      'ServiceAccount kafka',
      'ServiceAccount kafka-exporter',
      'ServiceAccount kafka-topics',
      'StatefulSet kafka',
    ]);
  });

  it('has three brokers, each with a volume of its size and class', () => {
    expect(setOf(manifests).replicas).toBe(3);
    expect(setOf(manifests).volumeClaimTemplates).toMatchObject([
      {
        metadata: { name: 'data' },
        spec: { storageClassName: 'fast', resources: { requests: { storage: '50Gi' } } },
      },
    ]);
    expect(containerOf(manifests).volumeMounts).toContainEqual({ name: 'data', mountPath: '/var/lib/kafka/data' });
  });

  it('gives a broker time to hand its partitions over, and to catch up before the next is replaced', () => {
    expect(setOf(manifests).template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(120);
    expect(setOf(manifests).minReadySeconds).toBe(60);
    expect(find(manifests, 'PodDisruptionBudget', 'kafka').spec.maxUnavailable).toBe(1);
  });

  it('runs its image as its user, as what keeps data', () => {
    expect(containerOf(manifests).image).toBe('docker.io/apache/kafka:3.9.2');
    expect(setOf(manifests).template.spec).toMatchObject({
      priorityClassName: 'wms-data',
      securityContext: { runAsUser: 1000 },
    });
  });

  it('reads its ConfigMap, whose content rolls it', () => {
    expect(containerOf(manifests).command).toEqual(['bash', '/config/start.sh']);
    expect(Object.keys(find(manifests, 'ConfigMap', 'kafka').data).sort()).toEqual([
      'log4j.properties',
      'ready.sh',
      'server.properties',
      'start.sh',
    ]);
    expect(setOf(manifests).template.metadata.annotations).toHaveProperty(['checksum/kafka']);
  });

  it('has two fifths of its memory limit as heap, and leaves the rest to the page cache', () => {
    expect(variable(containerOf(manifests), 'KAFKA_HEAP_OPTS').value).toBe('-Xms1638m -Xmx1638m');
  });

  it('knows its zone from its own labels', () => {
    expect(variable(containerOf(manifests), 'ZONE').valueFrom.fieldRef.fieldPath).toBe(
      "metadata.labels['topology.kubernetes.io/zone']",
    );
  });

  it('is ready where the cluster knows it, and alive where it listens, however long it reads its logs at first', () => {
    const { readinessProbe, livenessProbe, startupProbe } = containerOf(manifests);
    expect(readinessProbe.exec.command).toEqual(['bash', '/config/ready.sh']);
    expect(livenessProbe.tcpSocket).toEqual({ port: 'tcp-client' });
    expect(startupProbe.tcpSocket).toEqual({ port: 'tcp-client' });
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(30 * 60);
  });

  it('is reached at one address, and its brokers reach each other apart from clients', () => {
    expect(cluster.endpoint.name).toBe('kafka/kafka:tcp-client');
    expect(cluster.client.address).toBe('kafka.kafka.svc.cluster.local:9092');
    expect(find(manifests, 'Service', 'kafka').spec.ports.map(({ port }: Part) => port)).toEqual([9092]);
    expect(opened(cluster.statefulSet)).toEqual(['kafka/kafka:9094']);
  });

  it('has the topics of the topology, the orders placed as drawn', () => {
    expect(topicsOf(manifests)).toHaveLength(9);
    expect(topicsOf(manifests)[3]).toMatch(/^wms\.orders\.events 3 3 1:2:3,2:3:1,3:1:2 min\.insync\.replicas=2,/);
  });

  it('makes its topics after its brokers are there, with the tools of its image', () => {
    const job = manifests.find(({ kind }) => kind === 'Job')!;
    expect(job.metadata.annotations).toMatchObject({ 'argocd.argoproj.io/sync-wave': '11' });
    const [container] = job.spec.template.spec.containers;
    expect(container).toMatchObject({
      image: 'docker.io/apache/kafka:3.9.2',
      command: ['bash', '/config/topics.sh'],
      resources: { limits: { memory: '256Mi' } },
    });
    expect(variable(container, 'BOOTSTRAP_SERVER').value).toBe('kafka.kafka.svc.cluster.local:9092');
    expect(job.spec.activeDeadlineSeconds).toBe(1800);
    expect(cluster._topics.job.pods._opened.map(({ server }) => server._id)).toEqual(['kafka/kafka:9092']);
  });

  it('is watched by an exporter, which comes after its brokers', () => {
    const { metadata, spec } = find(manifests, 'Deployment', 'kafka-exporter');
    expect(metadata.annotations).toMatchObject({ 'argocd.argoproj.io/sync-wave': '11' });
    expect(spec.template.spec.securityContext.runAsUser).toBe(65534);
    expect(spec.template.spec.containers[0]).toMatchObject({
      image: 'docker.io/danielqsj/kafka-exporter:v1.9.0',
      args: ['--kafka.server=kafka.kafka.svc.cluster.local:9092'],
      ports: [{ containerPort: 9308 }],
      livenessProbe: { tcpSocket: { port: 'http-metrics' } },
      readinessProbe: { httpGet: { path: '/healthz' } },
      resources: { limits: { memory: '128Mi' } },
    });
    expect(cluster._exporter.deployment.metrics).toMatchObject([{ endpoint: { port: 9308 }, path: '/metrics' }]);
  });

  it('has no controllers', () => {
    expect(cluster.controllers).toBeUndefined();
    expect(cluster.zookeeperClients).toEqual([cluster.statefulSet]);
  });
});

describe('a cluster with every figure', () => {
  const { manifests } = make({
    members: 5,
    storage: Size.gibibytes(500),
    storageClassName: undefined,
    resources: { cpuRequest: '2', memoryRequest: '8Gi', cpuLimit: '4', memoryLimit: '8Gi' },
    replicationFactor: 4,
    minInSyncReplicas: 3,
    topics: {
      'wms.waves.events': {
        partitions: 12,
        replicationFactor: 2,
        minInSyncReplicas: 1,
        retention: Duration.days(1),
        bytesPerSecond: Size.kibibytes(1),
      },
    },
    guestTopics: 0,
  });

  it('has its brokers, volumes and resources', () => {
    expect(setOf(manifests).replicas).toBe(5);
    expect(setOf(manifests).volumeClaimTemplates[0].spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '500Gi' } },
    });
    expect(containerOf(manifests).resources.limits).toMatchObject({ cpu: '4', memory: '8Gi' });
    expect(variable(containerOf(manifests), 'KAFKA_HEAP_OPTS').value).toBe('-Xms3276m -Xmx3276m');
  });

  it('has its replication, in its settings and its topics', () => {
    expect(propertiesOf(manifests)).toMatch(/^default\.replication\.factor=4$/m);
    expect(propertiesOf(manifests)).toMatch(/^min\.insync\.replicas=3$/m);
    expect(topicsOf(manifests)[0]).toMatch(/^wms\.consolidation\.events 3 4 - min\.insync\.replicas=3,/);
  });

  it('has what its topics say', () => {
    // 1 KiB a second for a day in 12 partitions is below the smallest share: two segments of a mebibyte.
    expect(topicsOf(manifests).find((line) => line.startsWith('wms.waves.events'))).toBe(
      'wms.waves.events 12 2 - min.insync.replicas=1,retention.ms=86400000,retention.bytes=8388608,segment.bytes=1048576',
    );
  });
});

describe('a cluster of one broker', () => {
  const { manifests } = make(SINGLE);

  it('keeps each record once', () => {
    expect(propertiesOf(manifests)).toMatch(/^default\.replication\.factor=1$/m);
    expect(propertiesOf(manifests)).toMatch(/^min\.insync\.replicas=1$/m);
    expect(topicsOf(manifests)[3]).toMatch(/^wms\.orders\.events 3 1 1,1,1 min\.insync\.replicas=1,/);
  });

  it('waits for nobody and has no budget', () => {
    expect(setOf(manifests)).not.toHaveProperty('minReadySeconds');
    expect(namesOf(manifests)).not.toContain('PodDisruptionBudget kafka');
  });
});

describe('a cluster that leaves ZooKeeper', () => {
  it('has controllers with their own figures, which both sides reach', () => {
    const { cluster, manifests } = make({ mode: KafkaMode.migrating({ clusterId: ID }) });
    const controllers = setOf(manifests, 'kafka-controller');
    expect(controllers).toMatchObject({ replicas: 3, minReadySeconds: 10 });
    expect(controllers.volumeClaimTemplates[0].spec.resources.requests.storage).toBe('10Gi');
    expect(controllers.template.spec).toMatchObject({
      priorityClassName: 'wms-data',
      terminationGracePeriodSeconds: 60,
    });
    expect(variable(containerOf(manifests, 'kafka-controller'), 'KAFKA_HEAP_OPTS').value).toBe('-Xms512m -Xmx512m');
    expect(find(manifests, 'PodDisruptionBudget', 'kafka-controller').spec.maxUnavailable).toBe(1);
    expect(opened(cluster.statefulSet)).toEqual(['kafka/kafka:9094', 'kafka/kafka-controller:9093']);
    expect(opened(cluster.controllers!)).toEqual(['kafka/kafka-controller:9093', 'kafka/kafka:9094']);
    expect(cluster.zookeeperClients).toEqual([cluster.statefulSet, cluster.controllers]);
    expect(propertiesOf(manifests, 'kafka-controller')).toContain(`zookeeper.connect=${ZOOKEEPER[0]}/kafka`);
  });

  it('leaves ZooKeeper to its controllers once its brokers have left it', () => {
    const { cluster } = make({ mode: KafkaMode.migrating({ clusterId: ID, brokersMigrated: true }) });
    expect(cluster.zookeeperClients).toEqual([cluster.controllers]);
  });
});

describe('a cluster without ZooKeeper', () => {
  it('has controllers that only brokers and they themselves reach', () => {
    const { cluster, manifests } = make({ mode: KafkaMode.kraft(), zookeeper: undefined });
    expect(setOf(manifests, 'kafka-controller').replicas).toBe(3);
    expect(opened(cluster.statefulSet)).toEqual(['kafka/kafka:9094', 'kafka/kafka-controller:9093']);
    expect(opened(cluster.controllers!)).toEqual(['kafka/kafka-controller:9093']);
    expect(cluster.zookeeperClients).toEqual([]);
    expect(propertiesOf(manifests)).toContain(
      '101@kafka-controller-0.kafka-controller-headless.kafka.svc.cluster.local:9093,102@kafka-controller-1.',
    );
  });

  it('has an ID of its own, the same each time, or the one it is given', () => {
    const start = (mode: KafkaMode) => find(make({ mode }).manifests, 'ConfigMap', 'kafka').data['start.sh'];
    expect(start(KafkaMode.kraft())).toBe(start(KafkaMode.kraft()));
    expect(start(KafkaMode.kraft())).toMatch(/--cluster-id=[A-Za-z0-9_][A-Za-z0-9_-]{21} /);
    expect(start(KafkaMode.kraft({ clusterId: ID }))).toContain(`--cluster-id=${ID} `);
  });

  it('is its own controller where it is one broker, or has one apart', () => {
    const { cluster, manifests } = make({ ...SINGLE, mode: KafkaMode.kraft() });
    expect(cluster.controllers).toBeUndefined();
    expect(propertiesOf(manifests)).toContain('1@kafka-0.kafka-headless.kafka.svc.cluster.local:9093');
    expect(containerOf(manifests).ports).toContainEqual({
      name: 'tcp-controller',
      containerPort: 9093,
      protocol: 'TCP',
    });
    expect(make({ ...SINGLE, mode: KafkaMode.kraft({ combined: false }) }).cluster.controllers).toBeDefined();
  });
});

describe('a cluster is refused', () => {
  const small = { cpuRequest: '1', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '300Mi' };
  const chart = kafkaChart();
  it.each([
    ['no brokers', { members: 0 }, '[kafka/kafka] members is 0; allowed: a whole number of 1 or more'],
    [
      'fewer brokers than replicas',
      { members: 2 },
      '[kafka/kafka] cluster replicationFactor is 3 with a number of brokers of 2; allowed: at most the number of brokers',
    ],
    ['no replicas', { replicationFactor: 0 }, '[kafka/kafka] replicationFactor is 0; allowed: a whole number of 1'],
    [
      'a minimum of none',
      { minInSyncReplicas: 0 },
      '[kafka/kafka] minInSyncReplicas is 0; allowed: a whole number of 1',
    ],
    [
      'a minimum above the replicas',
      { replicationFactor: 2, minInSyncReplicas: 3 },
      '[kafka/kafka] cluster minInSyncReplicas is 3 with a replicationFactor of 2; allowed: at most the replicationFactor',
    ],
    [
      'too little memory',
      { resources: small },
      '[kafka/kafka] resources.memoryLimit is 300Mi, too small for its heap; allowed: at least 640Mi',
    ],
    [
      'too little memory for its controllers',
      { mode: KafkaMode.kraft(), controllers: { ...memberSetOf(chart, 'kafka'), resources: small } },
      '[kafka/kafka/controllers] resources.memoryLimit is 300Mi, too small for its heap; allowed: at least 384Mi',
    ],
    [
      'an even number of controllers',
      { mode: KafkaMode.kraft(), controllers: { ...memberSetOf(chart, 'kafka'), members: 4 } },
      '[kafka/kafka/controllers] members is 4, which is even; allowed: an odd number',
    ],
    [
      'brokers that are all controllers',
      { mode: KafkaMode.kraft({ combined: true }) },
      '[kafka/kafka] its mode is combined with a number of brokers of 3; allowed: one, and otherwise controllers',
    ],
    [
      'no ZooKeeper where it needs one',
      { zookeeper: undefined },
      '[kafka/kafka] must provide zookeeper, as its mode is zookeeper',
    ],
    [
      'a topic that is none',
      { topics: { 'wms.nope': {} } },
      "[kafka/kafka] there is no topic 'wms.nope' to override; allowed: wms.consolidation.events,",
    ],
    [
      'fewer partitions than the topology has',
      { topics: { 'wms.waves.events': { partitions: 2 } } },
      '[kafka/kafka] wms.waves.events partitions is 2; allowed: 3 or more, as they are never lowered',
    ],
    [
      'a rate that its volumes cannot hold',
      { topics: { 'wms.waves.events': { bytesPerSecond: Size.mebibytes(1) } } },
      '[kafka/kafka] storage is 50Gi, too small for wms.waves.events (1024Ki a second for 7 days)',
    ],
  ])('with %s', (_what, props: Partial<KafkaClusterProps>, message) => {
    expect(() => make(props)).toThrow(message);
  });
});

it('A cluster and its ensemble find each other by the members of the ensemble', () => {
  const chart = kafkaChart();
  const ensemble = new ZookeeperEnsemble(chart, 'zookeeper', memberSetOf(chart, 'zookeeper'));
  const { manifests } = make({ zookeeper: ensemble.addresses });
  expect(propertiesOf(manifests)).toContain(`zookeeper.connect=${ensemble.addresses.join()}/kafka`);
});
