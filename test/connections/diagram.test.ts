import { Chart } from 'cdk8s';
import { arrow, connectionsOf, isPending, topologyDiagram } from '../../lib/connections/diagram';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { KubernetesApi } from '../../lib/connections/kubernetes-api';
import { PodsState } from '../../lib/connections/pods-state';
import { importedBox, TestWorkload, twoNamespaces } from './fixtures';

let here: Chart;
let there: Chart;
let client: TestWorkload;
let server: TestWorkload;

beforeEach(() => {
  ({ here, there } = twoNamespaces());
  client = new TestWorkload(here, 'order-client');
  server = new TestWorkload(there, 'server', { http: 8080, grpc: 4317 });
});

const connections = () => connectionsOf([client.pods, server.pods]);

describe('The connections of some pods', () => {
  it('are what they open and accept, each once, in the order of their names.', () => {
    client.connectTo(server.endpoints[0]);
    client.connectTo(server.endpoints[1]);
    client.connectTo(new KubernetesApi(['10.0.0.0/8']));
    new ExternalEndpoint('balancer').connectTo(server);
    server.connectToPeers(server.endpoint);
    expect(connections().map(arrow)).toEqual([
      'balancer -> there/server:8080',
      'here/order-client -> kubernetes-api:443,6443',
      'here/order-client -> there/server:4317',
      'here/order-client -> there/server:8080',
      'there/server -> there/server:8080',
    ]);
  });

  it('are none where there are none.', () => {
    expect(connections()).toEqual([]);
  });
});

it.each([
  [PodsState.PENDING, true],
  [PodsState.IMPORTED, false],
])('A connection is pending where one of its sides is: %s, %s.', (state, pending) => {
  const box = importedBox(here, 'data', 'box');
  box.pods._claim(state, here);
  client.connectTo(box);
  box.connectTo(server);
  client.connectTo(server);
  expect(connections().map((c) => [arrow(c), isPending(c)])).toEqual([
    ['data/box -> there/server:8080', pending],
    ['here/order-client -> data/box:9000', pending],
    ['here/order-client -> there/server:8080', false],
  ]);
});

describe('The diagram', () => {
  it('has a box around each namespace, and an arrow with its ports for each connection.', () => {
    client.connectTo(server);
    client.connectTo(new KubernetesApi(['10.0.0.0/8']));
    new ExternalEndpoint('balancer').connectTo(client);
    expect(topologyDiagram(connections())).toBe(
      [
        'graph LR',
        '  subgraph here',
        '    here_order_client["order-client"]',
        '  end',
        '  subgraph outside',
        '    balancer["balancer"]',
        '    kubernetes_api["kubernetes-api"]',
        '  end',
        '  subgraph there',
        '    there_server["server"]',
        '  end',
        '  balancer -->|8080| here_order_client',
        '  here_order_client -->|443, 6443| kubernetes_api',
        '  here_order_client -->|8080| there_server',
      ].join('\n'),
    );
  });

  it('shows two endpoints of one workload as one node.', () => {
    server.endpoints.forEach((endpoint) => client.connectTo(endpoint));
    const lines = topologyDiagram(connections()).split('\n');
    expect(lines.filter((line) => line.includes('["server"]'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('-->'))).toHaveLength(2);
  });

  it('is empty without connections.', () => {
    expect(topologyDiagram([])).toBe('graph LR');
  });
});
