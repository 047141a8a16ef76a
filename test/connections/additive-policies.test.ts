import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { PodsState } from '../../lib/connections/pods-state';
import { chartOf, find, findAll, importedBox, pods, policy, synth, tcp, TestWorkload } from './fixtures';

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
    expect(synth(chart(app, 'returns-kafka'))).toEqual([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {
          name: 'kafka-returns-service',
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
    expect(policy(chart(app, 'returns-observability'), 'prometheus-returns-service')).toEqual({
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
    expect(policy(chart(app, 'returns-kafka'), 'kafka-returns-service')).toEqual({
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
    expect(policy(theirs, 'kafka-returns-service').ingress![0].from).toEqual([pods('returns-service', 'team')]);
    expect(policy(theirs, 'kafka-labels-service').ingress![0].from).toEqual([pods('labels-service', 'team')]);
  });

  it('of another guest’s chart is in files of its own.', () => {
    const box = importedBox(app, 'kafka', 'kafka');
    guest.connectTo(box);
    new TestWorkload(chartOf(app, 'other'), 'other-service').connectTo(box);
    expect(chartIds(app)).toEqual(['returns', 'returns-kafka', 'other', 'other-kafka']);
    expect(find(chart(app, 'other-kafka'), 'NetworkPolicy', 'kafka-other-service').metadata.namespace).toBe('kafka');
  });

  it('never vanishes behind another whose policy has the same name.', () => {
    new TestWorkload(team, 'b-c').connectTo(importedBox(team, 'kafka', 'a'));
    new TestWorkload(team, 'c').connectTo(importedBox(team, 'kafka', 'a-b'));
    expect(findAll(chart(app, 'returns-kafka'), 'NetworkPolicy').map((m) => m.spec.podSelector)).toEqual([
      pods('a').podSelector,
      pods('a-b').podSelector,
    ]);
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
    return stringify(synth(chart(root, 'team-kafka')));
  };
  expect(manifests(['zookeeper', 'broker', 'kafka'])).toBe(manifests(['kafka', 'zookeeper', 'broker']));
});

it('A guest whose policies would have too long a name is told so.', () => {
  guest.connectTo(importedBox(team, 'kafka', 'kafka'));
  const long = new TestWorkload(team, 'x'.repeat(60));
  expect(() => long.connectTo(importedBox(team, 'kafka', 'y'.repeat(200)))).toThrow(
    `[returns/${'x'.repeat(60)}] '${'y'.repeat(200)}-${'x'.repeat(60)}' has 261 characters; ` +
      `allowed for a NetworkPolicy: at most 253`,
  );
});
