import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { PodsState } from '../../lib/connections/pods-state';
import { find, findAll, manifestsOf, nameOf } from '../manifest';
import { chartOf, importedBox, pods, policy, tcp, TestWorkload } from './fixtures';

let app: App;
let team: Chart;
let guest: TestWorkload;

beforeEach(() => {
  app = new App();
  team = chartOf(app, 'team', 'returns');
  guest = new TestWorkload(team, 'returns-service');
});

const chartIds = (root: App) => root.node.children.map(({ node }) => node.id);
const chart = (root: App, id: string) => root.node.findChild(id) as Chart;

describe('A guest’s connection', () => {
  it('to imported pods brings their ingress rule alone, in a chart of their namespace directly below the app.', () => {
    guest.connectTo(importedBox(team, 'kafka', 'kafka'));
    expect(chartIds(app)).toEqual(['returns', 'returns-kafka']);
    expect(manifestsOf(chart(app, 'returns-kafka'))).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {
          name: 'kafka.team.returns-service',
          namespace: 'kafka',
          annotations: { 'argocd.argoproj.io/sync-wave': '2' },
          labels: {
            'app.kubernetes.io/name': 'returns-service',
            'app.kubernetes.io/instance': 'returns-service',
            'app.kubernetes.io/component': 'api',
            'app.kubernetes.io/part-of': 'wms-platform',
            'app.kubernetes.io/managed-by': 'cdk8s',
          },
        },
        spec: {
          ...pods('kafka'),
          policyTypes: ['Ingress'],
          ingress: [{ from: [pods('returns-service', 'team')], ports: tcp(9000) }],
        },
      },
    ]);
  });

  it('from imported pods brings their egress rule alone; how they find names is their owner’s matter.', () => {
    importedBox(team, 'observability', 'prometheus').connectTo(guest);
    expect(policy(chart(app, 'returns-observability'), 'prometheus.team.returns-service')).toEqual({
      ...pods('prometheus'),
      policyTypes: ['Egress'],
      egress: [{ to: [pods('returns-service', 'team')], ports: tcp(8080) }],
    });
  });

  it('has its own side in the guest’s own policy.', () => {
    guest.connectTo(importedBox(team, 'kafka', 'kafka'));
    expect(policy(team, 'returns-service').egress![0]).toEqual({ to: [pods('kafka', 'kafka')], ports: tcp(9000) });
    expect(findAll(team, 'NetworkPolicy')).toHaveLength(1);
  });

  it('shares one policy with its other connections to the same pods, both ways.', () => {
    const box = importedBox(team, 'kafka', 'kafka', { tcp: 9000 });
    guest.connectTo(box);
    guest.connectTo(importedBox(team, 'mongodb', 'mongodb'));
    box.connectTo(guest);
    expect(policy(chart(app, 'returns-kafka'), 'kafka.team.returns-service')).toEqual({
      ...pods('kafka'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [pods('returns-service', 'team')], ports: tcp(9000) }],
      egress: [{ to: [pods('returns-service', 'team')], ports: tcp(8080) }],
    });
    expect(chartIds(app)).toEqual(['returns', 'returns-kafka', 'returns-mongodb']);
  });

  it('leaves out what the pods’ other guests need.', () => {
    const box = importedBox(team, 'kafka', 'kafka');
    [guest, new TestWorkload(team, 'labels-service')].forEach((workload) => workload.connectTo(box));
    const theirs = chart(app, 'returns-kafka');
    expect(policy(theirs, 'kafka.team.returns-service').ingress![0].from).toEqual([pods('returns-service', 'team')]);
    expect(policy(theirs, 'kafka.team.labels-service').ingress![0].from).toEqual([pods('labels-service', 'team')]);
  });

  it('of another guest’s chart is in files of its own.', () => {
    const box = importedBox(app, 'kafka', 'kafka');
    guest.connectTo(box);
    new TestWorkload(chartOf(app, 'other'), 'other-service').connectTo(box);
    expect(chartIds(app)).toEqual(['returns', 'returns-kafka', 'other', 'other-kafka']);
    expect(find(chart(app, 'other-kafka'), 'NetworkPolicy', 'kafka.other.other-service').metadata.namespace).toBe(
      'kafka',
    );
  });

  it('never has the name of another, however their parts are divided.', () => {
    new TestWorkload(team, 'b-c').connectTo(importedBox(team, 'kafka', 'a'));
    new TestWorkload(team, 'c').connectTo(importedBox(team, 'kafka', 'a-b'));
    const theirs = chart(app, 'returns-kafka');
    expect(findAll(theirs, 'NetworkPolicy')).toHaveLength(2);
    expect(policy(theirs, 'a.team.b-c')).toMatchObject(pods('a'));
    expect(policy(theirs, 'a-b.team.c')).toMatchObject(pods('a-b'));
  });

  it('never has the name of another team’s, whose workload has the same name in another namespace.', () => {
    const names = ['one', 'two'].map((namespace) => {
      new TestWorkload(chartOf(app, namespace), 'api').connectTo(importedBox(app, 'kafka', 'kafka'));
      const policies = findAll(chart(app, `${namespace}-kafka`), 'NetworkPolicy');
      expect(policies.map(({ spec }) => spec.ingress)).toEqual([
        [{ from: [pods('api', namespace)], ports: tcp(9000) }],
      ]);
      return policies.map(nameOf);
    });
    expect(names).toEqual([['NetworkPolicy kafka/kafka.one.api'], ['NetworkPolicy kafka/kafka.two.api']]);
  });

  it('has a name that the API server takes, however long its parts are.', () => {
    const [theirs, namespace, ours] = ['t', 'n', 'o'].map((letter) => letter.repeat(63));
    new TestWorkload(chartOf(app, namespace, 'long'), ours).connectTo(importedBox(app, 'kafka', theirs));
    const { name } = find(chart(app, 'long-kafka'), 'NetworkPolicy').metadata;
    expect(name).toBe(`${theirs}.${namespace}.${ours}`);
    expect(name.length).toBeLessThanOrEqual(253);
  });

  it.each([
    ['whose names end alike', 'a', 'b-c', 'a-b', 'c', 'a-b-c'],
    ['that has the name already', 'a', 'b', 'a-b', '', 'a-b'],
  ])('is refused where its file would be that of a chart %s.', (_which, id, namespace, otherId, other, clash) => {
    const [one, two] = [id, otherId].map((chartId) => new TestWorkload(chartOf(app, 'team', chartId), chartId));
    if (other) {
      two.connectTo(importedBox(app, other, 'server'));
    }
    expect(() => one.connectTo(importedBox(app, namespace, 'server'))).toThrow(
      `There is already a Construct with name '${clash}' in App`,
    );
  });

  it('brings nothing where both sides are its own, pending or outside.', () => {
    const pending = importedBox(team, 'kafka', 'kafka');
    pending.pods._claim(PodsState.PENDING, team);
    guest.connectTo(new TestWorkload(team, 'other'));
    guest.connectTo(pending);
    guest.connectTo(new ExternalEndpoint('carrier', { hosts: ['api.example.com'] }));
    expect(chartIds(app)).toEqual(['returns']);
  });
});

it('Additive policies do not depend on the order of declaration.', () => {
  const manifests = (names: string[]) => {
    const root = new App();
    const guests = chartOf(root, 'team');
    const workloads = ['x', 'y'].map((name) => new TestWorkload(guests, name));
    const boxes = new Map(['kafka', 'broker', 'zookeeper'].map((name) => [name, importedBox(guests, 'kafka', name)]));
    names.forEach((name) => {
      workloads.forEach((workload) => workload.connectTo(boxes.get(name)!));
      boxes.get(name)!.connectTo(workloads[0]);
    });
    return stringify(manifestsOf(chart(root, 'team-kafka')));
  };
  expect(manifests(['zookeeper', 'broker', 'kafka'])).toBe(manifests(['kafka', 'zookeeper', 'broker']));
});
