import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { ServiceConfiguration, ServiceConfigurationProps } from '../../lib/components/service-configuration';
import { Box } from '../../lib/connections/box';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { PodsState } from '../../lib/connections/pods-state';
import { Credential } from '../../lib/secrets/credential';
import { BOXES, BoxTopology } from '../../lib/topology/boxes';
import { serviceBox } from '../../lib/components/service-box';
import { find, kindsOf, manifestsOf } from '../manifest';

const IDENTITY = { box: 'returns-service', workload: 'returns-service', component: 'api' };
const TOKEN = new Credential({ path: 'returns/carrier-token', description: 'token of the carrier' });

const testChart = () => new Chart(new App(), 'test', { namespace: 'wms-platform' });

function configuration(props: Partial<ServiceConfigurationProps> = {}, chart = testChart()) {
  const made = new ServiceConfiguration(chart, 'configuration', {
    identity: IDENTITY,
    service: chart,
    serviceName: 'returns-service',
    settings: {},
    secretSettings: {},
    ...props,
  });
  return {
    made,
    peer: (topology: BoxTopology) => Box._fromTopology(chart, topology, { state: PodsState.IMPORTED }).endpoint,
    data: () => find(manifestsOf(chart), 'ConfigMap', 'returns-service').data ?? {},
    env: () => (made.env as unknown as { produce(): k8s.EnvVar[] }).produce(),
    manifests: () => manifestsOf(chart),
  };
}

const variable = (name: string, secret: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key: name } },
});

describe("a service's configuration", () => {
  it('is an empty ConfigMap, and no Secret, where nothing is set', () => {
    const { made, data, env, manifests } = configuration();
    expect(made.envFrom).toEqual([{ configMapRef: { name: 'returns-service' } }]);
    expect(data()).toEqual({});
    expect(env()).toBeUndefined();
    expect(kindsOf(manifests())).toEqual(['ConfigMap']);
  });

  it('renders everything it is given', () => {
    const chart = testChart();
    const service = new Construct(chart, 'service');
    const all: Required<ServiceConfigurationProps> = {
      identity: IDENTITY,
      service,
      serviceName: 'returns',
      database: 'returns_db',
      settings: { REASONS: 'damaged,late' },
      secretSettings: { TOKEN },
    };
    const { made, data, env, peer, manifests } = configuration(all, chart);
    made.addPeer(peer(BOXES.mongodb));

    expect(data()).toEqual({ REASONS: 'damaged,late', MONGODB_DATABASE: 'returns_db' });
    // The Secret of the settings is made first: names decide, not the order of declaration.
    expect(env()).toEqual([variable('MONGODB_URI', 'returns-mongodb'), variable('TOKEN', 'returns-service-settings')]);
    expect(find(manifests(), 'Secret', 'returns-service-settings').stringData).toEqual({
      TOKEN: 'development-only-returns-carrier-token',
    });
    expect(service.node.tryFindChild('mongodb-secret')).toBeDefined();
    expect(find(manifests(), 'Secret', 'returns-mongodb').stringData).toEqual({
      MONGODB_URI:
        'mongodb://returns:development-only-mongodb-returns@mongodb.mongodb.svc.cluster.local:27017/returns_db' +
        '?replicaSet=rs0&authSource=admin&w=majority',
    });
  });

  it.each([
    ['Kafka', BOXES.kafka, { KAFKA_BROKERS: 'kafka.kafka.svc.cluster.local:9092' }],
    [
      'Temporal',
      BOXES.temporalFrontend,
      { TEMPORAL_HOST: 'temporal-frontend.temporal.svc.cluster.local:7233', TEMPORAL_NAMESPACE: 'wms' },
    ],
    [
      'the collector',
      BOXES.otelCollector,
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'otel-collector.observability.svc.cluster.local:4317',
        TRACING_ENABLED: 'true',
      },
    ],
    [
      'a service',
      serviceBox('order-service', 'wms-platform', 8001),
      { ORDER_SERVICE_URL: 'http://order-service.wms-platform.svc.cluster.local:8001' },
    ],
    [
      'a service of two words',
      serviceBox('label-printer-service', 'returns', 8001),
      { LABEL_PRINTER_SERVICE_URL: 'http://label-printer-service.returns.svc.cluster.local:8001' },
    ],
    [
      'a service not called one',
      serviceBox('orchestrator', 'wms-platform', 8080),
      { ORCHESTRATOR_SERVICE_URL: 'http://orchestrator.wms-platform.svc.cluster.local:8080' },
    ],
  ])('tells the address of %s in the variables that the code reads', (_what, topology, expected) => {
    const { made, peer, data } = configuration();
    made.addPeer(peer(topology));
    made.addPeer(peer(topology));
    expect(data()).toEqual(expected);
  });

  it('tells nothing of what is outside the cluster', () => {
    const { made, data } = configuration();
    made.addPeer(new ExternalEndpoint('carriers', { hosts: ['api.example.com'] }));
    expect(data()).toEqual({});
  });

  it('rolls the pods when a value changes', () => {
    const hash = (settings: Record<string, string>) => {
      const annotation = configuration({ settings }).made.hashAnnotation['checksum/returns-service'];
      return (annotation as unknown as { produce(): string }).produce();
    };
    expect(hash({ REASONS: 'damaged' })).toBe(hash({ REASONS: 'damaged' }));
    expect(hash({ REASONS: 'damaged' })).not.toBe(hash({ REASONS: 'late' }));
  });

  it.each([
    [
      'a setting whose name is no variable',
      { settings: { 'return-reasons': 'late' } },
      "[test/configuration] 'return-reasons' is no environment variable; allowed: letters, digits and '_'",
    ],
    [
      'a secret setting whose name is no variable',
      { secretSettings: { '1ST': TOKEN } },
      "[test/configuration] '1ST' is no environment variable; allowed: letters, digits and '_'",
    ],
    [
      'a variable that is both a setting and a secret setting',
      { settings: { TOKEN: 'plain' }, secretSettings: { TOKEN } },
      '[test/configuration] variable TOKEN is both a setting and a secret setting; allowed: one of them',
    ],
  ])('refuses %s', (_what, props, message) => {
    expect(() => configuration(props)).toThrow(message);
  });

  it('refuses a setting that a connection sets to something else', () => {
    const { made, peer } = configuration({ settings: { KAFKA_BROKERS: 'elsewhere:9092' } });
    expect(() => made.addPeer(peer(BOXES.kafka))).toThrow(
      "[test/configuration/config] key KAFKA_BROKERS has two values: 'elsewhere:9092' and " +
        "'kafka.kafka.svc.cluster.local:9092'; allowed: one",
    );
  });

  it('refuses a secret setting that a connection sets too', () => {
    const { made, peer } = configuration({ database: 'returns_db', secretSettings: { MONGODB_URI: TOKEN } });
    expect(() => made.addPeer(peer(BOXES.mongodb))).toThrow(
      '[test/configuration] variable MONGODB_URI has two values, of the Secrets returns-service-settings and ' +
        'returns-service-mongodb; allowed: one',
    );
  });

  it('refuses a second MongoDB', () => {
    const { made, peer } = configuration({ database: 'returns_db' });
    made.addPeer(peer(BOXES.mongodb));
    expect(() => made.addPeer(peer({ ...BOXES.mongodb, namespace: 'archive' }))).toThrow(
      '[test/configuration] connects to archive/mongodb:tcp-mongodb, but has a database elsewhere already; allowed: one MongoDB',
    );
  });

  it('refuses MongoDB where no database is named', () => {
    const { made, peer } = configuration();
    expect(() => made.addPeer(peer(BOXES.mongodb))).toThrow(
      '[test/configuration] must provide database, as it connects to mongodb/mongodb:tcp-mongodb',
    );
  });

  it.each([BOXES.postgresql, BOXES.zookeeper])('refuses $workload, for which the code reads no variable', (box) => {
    const { made, peer } = configuration();
    expect(() => made.addPeer(peer(box))).toThrow(
      `[test/configuration] no variable is known for ${peer(box).name}, which is of the kind ${box.workload}`,
    );
  });
});
