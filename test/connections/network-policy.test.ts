import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { Scraper } from '../../lib/connections/scraper';
import { Dns } from '../../lib/connections/dns';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { KubernetesApi } from '../../lib/connections/kubernetes-api';
import { Nodes } from '../../lib/connections/nodes';
import { Client, IConnectable } from '../../lib/connections/peer';
import { find, findAll, manifestsOf } from '../manifest';
import { chartOf, DNS_RULE, pods, policy, setCluster, tcp, TestWorkload, twoNamespaces } from './fixtures';

const API = new KubernetesApi(['10.96.0.0/16']);
const NODES = new Nodes(['10.1.0.0/16']);
const CARRIER = new ExternalEndpoint('carrier', { hosts: ['api.example.com'], cidrs: ['192.0.2.0/24'] });
const CARRIER_RULE = { to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: tcp(443) };

let chart: Chart;

beforeEach(() => {
  chart = chartOf(new App());
});

describe('A workload', () => {
  it('without a connection has a policy that allows nothing.', () => {
    new TestWorkload(chart, 'lonely');
    expect(policy(chart, 'lonely')).toEqual({
      ...pods('lonely'),
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('has one policy, with exactly its connections.', () => {
    const [client, middle, server] = ['client', 'middle', 'server'].map((name) => new TestWorkload(chart, name));
    client.connectTo(middle);
    middle.connectTo(server);
    expect(findAll(chart, 'NetworkPolicy').map(({ metadata }) => metadata.name)).toEqual([
      'client',
      'middle',
      'server',
    ]);
    expect(policy(chart, 'middle')).toEqual({
      ...pods('middle'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [pods('client')], ports: tcp(8080) }],
      egress: [{ to: [pods('server')], ports: tcp(8080) }, DNS_RULE],
    });
    expect(policy(chart, 'client')).not.toHaveProperty('ingress');
    expect(policy(chart, 'server')).not.toHaveProperty('egress');
  });

  it('has the policy in its namespace, before its pods, with its labels.', () => {
    new TestWorkload(chart, 'lonely');
    expect(find(chart, 'NetworkPolicy', 'lonely').metadata).toEqual({
      name: 'lonely',
      namespace: 'test',
      annotations: { 'argocd.argoproj.io/sync-wave': '2' },
      labels: {
        'app.kubernetes.io/name': 'lonely',
        'app.kubernetes.io/instance': 'lonely',
        'app.kubernetes.io/component': 'api',
        'app.kubernetes.io/part-of': 'wms-platform',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    });
  });
});

describe('A connection', () => {
  it('within a namespace selects pods alone.', () => {
    const server = new TestWorkload(chart, 'server');
    new TestWorkload(chart, 'client').connectTo(server);
    expect(policy(chart, 'client').egress).toEqual([{ to: [pods('server')], ports: tcp(8080) }, DNS_RULE]);
    expect(policy(chart, 'server').ingress).toEqual([{ from: [pods('client')], ports: tcp(8080) }]);
  });

  it('across namespaces selects pods in the namespace of the other side.', () => {
    const { here, there } = twoNamespaces();
    new TestWorkload(here, 'client').connectTo(new TestWorkload(there, 'server'));
    expect(policy(here, 'client').egress).toEqual([{ to: [pods('server', 'there')], ports: tcp(8080) }, DNS_RULE]);
    expect(policy(there, 'server').ingress).toEqual([{ from: [pods('client', 'here')], ports: tcp(8080) }]);
  });

  it('among the members of a set allows both directions.', () => {
    const set = new TestWorkload(chart, 'set', { peer: 7000, http: 8080 });
    set.connectToPeers(set.endpoints[0]);
    expect(policy(chart, 'set')).toMatchObject({
      ingress: [{ from: [pods('set')], ports: tcp(7000) }],
      egress: [{ to: [pods('set')], ports: tcp(7000) }, DNS_RULE],
    });
  });

  it('to the API server allows its ports at its addresses.', () => {
    new TestWorkload(chart, 'client').connectTo(API);
    expect(policy(chart, 'client').egress).toEqual([
      { to: [{ ipBlock: { cidr: '10.96.0.0/16' } }], ports: tcp(443, 6443) },
    ]);
  });

  it('to the nodes allows the kubelet’s port at their addresses.', () => {
    new TestWorkload(chart, 'client').connectTo(NODES);
    expect(policy(chart, 'client').egress).toEqual([{ to: [{ ipBlock: { cidr: '10.1.0.0/16' } }], ports: tcp(10250) }]);
  });

  it('to something outside allows its networks.', () => {
    new TestWorkload(chart, 'client').connectTo(CARRIER);
    expect(policy(chart, 'client').egress).toEqual([CARRIER_RULE, DNS_RULE]);
  });

  it('to something on the internet allows no private network.', () => {
    new TestWorkload(chart, 'client').connectTo(new ExternalEndpoint('carrier', { hosts: ['api.example.com'] }));
    const except = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
    expect(policy(chart, 'client').egress).toEqual([
      { to: [{ ipBlock: { cidr: '0.0.0.0/0', except } }], ports: tcp(443) },
      DNS_RULE,
    ]);
  });

  it.each<[string, Client, string]>([
    ['something outside', new ExternalEndpoint('balancer', { cidrs: ['192.0.2.0/24'] }), '192.0.2.0/24'],
    ['the API server', API, '10.96.0.0/16'],
    ['the nodes', NODES, '10.1.0.0/16'],
  ])('from %s allows its networks to come in.', (_who, client, cidr) => {
    client.connectTo(new TestWorkload(chart, 'server'));
    expect(policy(chart, 'server').ingress).toEqual([{ from: [{ ipBlock: { cidr } }], ports: tcp(8080) }]);
  });
});

describe('Rules', () => {
  it('of two ports of one peer are one egress rule and two ingress rules.', () => {
    const server = new TestWorkload(chart, 'server', { http: 8080, grpc: 4317 });
    const client = new TestWorkload(chart, 'client');
    server.endpoints.forEach((endpoint) => client.connectTo(endpoint));
    expect(policy(chart, 'client').egress).toEqual([{ to: [pods('server')], ports: tcp(4317, 8080) }, DNS_RULE]);
    expect(policy(chart, 'server').ingress).toEqual([
      { from: [pods('client')], ports: tcp(4317) },
      { from: [pods('client')], ports: tcp(8080) },
    ]);
  });

  it('of two clients of one port are one ingress rule.', () => {
    const server = new TestWorkload(chart, 'server');
    ['b', 'a'].forEach((name) => new TestWorkload(chart, name).connectTo(server));
    expect(policy(chart, 'server').ingress).toEqual([{ from: [pods('a'), pods('b')], ports: tcp(8080) }]);
  });

  it('of two hosts in one network are one egress rule, with each port once.', () => {
    const client = new TestWorkload(chart, 'client');
    [443, 8443, 443].forEach((port, i) =>
      client.connectTo(
        new ExternalEndpoint(`carrier-${i}`, { hosts: ['api.example.com'], port, cidrs: ['192.0.2.0/24'] }),
      ),
    );
    expect(policy(chart, 'client').egress).toEqual([{ ...CARRIER_RULE, ports: tcp(443, 8443) }, DNS_RULE]);
  });

  it('come in the order of ports and of names, not of digits.', () => {
    const server = new TestWorkload(chart, 'server', { http: 8080, admin: 900, peer: 10000 });
    const client = new TestWorkload(chart, 'client');
    server.endpoints.forEach((endpoint) => client.connectTo(endpoint));
    expect(policy(chart, 'client').egress![0].ports).toEqual(tcp(900, 8080, 10000));
    expect(policy(chart, 'server').ingress!.map(({ ports }) => ports![0].port)).toEqual([900, 8080, 10000]);
  });

  it('come in the order of the servers’ names, whatever selects them.', () => {
    const { here, there } = twoNamespaces();
    const client = new TestWorkload(here, 'client');
    [new TestWorkload(there, 'far'), new TestWorkload(here, 'near')].forEach((server) => client.connectTo(server));
    expect(policy(here, 'client').egress!.flatMap(({ to }) => to)).toEqual([
      pods('near'),
      pods('far', 'there'),
      ...DNS_RULE.to,
    ]);
  });

  it('do not depend on the order of declaration.', () => {
    const connections: ((w: Record<string, TestWorkload>) => void)[] = [
      ({ a, b }) => a.connectTo(b.endpoints[0]),
      ({ a, b }) => a.connectTo(b.endpoints[1]),
      ({ a, c }) => a.connectTo(c),
      ({ c, b }) => c.connectTo(b),
      ({ a }) => a.connectTo(CARRIER),
      ({ a }) => a.connectTo(API),
      ({ b }) => NODES.connectTo(b),
      ({ b }) => b.connectToPeers(b.endpoint),
    ];
    const manifests = (order: typeof connections) => {
      const { here, there } = twoNamespaces();
      const workloads = {
        a: new TestWorkload(here, 'a'),
        b: new TestWorkload(there, 'b', { http: 8080, grpc: 4317 }),
        c: new TestWorkload(here, 'c'),
      };
      order.forEach((declare) => declare(workloads));
      return stringify([manifestsOf(here), manifestsOf(there)]);
    };
    const orders = [connections, [...connections].reverse()].flatMap((list) =>
      list.map((_, i) => [...list.slice(i), ...list.slice(0, i)]),
    );
    expect(new Set(orders.map(manifests)).size).toBe(1);
  });
});

describe('DNS', () => {
  it.each<[string, boolean, () => IConnectable]>([
    ['another workload', true, () => new TestWorkload(chart, 'server')],
    ['something outside', true, () => CARRIER],
    ['the API server', false, () => API],
    ['the nodes', false, () => NODES],
  ])('is allowed to a client of %s: %s.', (_what, allowed, target) => {
    new TestWorkload(chart, 'client').connectTo(target());
    const { egress } = policy(chart, 'client');
    expect(egress).toHaveLength(allowed ? 2 : 1);
    expect(egress!.filter((rule) => rule.ports!.some(({ port }) => Number(port) === 53))).toEqual(
      allowed ? [DNS_RULE] : [],
    );
  });

  it('is allowed once, after everything else, where the cluster has it.', () => {
    setCluster(chart, { dns: new Dns({ namespace: 'dns-system', podLabels: { app: 'dns' } }) });
    const client = new TestWorkload(chart, 'client');
    ['z', 'a'].forEach((name) => client.connectTo(new TestWorkload(chart, name)));
    client.connectTo(CARRIER);
    const { egress } = policy(chart, 'client');
    expect(egress).toHaveLength(4);
    expect(egress![3].to).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dns-system' } },
        podSelector: { matchLabels: { app: 'dns' } },
      },
    ]);
  });
});

describe('A metrics endpoint', () => {
  it.each([
    ['at its own path', '/internal/metrics', '/internal/metrics'],
    ['at /metrics where it names none', undefined, '/metrics'],
  ])('is reached by what scrapes the cluster, with GET, %s.', (_what, path, expected) => {
    const { here, there } = twoNamespaces();
    const scraper = new TestWorkload(there, 'scraper');
    setCluster(here, { scraper: new Scraper(scraper.pods) });
    const server = new TestWorkload(here, 'server');
    server.addMetrics(server.endpoint, path);
    expect(scraper.pods._opened[0].options).toEqual({ methods: ['GET'], paths: [expected] });
    expect(server.metrics).toEqual([{ endpoint: server.endpoint, path: expected }]);
    expect(policy(here, 'server').ingress).toEqual([{ from: [pods('scraper', 'there')], ports: tcp(8080) }]);
    expect(policy(there, 'scraper').egress![0]).toEqual({ to: [pods('server', 'here')], ports: tcp(8080) });
  });

  it('is reached by nobody where nothing scrapes the cluster.', () => {
    const server = new TestWorkload(chart, 'server');
    server.addMetrics(server.endpoint);
    expect(policy(chart, 'server')).not.toHaveProperty('ingress');
  });

  it('of what scrapes the cluster connects nothing, as that need not leave its pod.', () => {
    const scraper = new TestWorkload(chart, 'scraper');
    setCluster(chart, { scraper: new Scraper(scraper.pods) });
    scraper.addMetrics(scraper.endpoint);
    expect(scraper.metrics).toEqual([{ endpoint: scraper.endpoint, path: '/metrics' }]);
    expect(scraper.pods._opened).toEqual([]);
    expect(policy(chart, 'scraper')).toEqual({ ...pods('scraper'), policyTypes: ['Ingress', 'Egress'] });
  });
});
