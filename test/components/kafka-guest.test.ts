import { Duration, Size } from 'cdk8s';
import { KafkaTopic, WmsService } from '../../lib';
import { development, guestChart, namespaceManifests, platformOf, production } from '../fixtures';
import { find, findAll, manifestsOf, namesOf, templateOf } from '../manifest';

const TOPIC: KafkaTopic = { name: 'returns.events' };

function guest(topics: KafkaTopic[] = [TOPIC], environment = production(), toKafka = true) {
  const { chart, app, platform } = guestChart(environment);
  new WmsService(chart, 'returns-service', {
    image: 'ghcr.io/example/returns-service:1.4.2',
    port: 8021,
    topics,
    connectTo: toKafka ? [platform.kafka] : [],
  });
  return { chart, app, brought: () => manifestsOf(app.node.findChild('test-kafka')) };
}

const list = (topics?: KafkaTopic[], environment = production()) =>
  (find(guest(topics, environment).brought(), 'ConfigMap').data['topics.list'] as string).trimEnd().split('\n');

const setting = (line: string, name: string) => Number(new RegExp(`${name}=(\\d+)`).exec(line)![1]);

describe("a guest's topics", () => {
  it('are brought in a file of Kafka’s namespace, with all that makes them', () => {
    const names = namesOf(guest().brought()).map((name) => name.replace(/^(Job .+)-[0-9a-f]{10}$/, '$1-<hash>'));
    expect(names).toEqual([
      'ConfigMap returns-service-topics',
      'Job returns-service-topics-<hash>',
      'NetworkPolicy kafka.kafka.returns-service-topics',
      'NetworkPolicy kafka.wms-platform.returns-service',
      'NetworkPolicy returns-service-topics',
      'ServiceAccount returns-service-topics',
    ]);
  });

  it('are by the same script as the platform’s own', () => {
    const theirs = namespaceManifests(platformOf(production()).app, 'kafka');
    expect(find(guest().brought(), 'ConfigMap').data['topics.sh']).toBe(
      find(theirs, 'ConfigMap', 'kafka-topics').data['topics.sh'],
    );
    expect(templateOf(findAll(guest().brought(), 'Job')[0]).spec.containers[0].command).toEqual(
      templateOf(findAll(theirs, 'Job').find(({ metadata }) => metadata.name.startsWith('kafka-topics'))!).spec
        .containers[0].command,
    );
  });

  it('have the figures of the environment, unless they have their own', () => {
    expect(list()[0]).toMatch(/^returns\.events 3 3 - min\.insync\.replicas=2,retention\.ms=604800000,/);
    expect(list([TOPIC], development())[0]).toMatch(/^returns\.events 3 1 - min\.insync\.replicas=1,/);
    const own = { ...TOPIC, partitions: 6, replicationFactor: 2, minInSyncReplicas: 1, retention: Duration.days(1) };
    expect(list([own])[0]).toMatch(/^returns\.events 6 2 - min\.insync\.replicas=1,retention\.ms=86400000,/);
  });

  it('keep as much as one of the platform’s own, shared by all of its partitions', () => {
    const theirs = find(namespaceManifests(platformOf(production()).app, 'kafka'), 'ConfigMap', 'kafka-topics');
    const standard = setting(theirs.data['topics.list'], 'retention.bytes');
    expect(setting(list()[0], 'retention.bytes')).toBe(standard);
    const two = list([TOPIC, { name: 'returns.audit' }]);
    expect(two.map((line) => setting(line, 'retention.bytes'))).toEqual([standard / 2, standard / 2]);
  });

  it('fit, for as many guests as the environment has, into the quota', () => {
    const quota = (guestServices: number) =>
      find(namespaceManifests(platformOf(production({ guestServices })).app, 'kafka'), 'ResourceQuota').spec.hard;
    expect(Number(quota(2).pods) - Number(quota(0).pods)).toBe(2);
  });
});

describe('a guest is refused', () => {
  it.each<[string, KafkaTopic, string]>([
    ["the platform's own topic", { name: 'wms.orders.events' }, "the topic 'wms.orders.events' is the platform's own;"],
    [
      'a rate that the volumes are not planned with',
      { ...TOPIC, bytesPerSecond: Size.kibibytes(1) },
      "the topic 'returns.events' declares bytesPerSecond, which only",
    ],
    ['no name', { name: 'a b' }, "'a b' is no topic; allowed: "],
    ['too many replicas', { ...TOPIC, replicationFactor: 4 }, 'returns.events replicationFactor is 4 with a number'],
  ])('with %s', (_what, topic, message) => {
    expect(() => guest([topic])).toThrow(`[test/returns-service] ${message}`);
  });

  it('with topics that it does not connect to', () => {
    const { chart } = guest([TOPIC], production(), false);
    expect(() => manifestsOf(chart)).toThrow(
      'has topics but does not connect to Kafka; allowed: topics together with a connection to Kafka',
    );
  });

  it('with topics in the platform’s own app', () => {
    const { app, platform } = platformOf(production());
    const chart = app.charts.find(({ node }) => node.id.endsWith('wms-platform'))!;
    const make = () =>
      new WmsService(chart, 'returns-service', {
        image: 'ghcr.io/example/returns-service:1.4.2',
        port: 8021,
        topics: [TOPIC],
        connectTo: [platform.kafka],
      });
    expect(make).toThrow(/topics of its own at kafka\/kafka:tcp-client, which is of the same app; allowed: /);
  });
});
