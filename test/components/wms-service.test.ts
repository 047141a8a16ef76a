import { App, Chart } from 'cdk8s';
import { Credential, WmsService, WmsServiceAttributes, WmsServiceProps } from '../../lib';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { development, guestChart, production } from '../fixtures';
import { find, kindsOf, Manifest, manifestsOf, namesOf } from '../manifest';

const MINIMAL: WmsServiceProps = { image: 'ghcr.io/example/returns-service:1.4.2', port: 8021 };

function make(props: Partial<WmsServiceProps> = {}, environment = production()) {
  const guest = guestChart(environment);
  const service = new WmsService(guest.chart, 'returns-service', { ...MINIMAL, ...props });
  return { ...guest, service, manifests: () => manifestsOf(guest.chart) };
}

const podOf = (manifests: Manifest[], name = 'returns-service') => find(manifests, 'Deployment', name).spec.template;
const containerOf = (manifests: Manifest[]) => podOf(manifests).spec.containers[0];

describe('a service with nothing but image and port', () => {
  const { service, manifests: synth } = make();
  const manifests = synth();

  it('is a Deployment with all that belongs to it, named as its construct', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap returns-service',
      'Deployment returns-service',
      'HorizontalPodAutoscaler returns-service',
      'NetworkPolicy returns-service',
      'PodDisruptionBudget returns-service',
      'Service returns-service',
      'ServiceAccount returns-service',
    ]);
  });

  it('is told its name, its address, its environment and how to log', () => {
    expect(find(manifests, 'ConfigMap', 'returns-service').data).toEqual({
      SERVICE_NAME: 'returns-service',
      SERVER_ADDR: ':8021',
      ENVIRONMENT: 'production',
      LOG_LEVEL: 'info',
      LOG_FORMAT: 'json',
    });
    expect(containerOf(manifests)).toMatchObject({ envFrom: [{ configMapRef: { name: 'returns-service' } }] });
    expect(containerOf(manifests)).not.toHaveProperty('env');
  });

  it("asks for the topology's standard resources", () => {
    expect(containerOf(manifests).resources).toEqual({
      requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '500m', memory: '512Mi', 'ephemeral-storage': '256Mi' },
    });
  });

  it('runs the image as it is, as user 1000, as an application', () => {
    expect(containerOf(manifests)).toMatchObject({ name: 'service', image: MINIMAL.image });
    expect(containerOf(manifests).command).toBeUndefined();
    expect(podOf(manifests).spec).toMatchObject({
      priorityClassName: 'wms-application',
      serviceAccountName: 'returns-service',
      securityContext: { runAsUser: 1000 },
    });
  });

  it('is asked for its health at /health, and for its readiness at /ready', () => {
    const get = (path: string) => ({ httpGet: { path, port: 'http' }, timeoutSeconds: 3 });
    expect(containerOf(manifests)).toMatchObject({
      startupProbe: { ...get('/health'), periodSeconds: 2, failureThreshold: 30 },
      livenessProbe: { ...get('/health'), periodSeconds: 10, failureThreshold: 3 },
      readinessProbe: { ...get('/ready'), periodSeconds: 5, failureThreshold: 3 },
    });
  });

  it('serves while it drains, and then has time to end', () => {
    expect(containerOf(manifests)).toMatchObject({ lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } });
    expect(podOf(manifests).spec.terminationGracePeriodSeconds).toBe(5 + 30);
  });

  it('can write temporary files', () => {
    expect(podOf(manifests).spec.volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }]);
    expect(containerOf(manifests)).toMatchObject({ volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] });
  });

  it('grows from 2 to 10 pods at 70 % CPU or 80 % of its memory limit, and its Deployment leaves the number alone', () => {
    expect(find(manifests, 'HorizontalPodAutoscaler', 'returns-service').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'returns-service' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '409Mi' } } },
      ],
    });
    expect(find(manifests, 'Deployment', 'returns-service').spec).not.toHaveProperty('replicas');
  });

  it('loses one pod at a time, and is spread over zones and nodes', () => {
    const matchLabels = {
      'app.kubernetes.io/name': 'returns-service',
      'app.kubernetes.io/instance': 'returns-service',
    };
    expect(find(manifests, 'PodDisruptionBudget', 'returns-service').spec).toMatchObject({
      maxUnavailable: 1,
      selector: { matchLabels },
    });
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels },
      matchLabelKeys: ['pod-template-hash'],
    });
    expect(podOf(manifests).spec.topologySpreadConstraints).toEqual([
      spread('topology.kubernetes.io/zone'),
      spread('kubernetes.io/hostname'),
    ]);
  });

  it('can be found by scrapers that read annotations, and is scraped by Prometheus', () => {
    expect(podOf(manifests).metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8021',
      'prometheus.io/path': '/metrics',
    });
    expect(service.deployment.metrics).toMatchObject([
      { endpoint: { portName: 'http', port: 8021 }, path: '/metrics' },
    ]);
    const [fromPrometheus, ...others] = find(manifests, 'NetworkPolicy', 'returns-service').spec.ingress;
    expect(fromPrometheus).toMatchObject({
      from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } }],
      ports: [{ port: 8021 }],
    });
    expect(others).toEqual([]);
  });

  it('is reached by HTTP at its name', () => {
    expect(service.endpoint.name).toBe(service.http.name);
    expect(service.http.address).toBe('returns-service.wms-platform.svc.cluster.local:8021');
    expect(find(manifests, 'Service', 'returns-service').spec).toMatchObject({
      type: 'ClusterIP',
      ports: [{ name: 'http', port: 8021, targetPort: 'http' }],
    });
  });
});

describe('a service with every prop', () => {
  const { chart, platform } = guestChart();
  const all: Required<WmsServiceProps> = {
    image: 'ghcr.io/example/returns@sha256:' + 'a'.repeat(64),
    port: 9000,
    name: 'returns',
    database: 'returns_db',
    topics: [{ name: 'returns.events' }],
    connectTo: [platform.mongodb, platform.kafka, platform.temporal, platform.otelCollector],
    portVariable: 'HTTP_PORT',
    replicas: 3,
    autoscaling: { maxReplicas: 5, cpuUtilization: 60, memoryPercentOfLimit: 50 },
    resources: {
      cpuRequest: '1',
      memoryRequest: '1Gi',
      cpuLimit: '2000m',
      memoryLimit: '2Gi',
      ephemeralStorageRequest: '1Gi',
      ephemeralStorageLimit: '3Gi',
    },
    settings: { REASONS: 'damaged,late', LOG_LEVEL: 'warn' },
    secretSettings: { CARRIER_TOKEN: new Credential({ path: 'returns/carrier-token', description: 'a token' }) },
    annotations: { 'example.com/team': 'returns' },
    podAnnotations: { 'example.com/pod': 'returns', 'prometheus.io/path': '/elsewhere' },
    user: 2000,
    drainSeconds: 10,
    shutdownSeconds: 40,
  };
  new WmsService(chart, 'service', all);
  const manifests = manifestsOf(chart);
  const pod = podOf(manifests, 'returns');

  it('has its name everywhere', () => {
    expect(new Set(manifests.map(({ metadata }) => metadata.name))).toEqual(
      new Set(['returns', 'returns-mongodb', 'returns-mongodb-tls', 'returns-settings']),
    );
  });

  it('runs its image with its resources, as its user', () => {
    expect(pod.spec.containers[0]).toMatchObject({
      image: all.image,
      ports: [{ name: 'http', containerPort: 9000 }],
      resources: {
        requests: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' },
        limits: { cpu: '2', memory: '2Gi', 'ephemeral-storage': '3Gi' },
      },
    });
    expect(pod.spec.securityContext).toMatchObject({ runAsUser: 2000, runAsGroup: 2000, fsGroup: 2000 });
  });

  it('has its settings beside those of its connections, and its own where both are there', () => {
    expect(find(manifests, 'ConfigMap', 'returns').data).toEqual({
      SERVICE_NAME: 'returns',
      HTTP_PORT: '9000',
      ENVIRONMENT: 'production',
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      REASONS: 'damaged,late',
      MONGODB_DATABASE: 'returns_db',
      KAFKA_BROKERS: 'kafka.kafka.svc.cluster.local:9092',
      TEMPORAL_HOST: 'temporal-frontend.temporal.svc.cluster.local:7233',
      TEMPORAL_NAMESPACE: 'wms',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector.observability.svc.cluster.local:4317',
      TRACING_ENABLED: 'true',
    });
  });

  it('takes secret variables from Secrets', () => {
    const from = (name: string, key: string) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } });
    expect(pod.spec.containers[0].env).toEqual([
      from('returns-settings', 'CARRIER_TOKEN'),
      from('returns-mongodb', 'MONGODB_URI'),
    ]);
  });

  it('scales as it says', () => {
    expect(find(manifests, 'HorizontalPodAutoscaler', 'returns').spec).toMatchObject({
      minReplicas: 3,
      maxReplicas: 5,
      metrics: [
        { resource: { target: { averageUtilization: 60 } } },
        { resource: { target: { averageValue: '1Gi' } } },
      ],
    });
  });

  it('drains and ends as long as it says', () => {
    expect(pod.spec.containers[0]).toMatchObject({ lifecycle: { preStop: { exec: { command: ['sleep', '10'] } } } });
    expect(pod.spec.terminationGracePeriodSeconds).toBe(50);
  });

  it('carries its annotations, which may replace those of Prometheus', () => {
    expect(find(manifests, 'Deployment', 'returns').metadata.annotations).toMatchObject({
      'example.com/team': 'returns',
    });
    expect(pod.metadata.annotations).toMatchObject({
      'example.com/pod': 'returns',
      'prometheus.io/port': '9000',
      'prometheus.io/path': '/elsewhere',
    });
    expect(pod.metadata.annotations).toHaveProperty(['checksum/returns']);
  });
});

describe('a service', () => {
  it('runs one pod, without autoscaler and disruption budget, where the environment is one machine', () => {
    const manifests = make({}, development()).manifests();
    expect(find(manifests, 'Deployment', 'returns-service').spec.replicas).toBe(1);
    expect(kindsOf(manifests)).not.toContain('HorizontalPodAutoscaler');
    expect(kindsOf(manifests)).not.toContain('PodDisruptionBudget');
    expect(podOf(manifests).spec).not.toHaveProperty('topologySpreadConstraints');
  });

  it('needs no sleep command where it does not drain', () => {
    const manifests = make({ drainSeconds: 0 }).manifests();
    expect(containerOf(manifests)).not.toHaveProperty('lifecycle');
    expect(podOf(manifests).spec.terminationGracePeriodSeconds).toBe(30);
  });

  it('is switched off by 0 replicas, which no autoscaler raises', () => {
    const manifests = make({ replicas: 0 }).manifests();
    expect(find(manifests, 'Deployment', 'returns-service').spec.replicas).toBe(0);
    expect(kindsOf(manifests)).not.toContain('HorizontalPodAutoscaler');
  });

  it('is not changed by declaring a connection again', () => {
    const { service, platform, manifests } = make();
    service.connectTo(platform.kafka);
    const before = manifests();
    service.connectTo(platform.kafka);
    expect(manifests()).toEqual(before);
  });

  it('may narrow a connection to methods and paths', () => {
    const { service, platform } = make();
    const options = { methods: ['GET'], paths: ['/api/v1/orders*'] };
    service.connectTo(platform.service('order-service'), options);
    expect(service.deployment.pods._opened.map((connection) => connection.options)).toEqual([options]);
  });

  it('rolls its pods when a connection changes its configuration', () => {
    const hash = (props: Partial<WmsServiceProps>) =>
      podOf(make(props).manifests()).metadata.annotations['checksum/returns-service'];
    expect(hash({})).not.toBe(hash({ settings: { REASONS: 'late' } }));
  });
});

describe('a service is refused', () => {
  const resources = { cpuRequest: '100m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '64Mi' };

  it.each<[string, Partial<WmsServiceProps>, string]>([
    ['without an image', { image: undefined }, "/deployment container service] '' is no image; allowed: a reference"],
    ['with a moving image', { image: 'ghcr.io/e/returns:latest' }, "has the tag 'latest'; allowed: a fixed tag"],
    ['with a name that is none', { name: 'Returns' }, "] 'Returns' is no Deployment name; allowed: lower-case"],
    ['with a port that is none', { port: 70000 }, 'port 70000 is none; allowed: a whole number from 1 to 65535'],
    ['with half a pod', { replicas: 1.5 }, '/deployment] replicas is 1.5; allowed: a whole number of 0 or more'],
    [
      'with fewer pods at the most than at the least',
      { replicas: 4, autoscaling: { maxReplicas: 3 } },
      '/deployment] autoscaling.maxReplicas is 3; allowed: at least replicas (4)',
    ],
    [
      'with more CPU than there is',
      { autoscaling: { cpuUtilization: 101 } },
      '/deployment] autoscaling.cpuUtilization is 101; allowed: a whole number from 1 to 100',
    ],
    [
      'with a limit below its request',
      { resources },
      'resources.memoryLimit 64Mi is below resources.memoryRequest 128Mi; allowed: a limit of at least the request',
    ],
    ['with a drain below zero', { drainSeconds: -1 }, '] drainSeconds is -1; allowed: a whole number of 0 or more'],
    ['without time to end', { shutdownSeconds: 0 }, '] shutdownSeconds is 0; allowed: a whole number of 1 or more'],
    ['as root', { user: 0 }, '/deployment] user is 0; allowed: a whole number of 1 or more'],
    ['with a variable that is none', { portVariable: 'MY-PORT' }, "'MY-PORT' is no environment variable; allowed:"],
  ])('%s', (_what, props, message) => {
    expect(() => make(props)).toThrow(message);
    expect(() => make(props)).toThrow('[test/returns-service');
  });

  it('outside any platform', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'wms-platform' });
    expect(() => new WmsService(chart, 'returns-service', MINIMAL)).toThrow(
      "[test/returns-service] there is no platform around it; allowed: below a WmsPlatform's app, or beside " +
        'WmsPlatform.fromEnvironment',
    );
  });

  it('with a database, but without a connection to MongoDB', () => {
    const { manifests } = make({ database: 'returns_db' });
    expect(manifests).toThrow(
      "[test/returns-service] has the database 'returns_db' but does not connect to MongoDB; " +
        'allowed: a database together with a connection to MongoDB',
    );
  });

  it('but not where only its worker connects to MongoDB', () => {
    const { service, platform, manifests } = make({ database: 'returns_db' });
    service.addWorker().connectTo(platform.mongodb);
    expect(manifests).not.toThrow();
  });

  it('with a connection to MongoDB, but without a database', () => {
    const { service, platform } = make();
    expect(() => service.connectTo(platform.mongodb)).toThrow(
      '[test/returns-service/configuration] must provide database, as it connects to mongodb/mongodb:tcp-mongodb',
    );
  });

  it('where it connects to what its code reads no variable for', () => {
    const { chart, service } = make();
    const postgresql = Box._fromTopology(chart, BOXES.postgresql, { state: PodsState.IMPORTED });
    expect(() => service.connectTo(postgresql)).toThrow(
      '[test/returns-service/configuration] no variable is known for temporal/postgresql:tcp-postgresql',
    );
  });
});

describe('a service that another team deploys', () => {
  it('is reached where its team says it is, and its namespace gets the policy for it', () => {
    const { app, chart, service, manifests } = make();
    const all: Required<WmsServiceAttributes> = { name: 'label-service', port: 8030, namespace: 'labels' };
    service.connectTo(WmsService.fromAttributes(chart, 'labels', all));
    expect(find(manifests(), 'ConfigMap', 'returns-service').data).toMatchObject({
      LABEL_SERVICE_URL: 'http://label-service.labels.svc.cluster.local:8030',
    });
    const theirs = manifestsOf(app.node.findChild('test-labels'));
    expect(namesOf(theirs)).toEqual(['NetworkPolicy label-service.wms-platform.returns-service']);
    expect(theirs[0].metadata.namespace).toBe('labels');
    expect(theirs[0].spec).toMatchObject({
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'label-service' } },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 8030 }] }],
    });
  });

  it("is in the platform's namespace where nothing else is said", () => {
    const { chart } = guestChart();
    const { endpoint } = WmsService.fromAttributes(chart, 'labels', { name: 'label-service', port: 8030 });
    expect(endpoint).toMatchObject({ address: 'label-service.wms-platform.svc.cluster.local:8030' });
  });

  it.each([
    ['name', { name: 'Label', port: 8030 }, "[test/labels] 'Label' is no Service name; allowed:"],
    ['port', { name: 'label', port: 0 }, '[test/labels] port 0 is none; allowed: a whole number from 1 to 65535'],
    [
      'namespace',
      { name: 'label', port: 8030, namespace: 'a.b' },
      "[test/labels] 'a.b' is no Namespace name; allowed:",
    ],
  ])('is refused with a bad %s', (_what, attributes, message) => {
    expect(() => WmsService.fromAttributes(guestChart().chart, 'labels', attributes)).toThrow(message);
  });
});
