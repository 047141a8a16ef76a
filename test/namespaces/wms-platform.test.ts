import { App } from 'cdk8s';
import { Credential, Environment, Sizing, WmsPlatform, WmsServiceOverrides } from '../../lib';
import {
  guestServiceFootprints,
  WmsPlatformNamespace,
  WmsPlatformNamespaceProps,
} from '../../lib/namespaces/wms-platform';
import { amount, development, namespaceManifests, platformOf, production } from '../fixtures';
import { find, kindsOf, Manifest, Part } from '../manifest';

const SERVICES = [
  'order-service',
  'waving-service',
  'routing-service',
  'picking-service',
  'consolidation-service',
  'packing-service',
  'shipping-service',
  'inventory-service',
  'labor-service',
  'orchestrator',
];
const WORKERS = [
  'picking-service-worker',
  'consolidation-service-worker',
  'packing-service-worker',
  'shipping-service-worker',
];

const application = (environment: Environment, overrides: Record<string, WmsServiceOverrides> = {}) =>
  namespaceManifests(platformOf(environment, overrides).app, 'wms-platform');

const inProduction = application(production());
const inDevelopment = application(development());

const kind = (manifests: Manifest[], which: string) => manifests.filter((m) => m.kind === which);
const names = (manifests: Manifest[], which: string) => kind(manifests, which).map(({ metadata }) => metadata.name);
const podOf = (manifests: Manifest[], name: string) => find(manifests, 'Deployment', name).spec.template.spec;
const variablesOf = (manifests: Manifest[], name: string) => ({
  ...find(manifests, 'ConfigMap', name).data,
  ...Object.fromEntries(podOf(manifests, name).containers[0].env?.map((e: Part) => [e.name, e.valueFrom]) ?? []),
});

const KAFKA = { KAFKA_BROKERS: 'kafka.kafka.svc.cluster.local:9092' };
const TEMPORAL = {
  TEMPORAL_HOST: 'temporal-frontend.temporal.svc.cluster.local:7233',
  TEMPORAL_NAMESPACE: 'wms',
};
const TELEMETRY = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector.observability.svc.cluster.local:4317',
  TRACING_ENABLED: 'true',
};
const mongodb = (service: string, database: string) => ({
  MONGODB_DATABASE: database,
  MONGODB_URI: { secretKeyRef: { name: `${service}-mongodb`, key: 'MONGODB_URI' } },
});
const standard = (service: string, port: Record<string, string>) => ({
  SERVICE_NAME: service,
  ENVIRONMENT: 'production',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'json',
  ...port,
});
const url = (service: string, port: number) => `http://${service}.wms-platform.svc.cluster.local:${port}`;

describe('the application layer in production', () => {
  it('is ten services and four workers, without Services for the workers', () => {
    expect(names(inProduction, 'Deployment').sort()).toEqual([...SERVICES, ...WORKERS].sort());
    expect(names(inProduction, 'Service').sort()).toEqual([...SERVICES].sort());
  });

  it.each([
    [
      'order-service',
      {
        ...standard('order-service', { SERVER_ADDR: ':8001' }),
        ...mongodb('order-service', 'orders_db'),
        ...KAFKA,
        ...TEMPORAL,
        ...TELEMETRY,
      },
    ],
    [
      'waving-service',
      {
        ...standard('waving-service', { SERVER_ADDR: ':8002' }),
        ...mongodb('waving-service', 'waves_db'),
        ...KAFKA,
        ...TEMPORAL,
        ...TELEMETRY,
        ORDER_SERVICE_URL: url('order-service', 8001),
        CONTINUOUS_WAVING_ENABLED: 'false',
        CONTINUOUS_WAVING_INTERVAL: '60s',
        CONTINUOUS_WAVING_BATCH_SIZE: '50',
        CONTINUOUS_WAVING_MIN_ORDERS: '5',
        CONTINUOUS_WAVING_MAX_WAIT: '15m',
      },
    ],
    [
      'shipping-service',
      {
        ...standard('shipping-service', { SERVER_ADDR: ':8007' }),
        ...mongodb('shipping-service', 'shipping_db'),
        ...KAFKA,
        ...TELEMETRY,
      },
    ],
    [
      'orchestrator',
      {
        ...standard('orchestrator', { HEALTH_PORT: '8080' }),
        ...TEMPORAL,
        ...TELEMETRY,
        ORDER_SERVICE_URL: url('order-service', 8001),
        WAVING_SERVICE_URL: url('waving-service', 8002),
        ROUTING_SERVICE_URL: url('routing-service', 8003),
        PICKING_SERVICE_URL: url('picking-service', 8004),
        CONSOLIDATION_SERVICE_URL: url('consolidation-service', 8005),
        PACKING_SERVICE_URL: url('packing-service', 8006),
        SHIPPING_SERVICE_URL: url('shipping-service', 8007),
        INVENTORY_SERVICE_URL: url('inventory-service', 8008),
        LABOR_SERVICE_URL: url('labor-service', 8009),
      },
    ],
    ['picking-service-worker', { ...mongodb('picking-service', 'picking_db'), ...TEMPORAL }],
  ])('gives %s exactly the variables that its code reads', (name, variables) => {
    expect(variablesOf(inProduction, name)).toEqual(variables);
  });

  it.each(SERVICES.filter((name) => name !== 'orchestrator'))(
    'gives %s one Kafka address and a collector without scheme',
    (name) => {
      const { data } = find(inProduction, 'ConfigMap', name);
      expect(data.KAFKA_BROKERS).toMatch(/^[a-z0-9.-]+:\d+$/);
      expect(data.OTEL_EXPORTER_OTLP_ENDPOINT).toMatch(/^[a-z0-9.-]+:4317$/);
    },
  );

  it('keeps one MongoDB Secret for a service and its worker, with all three members', () => {
    const member = (ordinal: number) => `mongodb-${ordinal}.mongodb-headless.mongodb.svc.cluster.local:27017`;
    expect(names(inProduction, 'ExternalSecret').sort()).toEqual(
      SERVICES.filter((name) => name !== 'orchestrator')
        .map((name) => `${name}-mongodb`)
        .sort(),
    );
    expect(find(inProduction, 'ExternalSecret', 'picking-service-mongodb').spec.target.template.data).toEqual({
      MONGODB_URI:
        'mongodb://picking-service:{{ .mongodb_picking_service_password | urlquery }}' +
        `@${member(0)},${member(1)},${member(2)}/picking_db?replicaSet=rs0&authSource=admin&w=majority` +
        '&tls=true&tlsCAFile=/etc/mongodb-ca/ca.crt',
    });
  });

  it.each([
    ...SERVICES.filter((name) => name !== 'orchestrator').map((name) => ({ name, min: 2, memory: '409Mi' })),
    { name: 'orchestrator', min: 3, memory: '819Mi' },
  ])('scales $name from $min to 10 pods by CPU and memory', ({ name, min, memory }) => {
    expect(find(inProduction, 'HorizontalPodAutoscaler', name).spec).toMatchObject({
      minReplicas: min,
      maxReplicas: 10,
      metrics: [
        { resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        { resource: { name: 'memory', target: { type: 'AverageValue', averageValue: memory } } },
      ],
    });
    expect(find(inProduction, 'Deployment', name).spec).not.toHaveProperty('replicas');
  });

  it.each(WORKERS)('runs two pods of %s, which no autoscaler changes', (name) => {
    expect(find(inProduction, 'Deployment', name).spec.replicas).toBe(2);
    expect(names(inProduction, 'HorizontalPodAutoscaler')).not.toContain(name);
    expect(podOf(inProduction, name).containers[0]).toMatchObject({
      image: `registry.example.com/wms/${name.replace('-worker', '')}:1.4.2`,
      command: ['/app/worker'],
    });
  });

  it('gives each a disruption budget and spreads it', () => {
    expect(names(inProduction, 'PodDisruptionBudget').sort()).toEqual([...SERVICES, ...WORKERS].sort());
    for (const name of [...SERVICES, ...WORKERS]) {
      expect(podOf(inProduction, name).topologySpreadConstraints).toHaveLength(2);
    }
  });

  it('gives the orchestrator longest to end', () => {
    expect(podOf(inProduction, 'order-service').terminationGracePeriodSeconds).toBe(5 + 30);
    expect(podOf(inProduction, 'orchestrator').terminationGracePeriodSeconds).toBe(5 + 45);
  });

  it('has a quota for ten services at their largest, four workers and two guests, all in a rollout', () => {
    const services = 10 * (10 + 1);
    const workers = 4 * (2 + 1);
    const guests = 2 * (10 + 1);
    const { hard } = find(inProduction, 'ResourceQuota', 'quota').spec;
    expect(hard.pods).toBe(`${services + workers + guests}`);
    // The orchestrator's pods ask for twice what all others do.
    expect(amount(hard['requests.cpu'])).toBe(100 * (services + workers + guests + 11));
    expect(amount(hard['limits.memory'])).toBe((services + workers + guests + 11) * amount('512Mi'));
  });

  it('allows no container more than its largest, the orchestrator', () => {
    expect(find(inProduction, 'LimitRange', 'limits').spec.limits).toMatchObject([
      { max: { cpu: '1', memory: '1Gi' } },
    ]);
  });
});

describe('the application layer in development', () => {
  it('is one pod of each, without autoscalers and disruption budgets', () => {
    expect(kind(inDevelopment, 'Deployment').map(({ spec }) => spec.replicas)).toEqual(Array(14).fill(1));
    expect(kindsOf(inDevelopment)).not.toContain('HorizontalPodAutoscaler');
    expect(kindsOf(inDevelopment)).not.toContain('PodDisruptionBudget');
  });

  it('has plain Secrets with the one member and a fake password', () => {
    expect(find(inDevelopment, 'Secret', 'order-service-mongodb').stringData).toEqual({
      MONGODB_URI:
        'mongodb://order-service:development-only-mongodb-order-service' +
        '@mongodb-0.mongodb-headless.mongodb.svc.cluster.local:27017/orders_db' +
        '?replicaSet=rs0&authSource=admin&w=majority',
    });
  });

  it('runs images that are loaded by hand, and logs all', () => {
    expect(podOf(inDevelopment, 'order-service').containers[0].image).toBe('docker.io/wms/order-service:development');
    expect(find(inDevelopment, 'ConfigMap', 'order-service').data).toMatchObject({
      ENVIRONMENT: 'development',
      LOG_LEVEL: 'debug',
    });
  });

  it('has a quota for one rollout of each at a time, and one guest', () => {
    expect(find(inDevelopment, 'ResourceQuota', 'quota').spec.hard.pods).toBe(`${14 * 2 + 2}`);
  });
});

describe('the overrides of a service', () => {
  const all: Required<WmsServiceOverrides> = {
    image: 'registry.example.com/fork/picking-service:2.0.0',
    replicas: 4,
    autoscaling: { maxReplicas: 6 },
    resources: { cpuRequest: '300m', memoryRequest: '300Mi', cpuLimit: '600m', memoryLimit: '600Mi' },
    settings: { LOG_LEVEL: 'error', PICK_BATCH: '20' },
    secretSettings: { TOKEN: new Credential({ path: 'picking/token', description: 'a token' }) },
    annotations: { 'example.com/team': 'picking' },
    podAnnotations: { 'example.com/pod': 'picking' },
    user: 3000,
    drainSeconds: 7,
    shutdownSeconds: 20,
    worker: {
      command: ['/app/other'],
      replicas: 5,
      resources: { cpuRequest: '400m', memoryRequest: '400Mi', cpuLimit: '800m', memoryLimit: '800Mi' },
    },
  };
  const manifests = application(production(), { 'picking-service': all });
  const service = find(manifests, 'Deployment', 'picking-service');
  const worker = find(manifests, 'Deployment', 'picking-service-worker');

  it('are all rendered', () => {
    expect(service.metadata.annotations).toMatchObject(all.annotations);
    expect(service.spec.template.metadata.annotations).toMatchObject(all.podAnnotations);
    expect(service.spec.template.spec).toMatchObject({
      terminationGracePeriodSeconds: 27,
      securityContext: { runAsUser: 3000 },
      containers: [
        {
          image: all.image,
          resources: { requests: { cpu: '300m', memory: '300Mi' }, limits: { cpu: '600m', memory: '600Mi' } },
          lifecycle: { preStop: { exec: { command: ['sleep', '7'] } } },
        },
      ],
    });
    expect(find(manifests, 'HorizontalPodAutoscaler', 'picking-service').spec).toMatchObject({
      minReplicas: 4,
      maxReplicas: 6,
    });
    expect(variablesOf(manifests, 'picking-service')).toMatchObject({
      SERVER_ADDR: ':8004',
      LOG_LEVEL: 'error',
      PICK_BATCH: '20',
      TOKEN: { secretKeyRef: { name: 'picking-service-settings', key: 'TOKEN' } },
    });
  });

  it('of its worker are rendered too', () => {
    expect(worker.spec.replicas).toBe(5);
    expect(worker.spec.template.spec).toMatchObject({
      containers: [{ image: all.image, command: ['/app/other'], resources: { requests: { cpu: '400m' } } }],
    });
  });

  it('change nothing of other services', () => {
    const others = (all_: Manifest[]) =>
      all_.filter(({ kind: k, metadata }) => k === 'Deployment' && !metadata.name.startsWith('picking'));
    expect(others(manifests)).toEqual(others(inProduction));
  });

  it('keep the settings of the topology that they do not name', () => {
    const changed = application(production(), {
      'waving-service': { settings: { CONTINUOUS_WAVING_ENABLED: 'true' } },
    });
    expect(find(changed, 'ConfigMap', 'waving-service').data).toMatchObject({
      CONTINUOUS_WAVING_ENABLED: 'true',
      CONTINUOUS_WAVING_BATCH_SIZE: '50',
    });
  });

  it("leave the topology's figures where they are undefined", () => {
    expect(application(production(), { orchestrator: { replicas: undefined, resources: undefined } })).toEqual(
      inProduction,
    );
  });

  it('are refused for a service that is none', () => {
    expect(() => application(production(), { 'orders-service': {} })).toThrow(
      "[0006-wms-platform] there is no service 'orders-service' to override; allowed: consolidation-service, " +
        'inventory-service, labor-service, orchestrator, order-service, packing-service, picking-service, ' +
        'routing-service, shipping-service, waving-service',
    );
  });

  it('are refused for a worker that is none', () => {
    expect(() => application(production(), { 'order-service': { worker: { replicas: 3 } } })).toThrow(
      '[0006-wms-platform] order-service has no worker to override; allowed: consolidation-service, ' +
        'packing-service, picking-service, shipping-service',
    );
  });
});

describe('the namespace of the services', () => {
  const app = new App();
  WmsPlatform.fromEnvironment(app, 'platform', development());
  const all: Required<WmsPlatformNamespaceProps> = {
    access: { viewers: 'oidc:v', operators: 'oidc:o', administrators: 'oidc:a' },
    guests: [],
    passing: [],
    exposed: { loadBalancers: 0, nodePorts: 0 },
    sizing: Sizing.single(),
    image: (service) => `registry.example.com/${service}:1`,
    overrides: { 'labor-service': { user: 4000 } },
  };
  const namespace = new WmsPlatformNamespace(app, all);
  const deployment = (name: string) => namespace.service(name).deployment.kubeDeployment.toJson() as Manifest;

  it('takes sizes, images and overrides from its props', () => {
    expect(deployment('labor-service').spec.replicas).toBe(1);
    expect(deployment('labor-service').spec.template.spec).toMatchObject({
      securityContext: { runAsUser: 4000 },
      containers: [{ image: 'registry.example.com/labor-service:1' }],
    });
  });

  it('knows its services and workers by name', () => {
    expect(namespace.service('order-service').deployment.name).toBe('order-service');
    expect(namespace.worker('packing-service')?.deployment.name).toBe('packing-service-worker');
    expect(namespace.worker('order-service')).toBeUndefined();
  });

  it('knows no service that is none', () => {
    expect(() => namespace.service('nope')).toThrow("[0006-wms-platform] there is no service 'nope'; allowed: conso");
  });
});

describe('the room for guests', () => {
  it.each([
    ['as many pods as a service of the platform may have', Sizing.full(), 10 + 1],
    ['two pods where the environment is one machine', Sizing.single(), 1 + 1],
  ])('is %s each', (_what, sizing, pods) => {
    expect(guestServiceFootprints(3, sizing).map((guest) => guest.pods)).toEqual([pods, pods, pods]);
  });

  it('is none for none', () => {
    expect(guestServiceFootprints(0, Sizing.full())).toEqual([]);
  });

  it('follows what the environment says', () => {
    const quota = (guestServices: number) =>
      Number(find(application(production({ guestServices })), 'ResourceQuota', 'quota').spec.hard.pods);
    expect(quota(5) - quota(0)).toBe(5 * 11);
  });
});
