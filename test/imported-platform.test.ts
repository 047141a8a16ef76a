import { Box, Endpoint, Environment, WmsPlatformBase, WmsService } from '../lib';
import { PodsState } from '../lib/connections/pods-state';
import { pods, tcp } from './connections/fixtures';
import { allManifests, development, guestChart, platformOf, production, SERVICE_IMAGES } from './fixtures';
import { find, kindsOf, manifestsOf, nameOf, namesOf } from './manifest';

/** A team's service as the design shows it. */
function returns(namespace = 'wms-platform', environment = production()) {
  const guest = guestChart(environment, namespace);
  const { chart, platform, app } = guest;
  const service = new WmsService(chart, 'returns-service', {
    image: 'ghcr.io/example/returns-service:1.4.2',
    port: 8021,
    database: 'returns_db',
    connectTo: [platform.mongodb, platform.kafka, platform.otelCollector, platform.service('inventory-service')],
  });
  return { ...guest, service, brought: (id: string) => manifestsOf(app.node.findChild(id)) };
}

describe("a guest in the platform's namespace", () => {
  const { app, chart, brought } = returns();

  it('brings all of its service, and its Secret for the store that is there', () => {
    expect(namesOf(manifestsOf(chart))).toEqual([
      'Certificate returns-service-mongodb-tls',
      'ConfigMap returns-service',
      'Deployment returns-service',
      'ExternalSecret returns-service-mongodb',
      'HorizontalPodAutoscaler returns-service',
      'NetworkPolicy returns-service',
      'PodDisruptionBudget returns-service',
      'Service returns-service',
      'ServiceAccount returns-service',
    ]);
  });

  it('is told the addresses of the platform', () => {
    expect(find(manifestsOf(chart), 'ConfigMap', 'returns-service').data).toMatchObject({
      ENVIRONMENT: 'production',
      MONGODB_DATABASE: 'returns_db',
      KAFKA_BROKERS: 'kafka.kafka.svc.cluster.local:9092',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector.observability.svc.cluster.local:4317',
      INVENTORY_SERVICE_URL: 'http://inventory-service.wms-platform.svc.cluster.local:8008',
    });
  });

  it('brings one file for each namespace that somebody else owns', () => {
    expect(app.charts.map(({ node }) => node.id).sort()).toEqual([
      'test',
      'test-kafka',
      'test-mongodb',
      'test-observability',
      'test-wms-platform',
    ]);
  });

  it.each([
    ['test-mongodb', 'mongodb', 'mongodb', 27017],
    ['test-kafka', 'kafka', 'kafka', 9092],
  ])('brings in %s just the way in to %s', (id, namespace, server, port) => {
    const policies = brought(id).filter(({ metadata }) => metadata.name.includes('.wms-platform.'));
    expect(policies).toHaveLength(1);
    expect(policies[0]).toMatchObject({
      kind: 'NetworkPolicy',
      metadata: { name: `${server}.wms-platform.returns-service`, namespace },
    });
    expect(policies[0].spec).toEqual({
      ...pods(server),
      policyTypes: ['Ingress'],
      ingress: [{ from: [pods('returns-service', 'wms-platform')], ports: tcp(port) }],
    });
  });

  it('brings the way in to the collector, and the way out of Prometheus', () => {
    const policies = brought('test-observability');
    expect(policies.map(({ metadata }) => metadata.name)).toEqual([
      'otel-collector.wms-platform.returns-service',
      'prometheus.wms-platform.returns-service',
    ]);
    expect(policies.map(({ spec }) => spec)).toEqual([
      {
        ...pods('otel-collector'),
        policyTypes: ['Ingress'],
        ingress: [{ from: [pods('returns-service', 'wms-platform')], ports: tcp(4317) }],
      },
      {
        ...pods('prometheus'),
        policyTypes: ['Egress'],
        egress: [{ to: [pods('returns-service', 'wms-platform')], ports: tcp(8021) }],
      },
    ]);
  });

  it('brings the way in to the service that it calls, as a policy beside the one that is there', () => {
    const policies = brought('test-wms-platform');
    expect(namesOf(policies)).toEqual(['NetworkPolicy inventory-service.wms-platform.returns-service']);
    expect(policies[0].spec).toEqual({
      ...pods('inventory-service'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [pods('returns-service')], ports: tcp(8008) }],
    });
  });

  it('has no object that the platform has itself', () => {
    const theirs = new Set(allManifests(platformOf(production()).app).map(nameOf));
    expect(
      allManifests(app)
        .map(nameOf)
        .filter((name) => theirs.has(name)),
    ).toEqual([]);
  });
});

describe('a guest in a namespace of its own', () => {
  it('brings a secret store with an account of its own', () => {
    const manifests = manifestsOf(returns('returns').chart);
    expect(namesOf(manifests)).toEqual(
      expect.arrayContaining(['SecretStore wms-secrets', 'ServiceAccount wms-secrets', 'Deployment returns-service']),
    );
    expect(new Set(manifests.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['returns']));
  });

  it('is let in from there', () => {
    const policy = find(returns('returns').brought('test-mongodb'), 'NetworkPolicy', 'mongodb.returns.returns-service');
    expect(policy.spec.ingress).toEqual([{ from: [pods('returns-service', 'returns')], ports: tcp(27017) }]);
  });

  it('is scraped there', () => {
    const { chart } = returns('returns');
    expect(find(manifestsOf(chart), 'NetworkPolicy', 'returns-service').spec.ingress).toEqual([
      { from: [pods('prometheus', 'observability')], ports: tcp(8021) },
    ]);
  });
});

describe('a guest in development', () => {
  it('needs no custom kinds', () => {
    expect(kindsOf(manifestsOf(returns('wms-platform', development()).chart))).toEqual([
      'ConfigMap',
      'Deployment',
      'NetworkPolicy',
      'Secret',
      'Service',
      'ServiceAccount',
    ]);
  });
});

describe('a platform that somebody else has deployed', () => {
  const address = (environment: Environment, of: (platform: WmsPlatformBase) => { endpoint: unknown }) =>
    of(guestChart(environment).platform).endpoint as Endpoint;

  it.each<[string, (platform: WmsPlatformBase) => { endpoint: unknown }, string]>([
    ['MongoDB', (p) => p.mongodb, 'mongodb.mongodb.svc.cluster.local:27017'],
    ['Kafka', (p) => p.kafka, 'kafka.kafka.svc.cluster.local:9092'],
    ['Temporal', (p) => p.temporal, 'temporal-frontend.temporal.svc.cluster.local:7233'],
    ['the collector', (p) => p.otelCollector, 'otel-collector.observability.svc.cluster.local:4317'],
    ['a service', (p) => p.service('labor-service'), 'labor-service.wms-platform.svc.cluster.local:8009'],
  ])('has %s where its own app has put it', (_what, of, expected) => {
    const imported = address(production(), of);
    expect(imported.address).toBe(expected);
    expect(imported.pods._state).toBe(PodsState.IMPORTED);
    const { platform } = platformOf(production());
    expect((of(platform).endpoint as Endpoint).memberAddresses).toEqual(imported.memberAddresses);
  });

  it('is found in the DNS domain of its cluster', () => {
    const environment = production({ clusterDomain: 'k8s.example.com' });
    expect(address(environment, (p) => p.kafka).host).toBe('kafka.kafka.svc.k8s.example.com');
  });

  it.each([
    ['production', production(), 3],
    ['staging', Environment.staging({ services: SERVICE_IMAGES }), 3],
    ['development', development(), 1],
  ])('has the members of MongoDB that %s has', (_name, environment, members) => {
    expect(address(environment, (p) => p.mongodb).memberAddresses).toEqual(
      Array.from({ length: members }, (_, i) => `mongodb-${i}.mongodb-headless.mongodb.svc.cluster.local:27017`),
    );
  });

  it('has each service once', () => {
    const { platform } = guestChart();
    expect(platform.service('order-service') === platform.service('order-service')).toBe(true);
  });

  it('has no service that is none', () => {
    expect(() => guestChart().platform.service('nope')).toThrow(
      "[test/platform] there is no service 'nope'; allowed: consolidation-service, inventory-service, labor-service, " +
        'orchestrator, order-service, packing-service, picking-service, routing-service, shipping-service, waving-service',
    );
  });

  it('cannot be connected to itself by a guest', () => {
    const { platform } = guestChart();
    expect(() => (platform.service('order-service') as Box).connectTo(platform.kafka)).toThrow(
      /^\[.+\] cannot connect wms-platform\/order-service to kafka\/kafka:tcp-client: .+; allowed: /,
    );
  });
});
