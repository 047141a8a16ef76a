import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Credential,
  Environment,
  Mesh,
  Observability,
  OidcProvider,
  TemporalStore,
  WmsPlatform,
  WmsPlatformProps,
  WmsService,
} from '../lib';
import { arrow } from '../lib/connections/diagram';
import {
  allManifests,
  amount,
  development,
  guestChart,
  namespaceManifests,
  platformOf,
  production,
  SERVICE_IMAGES,
} from './fixtures';
import { find, kindsOf, Manifest, manifestsOf, Part } from './manifest';

/** The topology: the topology's drawings, and for each service what its code connects to. */
const ARROWS = `
  internet -> ingress/ingress-controller:8000
  internet -> ingress/ingress-controller:8443
  ingress/ingress-controller -> ingress/waf:8080
  ingress/ingress-controller -> kubernetes-api:443,6443
  ingress/waf -> wms-platform/order-service:8001
  ingress/waf -> wms-platform/waving-service:8002
  ingress/waf -> wms-platform/picking-service:8004

  wms-platform/order-service -> mongodb/mongodb:27017
  wms-platform/order-service -> kafka/kafka:9092
  wms-platform/order-service -> temporal/temporal-frontend:7233
  wms-platform/order-service -> observability/otel-collector:4317
  wms-platform/order-service -> wms-platform/orchestrator:8080
  wms-platform/order-service -> wms-platform/picking-service:8004

  wms-platform/waving-service -> mongodb/mongodb:27017
  wms-platform/waving-service -> kafka/kafka:9092
  wms-platform/waving-service -> temporal/temporal-frontend:7233
  wms-platform/waving-service -> observability/otel-collector:4317
  wms-platform/waving-service -> wms-platform/order-service:8001

  wms-platform/routing-service -> mongodb/mongodb:27017
  wms-platform/routing-service -> kafka/kafka:9092
  wms-platform/routing-service -> observability/otel-collector:4317

  wms-platform/picking-service -> mongodb/mongodb:27017
  wms-platform/picking-service -> kafka/kafka:9092
  wms-platform/picking-service -> observability/otel-collector:4317
  wms-platform/picking-service -> wms-platform/order-service:8001
  wms-platform/picking-service-worker -> mongodb/mongodb:27017
  wms-platform/picking-service-worker -> temporal/temporal-frontend:7233

  wms-platform/consolidation-service -> mongodb/mongodb:27017
  wms-platform/consolidation-service -> kafka/kafka:9092
  wms-platform/consolidation-service -> observability/otel-collector:4317
  wms-platform/consolidation-service-worker -> mongodb/mongodb:27017
  wms-platform/consolidation-service-worker -> temporal/temporal-frontend:7233

  wms-platform/packing-service -> mongodb/mongodb:27017
  wms-platform/packing-service -> kafka/kafka:9092
  wms-platform/packing-service -> observability/otel-collector:4317
  wms-platform/packing-service-worker -> mongodb/mongodb:27017
  wms-platform/packing-service-worker -> temporal/temporal-frontend:7233

  wms-platform/shipping-service -> mongodb/mongodb:27017
  wms-platform/shipping-service -> kafka/kafka:9092
  wms-platform/shipping-service -> observability/otel-collector:4317
  wms-platform/shipping-service -> carriers:443
  wms-platform/shipping-service-worker -> mongodb/mongodb:27017
  wms-platform/shipping-service-worker -> temporal/temporal-frontend:7233

  wms-platform/inventory-service -> mongodb/mongodb:27017
  wms-platform/inventory-service -> kafka/kafka:9092
  wms-platform/inventory-service -> observability/otel-collector:4317

  wms-platform/labor-service -> mongodb/mongodb:27017
  wms-platform/labor-service -> kafka/kafka:9092
  wms-platform/labor-service -> observability/otel-collector:4317

  wms-platform/orchestrator -> temporal/temporal-frontend:7233
  wms-platform/orchestrator -> observability/otel-collector:4317
  wms-platform/orchestrator -> wms-platform/order-service:8001
  wms-platform/orchestrator -> wms-platform/waving-service:8002
  wms-platform/orchestrator -> wms-platform/routing-service:8003
  wms-platform/orchestrator -> wms-platform/picking-service:8004
  wms-platform/orchestrator -> wms-platform/consolidation-service:8005
  wms-platform/orchestrator -> wms-platform/packing-service:8006
  wms-platform/orchestrator -> wms-platform/shipping-service:8007
  wms-platform/orchestrator -> wms-platform/inventory-service:8008
  wms-platform/orchestrator -> wms-platform/labor-service:8009

  mongodb/mongodb -> mongodb/mongodb:27017
  mongodb/mongodb-initiation -> mongodb/mongodb:27017
  mongodb/mongodb-users -> mongodb/mongodb:27017

  temporal/temporal-frontend -> temporal/temporal-frontend:6933
  temporal/temporal-frontend -> temporal/temporal-history:6934
  temporal/temporal-frontend -> temporal/temporal-matching:6935
  temporal/temporal-frontend -> temporal/temporal-worker:6939
  temporal/temporal-frontend -> temporal/temporal-frontend:7233
  temporal/temporal-frontend -> temporal/temporal-history:7234
  temporal/temporal-frontend -> temporal/temporal-matching:7235
  temporal/temporal-frontend -> temporal/postgresql:5432
  temporal/temporal-history -> temporal/temporal-frontend:6933
  temporal/temporal-history -> temporal/temporal-history:6934
  temporal/temporal-history -> temporal/temporal-matching:6935
  temporal/temporal-history -> temporal/temporal-worker:6939
  temporal/temporal-history -> temporal/temporal-frontend:7233
  temporal/temporal-history -> temporal/temporal-history:7234
  temporal/temporal-history -> temporal/temporal-matching:7235
  temporal/temporal-history -> temporal/postgresql:5432
  temporal/temporal-matching -> temporal/temporal-frontend:6933
  temporal/temporal-matching -> temporal/temporal-history:6934
  temporal/temporal-matching -> temporal/temporal-matching:6935
  temporal/temporal-matching -> temporal/temporal-worker:6939
  temporal/temporal-matching -> temporal/temporal-frontend:7233
  temporal/temporal-matching -> temporal/temporal-history:7234
  temporal/temporal-matching -> temporal/temporal-matching:7235
  temporal/temporal-matching -> temporal/postgresql:5432
  temporal/temporal-worker -> temporal/temporal-frontend:6933
  temporal/temporal-worker -> temporal/temporal-history:6934
  temporal/temporal-worker -> temporal/temporal-matching:6935
  temporal/temporal-worker -> temporal/temporal-worker:6939
  temporal/temporal-worker -> temporal/temporal-frontend:7233
  temporal/temporal-worker -> temporal/temporal-history:7234
  temporal/temporal-worker -> temporal/temporal-matching:7235
  temporal/temporal-worker -> temporal/postgresql:5432
  temporal/temporal-schema -> temporal/postgresql:5432
  temporal/temporal-namespace -> temporal/temporal-frontend:7233
  temporal/temporal-ui -> temporal/temporal-frontend:7233

  kafka/kafka -> kafka/zookeeper:2181
  kafka/kafka -> kafka/kafka:9094
  kafka/zookeeper -> kafka/zookeeper:2888
  kafka/zookeeper -> kafka/zookeeper:3888
  kafka/kafka-topics -> kafka/kafka:9092
  kafka/kafka-exporter -> kafka/kafka:9092
  observability/prometheus -> kafka/zookeeper:7000
  observability/prometheus -> kafka/kafka-exporter:9308

  observability/otel-collector -> observability/tempo:4317
  observability/otel-collector -> observability/loki:3100
  observability/otel-collector -> kubernetes-api:443,6443
  node-log-agent/node-log-agent -> observability/otel-collector:4317
  observability/tempo -> observability/prometheus:9090
  observability/grafana -> observability/prometheus:9090
  observability/grafana -> observability/tempo:3200
  observability/grafana -> observability/loki:3100

  observability/prometheus -> kubernetes-api:443,6443
  observability/prometheus -> nodes:10250
  observability/prometheus -> observability/alertmanager:9093
  observability/prometheus -> observability/kube-state-metrics:8080
  observability/kube-state-metrics -> kubernetes-api:443,6443
  observability/prometheus -> observability/otel-collector:8888
  observability/prometheus -> observability/tempo:3200
  observability/prometheus -> observability/loki:3100
  observability/prometheus -> observability/grafana:3000
  observability/prometheus -> node-log-agent/node-log-agent:8888
  observability/prometheus -> ingress/ingress-controller:9100
  observability/prometheus -> ingress/waf:9113
  observability/prometheus -> mongodb/mongodb:9216
  observability/prometheus -> temporal/postgresql:9187
  observability/prometheus -> temporal/temporal-frontend:9090
  observability/prometheus -> temporal/temporal-history:9090
  observability/prometheus -> temporal/temporal-matching:9090
  observability/prometheus -> temporal/temporal-worker:9090
  observability/prometheus -> wms-platform/order-service:8001
  observability/prometheus -> wms-platform/waving-service:8002
  observability/prometheus -> wms-platform/routing-service:8003
  observability/prometheus -> wms-platform/picking-service:8004
  observability/prometheus -> wms-platform/consolidation-service:8005
  observability/prometheus -> wms-platform/packing-service:8006
  observability/prometheus -> wms-platform/shipping-service:8007
  observability/prometheus -> wms-platform/inventory-service:8008
  observability/prometheus -> wms-platform/labor-service:8009
  observability/prometheus -> wms-platform/orchestrator:8080
`
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line);

/** Where pods have sidecars. */
const MESHED = /^(ingress|temporal|wms-platform)\//;

/** The same in a mesh: sidecars serve their pods' metrics, and ask istiod what to do. */
const MESH_ARROWS = [
  ...ARROWS.map((line) => {
    const [client, server] = line.split(' -> ');
    const scrapes = client === 'observability/prometheus' && MESHED.test(server);
    return scrapes ? `${client} -> ${server.split(':')[0]}:15020` : line;
  }),
  ...[...new Set(ARROWS.flatMap((line) => line.split(' -> ')).map((peer) => peer.split(':')[0]))]
    .filter((peer) => MESHED.test(peer))
    .map((peer) => `${peer} -> istio-system/istiod:15012`),
];

/** What an API server serves without any operator. */
const BUILT_IN = [
  'v1',
  'apps/v1',
  'autoscaling/v2',
  'batch/v1',
  'networking.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
];

const staging = () => Environment.staging({ services: SERVICE_IMAGES });

describe('the platform', () => {
  it.each([
    ['development', development, ARROWS],
    ['staging', staging, MESH_ARROWS],
    ['production', () => production({ mesh: Mesh.on() }), MESH_ARROWS],
    ['production without mesh', production, ARROWS],
  ])('has exactly the connections of its topology in %s', (_name, environment, arrows) => {
    expect(platformOf(environment()).platform._connections.map(arrow).sort()).toEqual([...arrows].sort());
  });

  it('draws its topology with all connections', () => {
    const diagram = platformOf(production()).platform.topologyDiagram();
    expect(diagram).toMatch(/^graph LR\n/);
    expect(diagram).toContain('\n  wms_platform_order_service -->|9092| kafka_kafka');
    expect(diagram.split('\n').filter((line) => line.includes('-->'))).toHaveLength(ARROWS.length);
  });

  it('draws the control plane of its mesh, which the sidecars are connected to', () => {
    const diagram = platformOf(production({ mesh: Mesh.on() })).platform.topologyDiagram();
    expect(diagram).toContain('\n  subgraph istio-system\n    istio_system_istiod["istiod"]\n  end\n');
    for (const pod of ['order_service', 'picking_service']) {
      expect(diagram).toContain(`\n  wms_platform_${pod} -->|15012| istio_system_istiod`);
    }
  });

  it('is one file for the cluster and one for each namespace, in the order in which they are applied', () => {
    expect(
      platformOf(production())
        .app.charts.map(({ node }) => node.id)
        .sort(),
    ).toEqual([
      '0000-cluster',
      '0001-kafka',
      '0002-mongodb',
      '0003-temporal',
      '0004-observability',
      '0005-node-log-agent',
      '0006-wms-platform',
      '0007-ingress',
    ]);
  });

  it('takes its environment, and overrides by service', () => {
    const app = new App();
    const all: Required<WmsPlatformProps> = {
      environment: production({ access: { viewers: 'oidc:v', operators: 'oidc:o', administrators: 'oidc:a' } }),
      services: { 'order-service': { replicas: 4 } },
      mongodb: { members: 5 },
      kafka: { members: 4 },
      zookeeper: { members: 5 },
      temporal: { historyShards: 1024 },
      postgresql: { storage: Size.gibibytes(40) },
      prometheus: { retention: Duration.days(20) },
      ingressController: { replicas: 3 },
      waf: { replicas: 4 },
      oidcProxy: { replicas: 3 },
      otelCollector: { replicas: 3 },
      nodeLogAgent: { maxNodes: 7 },
      tempo: { storage: Size.gibibytes(70) },
      loki: { storage: Size.gibibytes(80) },
      grafana: { url: 'https://grafana.example.org' },
    };
    const platform = new WmsPlatform(app, 'production', all);
    expect(platform.environment).toBe(all.environment);
    expect(find(namespaceManifests(app, 'kafka'), 'StatefulSet', 'kafka').spec.replicas).toBe(4);
    expect(find(namespaceManifests(app, 'kafka'), 'StatefulSet', 'zookeeper').spec.replicas).toBe(5);
    expect(platform.ingressController.deployment.kubeDeployment.toJson()).toMatchObject({ spec: { replicas: 3 } });
    expect(platform.waf.deployment.kubeDeployment.toJson()).toMatchObject({ spec: { replicas: 4 } });
    expect(platform.telemetryGateway?.deployment.kubeDeployment.toJson()).toMatchObject({ spec: { replicas: 3 } });
    expect(find(namespaceManifests(app, 'node-log-agent'), 'ResourceQuota').spec.hard.pods).toBe('7');
    expect(find(namespaceManifests(app, 'observability'), 'ConfigMap', 'grafana').data['grafana.ini']).toContain(
      'root_url = https://grafana.example.org',
    );
    for (const [name, storage] of [
      ['tempo', '70Gi'],
      ['loki', '80Gi'],
    ]) {
      expect(
        find(namespaceManifests(app, 'observability'), 'StatefulSet', name).spec.volumeClaimTemplates,
      ).toMatchObject([{ spec: { resources: { requests: { storage } } } }]);
    }
    const temporal = namespaceManifests(app, 'temporal');
    expect(find(temporal, 'ConfigMap', 'temporal').data['temporal.yaml']).toContain('numHistoryShards: 1024');
    expect(find(temporal, 'StatefulSet', 'postgresql').spec.volumeClaimTemplates).toMatchObject([
      { spec: { resources: { requests: { storage: '40Gi' } } } },
    ]);
    expect(find(namespaceManifests(app, 'observability'), 'ConfigMap', 'prometheus').data['prometheus.yaml']).toContain(
      'time: 20d',
    );
    const manifests = namespaceManifests(app, 'wms-platform');
    expect(find(manifests, 'HorizontalPodAutoscaler', 'order-service').spec).toMatchObject({ minReplicas: 4 });
    expect(find(manifests, 'HorizontalPodAutoscaler', 'waving-service').spec).toMatchObject({ minReplicas: 2 });
    expect(platform.mongodb.client.memberAddresses).toHaveLength(5);
    expect(find(namespaceManifests(app, 'mongodb'), 'StatefulSet', 'mongodb').spec.replicas).toBe(5);
    for (const namespace of ['kafka', 'mongodb', 'temporal', 'observability', 'node-log-agent', 'ingress']) {
      expect(find(namespaceManifests(app, namespace), 'RoleBinding', 'wms-viewer')).toMatchObject({
        subjects: [{ name: 'oidc:v' }],
      });
    }
  });

  it('makes public what its routes say, and nothing else', () => {
    const app = new App();
    const routes = [
      { service: 'order-service', path: '/api/v1/orders', methods: ['GET'] },
      { service: 'picking-service', path: '/api/v1/tasks', methods: ['GET', 'POST'] },
    ];
    const platform = new WmsPlatform(app, 'production', {
      environment: Environment.production({ services: SERVICE_IMAGES }),
      waf: { routes },
    });
    expect(platform._connections.map(arrow).filter((line) => line.startsWith('ingress/waf -> wms-platform'))).toEqual([
      'ingress/waf -> wms-platform/order-service:8001',
      'ingress/waf -> wms-platform/picking-service:8004',
    ]);
    const rules = find(namespaceManifests(app, 'wms-platform'), 'AuthorizationPolicy', 'order-service').spec.rules;
    expect(rules).toContainEqual({
      from: [{ source: { principals: ['cluster.local/ns/ingress/sa/waf'] } }],
      to: [{ operation: { ports: ['8001'], methods: ['GET'], paths: ['/api/v1/orders', '/api/v1/orders/*'] } }],
    });
    const nginx = find(namespaceManifests(app, 'ingress'), 'ConfigMap', 'waf').data['nginx.conf'] as string;
    expect(nginx.match(/location ~ \S+/g)).toEqual([
      'location ~ ^/api/v1/orders(/|$)',
      'location ~ ^/api/v1/tasks(/|$)',
    ]);
  });

  it.each([
    ['inventory-service', 'is internal'],
    ['inventry-service', 'is unknown'],
  ])('leads no route to %s', (service, what) => {
    const routes = [{ service, path: '/api/v1/items', methods: ['GET'] }];
    expect(() => new WmsPlatform(new App(), 'production', { environment: production(), waf: { routes } })).toThrow(
      `[production] route /api/v1/items leads to '${service}', which ${what}; ` +
        'allowed: order-service, picking-service, waving-service',
    );
  });

  it('needs tokens of its provider for the public services in a mesh', () => {
    const oidc = new OidcProvider({ issuer: 'https://login.example.com', audiences: ['shop'] });
    const services = (environment: Environment) => namespaceManifests(platformOf(environment).app, 'wms-platform');
    const meshed = services(Environment.production({ services: SERVICE_IMAGES, oidc }));
    const named = (manifests: Manifest[]) =>
      manifests.filter(({ kind }) => kind === 'RequestAuthentication').map(({ metadata }) => metadata.name);
    expect(named(meshed)).toEqual(['order-service', 'waving-service', 'picking-service']);
    expect(find(meshed, 'RequestAuthentication', 'order-service').spec).toMatchObject({
      jwtRules: [{ issuer: 'https://login.example.com', audiences: ['shop'] }],
    });
    expect(named(services(production({ oidc })))).toEqual([]);
    expect(named(services(Environment.production({ services: SERVICE_IMAGES })))).toEqual([]);
  });

  it("gives shipping-service the keys of its carriers, beside a team's own", () => {
    const credential = new Credential({ path: 'other/key', description: 'another' });
    const { app } = platformOf(development({ carrierKeys: ['ups', 'dhl'] }), {
      'shipping-service': { secretSettings: { OTHER: credential } },
    });
    const manifests = namespaceManifests(app, 'wms-platform');
    expect(find(manifests, 'Secret', 'shipping-service-settings').stringData).toEqual({
      DHL_API_KEY: 'development-only-carriers-dhl',
      OTHER: 'development-only-other-key',
      UPS_API_KEY: 'development-only-carriers-ups',
    });
    const secrets = namespaceManifests(platformOf(development()).app, 'wms-platform').map(
      ({ metadata }) => metadata.name,
    );
    expect(secrets).not.toContain('shipping-service-settings');
  });

  it('has its pods restarted on changed Secrets where its environment says so', () => {
    const annotated = (environment: Environment) =>
      allManifests(platformOf(environment).app).filter(
        ({ metadata }) => metadata.annotations?.['secret.reloader.stakater.com/auto'] === 'true',
      );
    expect(kindsOf(annotated(development({ restartOnSecretChange: true })))).toEqual([
      'DaemonSet',
      'Deployment',
      'StatefulSet',
    ]);
    expect(annotated(development())).toEqual([]);
  });

  it('puts a login before each page of people where there is a provider to ask', () => {
    const oidc = new OidcProvider({ issuer: 'https://login.example.com:8443' });
    const { platform } = platformOf(production({ oidc }));
    const without = platformOf(production()).platform._connections.map(arrow);
    expect(
      platform._connections
        .map(arrow)
        .filter((line) => !without.includes(line))
        .sort(),
    ).toEqual([
      'ingress/oidc-proxy-grafana -> observability/grafana:3000',
      'ingress/oidc-proxy-grafana -> oidc-provider:8443',
      'ingress/oidc-proxy-temporal -> oidc-provider:8443',
      'ingress/oidc-proxy-temporal -> temporal/temporal-ui:8080',
      'ingress/waf -> ingress/oidc-proxy-grafana:4180',
      'ingress/waf -> ingress/oidc-proxy-temporal:4180',
      'observability/prometheus -> ingress/oidc-proxy-grafana:44180',
      'observability/prometheus -> ingress/oidc-proxy-temporal:44180',
    ]);
    expect(platform.oidcProxies.map(({ deployment }) => deployment.name)).toEqual([
      'oidc-proxy-grafana',
      'oidc-proxy-temporal',
    ]);
    expect(platformOf(development()).platform.oidcProxies).toEqual([]);
  });

  it('has its servers where teams connect to them', () => {
    const { platform } = platformOf(production());
    expect(
      [platform.mongodb, platform.kafka, platform.temporal, platform.otelCollector].map((box) => box.endpoint.name),
    ).toEqual([
      'mongodb/mongodb:tcp-mongodb',
      'kafka/kafka:tcp-client',
      'temporal/temporal-frontend:grpc-frontend',
      'observability/otel-collector:grpc-otlp',
    ]);
  });

  it("runs no PostgreSQL where Temporal's store is elsewhere, and connects Temporal to that", () => {
    const app = new App();
    const store = TemporalStore.external({ host: 'db.example.com', port: 5433, tls: false });
    const platform = new WmsPlatform(app, 'production', { environment: production(), temporal: { store } });
    expect(platform.postgresql).toBeUndefined();
    expect(namespaceManifests(app, 'temporal').map(({ kind }) => kind)).not.toContain('StatefulSet');
    const arrows = platform._connections.map(arrow);
    expect(arrows.filter((a) => a.includes('postgresql'))).toEqual([]);
    expect(arrows.filter((a) => a.endsWith('-> temporal-store:5433'))).toEqual(
      ['frontend', 'history', 'matching', 'schema', 'worker'].map(
        (client) => `temporal/temporal-${client} -> temporal-store:5433`,
      ),
    );
  });

  it('has its services and workers by name', () => {
    const { platform } = platformOf(production());
    expect(platform.service('order-service').http.port).toBe(8001);
    expect(platform.worker('picking-service').deployment.name).toBe('picking-service-worker');
  });

  it('has the SSD storage class of its provider, and none on one machine', () => {
    const storage = (environment: Environment) =>
      manifestsOf(platformOf(environment).app.node.findChild('0000-cluster') as Chart).filter(
        ({ kind }) => kind === 'StorageClass',
      );
    expect(storage(production())).toMatchObject([{ parameters: { type: 'gp3' } }]);
    expect(storage(staging())).toMatchObject([{ parameters: { type: 'pd-ssd' } }]);
    expect(storage(development())).toEqual([]);
  });

  it('takes in a team of the same app, whose secrets come from the store that is there', () => {
    const { app, platform } = platformOf(production());
    const chart = new Chart(app, 'returns', { namespace: 'wms-platform' });
    new WmsService(chart, 'returns-service', {
      image: 'ghcr.io/example/returns-service:1.4.2',
      port: 8021,
      database: 'returns_db',
      connectTo: [platform.mongodb],
    });
    expect(kindsOf(manifestsOf(chart))).toContain('ExternalSecret');
    expect(kindsOf(manifestsOf(chart))).not.toContain('SecretStore');
    expect(platform._connections.map(arrow)).toContain('wms-platform/returns-service -> mongodb/mongodb:27017');
  });
});

it('Grafana believes the login that the platform puts before it, and nobody else', () => {
  const oidc = new OidcProvider({ issuer: 'https://login.example.com' });
  const ini = (environment: Environment) =>
    find(namespaceManifests(platformOf(environment).app, 'observability'), 'ConfigMap', 'grafana').data['grafana.ini'];
  expect(ini(production({ oidc }))).toContain('root_url = https://grafana.wms.example.com\n');
  expect(ini(production({ oidc }))).toContain('[auth.proxy]\nenabled = true\n');
  expect(ini(production())).not.toContain('auth.proxy');
});

describe('a platform that is not observed', () => {
  const { app, platform } = platformOf(development({ observability: Observability.off() }));
  const observing = /observability|node-log-agent/;

  it('has no pod, namespace or connection of the observability layer', () => {
    expect(app.charts.map(({ node }) => node.id).filter((id) => observing.test(id))).toEqual([]);
    expect(platform._connections.map(arrow).filter((a) => observing.test(a))).toEqual([]);
    expect(JSON.stringify(allManifests(app))).not.toMatch(/observability|node-log-agent|otel/);
    expect([platform.telemetryGateway, platform.nodeLogAgent, platform.tempo, platform.loki, platform.grafana]).toEqual(
      [undefined, undefined, undefined, undefined, undefined],
    );
  });

  it('tells its services to send no traces, and not where to', () => {
    const variables = find(namespaceManifests(app, 'wms-platform'), 'ConfigMap', 'order-service').data;
    expect(variables).toMatchObject({ TRACING_ENABLED: 'false' });
    expect(variables).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
  });

  it('puts a login before Temporal alone', () => {
    const oidc = new OidcProvider({ issuer: 'https://login.example.com' });
    const { platform: observed } = platformOf(production({ oidc }));
    const { platform: unobserved } = platformOf(production({ oidc, observability: Observability.off() }));
    expect(observed.oidcProxies).toHaveLength(2);
    expect(unobserved.oidcProxies).toHaveLength(1);
  });

  it("takes a team's service that connects to the collector as elsewhere", () => {
    const { chart, platform: imported } = guestChart(development({ observability: Observability.off() }));
    new WmsService(chart, 'returns-service', {
      image: 'ghcr.io/example/returns-service:1.4.2',
      port: 8021,
      connectTo: [imported.otelCollector],
    });
    expect(find(chart, 'ConfigMap', 'returns-service').data).toMatchObject({ TRACING_ENABLED: 'false' });
    expect(JSON.stringify(manifestsOf(chart))).not.toMatch(/observability/);
  });
});

describe('the platform in development', () => {
  const manifests = allManifests(platformOf(development()).app);
  const requested = (resource: string) =>
    manifests
      .flatMap(({ spec }) => (spec?.template?.spec ? [spec] : []))
      .reduce((total, { replicas = 1, template }) => {
        const perPod: number[] = template.spec.containers.map((c: Part) => amount(c.resources.requests[resource]));
        return total + replicas * perPod.reduce((sum, one) => sum + one, 0);
      }, 0);

  it('uses only kinds that a bare cluster serves', () => {
    expect(manifests.map(({ apiVersion }) => apiVersion).filter((v) => !BUILT_IN.includes(v))).toEqual([]);
  });

  it('has neither autoscalers nor disruption budgets', () => {
    expect(kindsOf(manifests)).not.toContain('HorizontalPodAutoscaler');
    expect(kindsOf(manifests)).not.toContain('PodDisruptionBudget');
  });

  it('fits on one machine: 4 CPU and 8Gi', () => {
    expect(requested('cpu')).toBeGreaterThan(0);
    expect(requested('cpu')).toBeLessThanOrEqual(amount('4'));
    expect(requested('memory')).toBeLessThanOrEqual(amount('8Gi'));
  });
});

describe('the rights of people on the platform', () => {
  const roles = allManifests(platformOf(production()).app).filter(({ kind }) => /^(Cluster)?Role$/.test(kind));
  const people = roles.filter(({ metadata }) => metadata.name.startsWith('wms-'));
  const naming = (kind: string, among: Manifest[]) =>
    among
      .filter(({ rules }) => rules.some(({ resources }: Part) => resources.includes(kind)))
      .map((r) => r.metadata.name);

  it('hold no wildcard', () => {
    expect(roles.length).toBeGreaterThan(0);
    for (const { rules } of roles) {
      expect(
        rules.flatMap(({ apiGroups, resources, verbs }: Part) => [...apiGroups, ...resources, ...verbs]),
      ).not.toContain('*');
    }
  });

  it('reach secrets only as administrators, and roles never', () => {
    expect(naming('secrets', people)).toEqual(['wms-administrator']);
    expect([...naming('roles', people), ...naming('rolebindings', people)]).toEqual([]);
  });

  it('do not go beyond reading for viewers', () => {
    const verbs = find(roles, 'ClusterRole', 'wms-viewer').rules.flatMap((rule: Part) => rule.verbs);
    expect(new Set(verbs)).toEqual(new Set(['get', 'list', 'watch']));
  });
});

describe('a platform is refused', () => {
  it('in what is no app', () => {
    const chart = new Chart(new App(), 'test') as unknown as App;
    expect(() => new WmsPlatform(chart, 'production', { environment: production() })).toThrow(
      '[test/production] its scope is no App; allowed: an App of its own, one for each environment',
    );
  });

  it('in an app that has one', () => {
    const { app } = platformOf(production());
    expect(() => new WmsPlatform(app, 'staging', { environment: staging() })).toThrow(
      '[staging] its scope has a platform already (production); allowed: one',
    );
  });

  it('with overrides of a service that is none', () => {
    expect(() => platformOf(production(), { nope: { replicas: 1 } })).toThrow(
      "[0006-wms-platform] there is no service 'nope' to override; allowed: consolidation-service,",
    );
  });

  it('with a worker for a service that has none', () => {
    expect(() => platformOf(production(), { orchestrator: { worker: {} } })).toThrow(
      '[0006-wms-platform] orchestrator has no worker to override; allowed: consolidation-service,',
    );
  });

  it('where it is asked for a service that is none', () => {
    expect(() => platformOf(production()).platform.service('nope')).toThrow(
      "[0006-wms-platform] there is no service 'nope'; allowed: consolidation-service,",
    );
  });

  it.each(['order-service', 'nope'])('where it is asked for the worker of %s', (service) => {
    expect(() => platformOf(production()).platform.worker(service)).toThrow(
      `[production] there is no worker of '${service}'; allowed: consolidation-service, packing-service, ` +
        'picking-service, shipping-service',
    );
  });
});
