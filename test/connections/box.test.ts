import { App, Chart } from 'cdk8s';
import { Box, BoxOptions } from '../../lib/connections/box';
import { connectionKey } from '../../lib/connections/connection';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { PodsState } from '../../lib/connections/pods-state';
import { BoxTopology } from '../../lib/topology/boxes';
import { chartOf, policy, setCluster, tcp, TestWorkload } from './fixtures';

const TOPOLOGY: Required<BoxTopology> = {
  namespace: 'data',
  workload: 'mongodb-server',
  box: 'mongodb',
  component: 'database',
  members: 3,
  endpoints: {
    'tcp-mongodb': { port: 27017, kind: EndpointKind.MONGODB },
    metrics: { port: 9216, kind: EndpointKind.METRICS },
  },
};

let chart: Chart;

beforeEach(() => {
  chart = chartOf(new App());
});

const box = (topology: BoxTopology = TOPOLOGY, options: BoxOptions = { state: PodsState.PENDING }) =>
  Box._fromTopology(chart, topology, options);

describe('A box', () => {
  it('is pods with the names of the topology.', () => {
    const { pods } = box();
    expect(pods).toMatchObject({ name: 'data/mongodb-server', _state: PodsState.PENDING, _scope: chart });
    expect(pods._identity).toEqual({ box: 'mongodb', workload: 'mongodb-server', component: 'database' });
  });

  it('is the box of its own name where the topology names none.', () => {
    expect(box({ ...TOPOLOGY, box: undefined }).pods._identity.box).toBe('mongodb-server');
  });

  it('has the endpoints of the topology, the first of them its main one.', () => {
    setCluster(chart, { clusterDomain: 'example.internal' });
    const made = box();
    const main = made.endpointNamed('tcp-mongodb');
    expect(made.endpoint).toBe(main);
    expect(main).toMatchObject({ kind: EndpointKind.MONGODB, portName: 'tcp-mongodb' });
    expect(main.address).toBe('mongodb-server.data.svc.example.internal:27017');
    expect(main.memberAddresses).toEqual([main.address]);
    expect(made.endpointNamed('metrics')).toMatchObject({ kind: EndpointKind.METRICS, port: 9216 });
  });

  it('takes every option.', () => {
    const told: string[] = [];
    const options: Required<BoxOptions> = {
      state: PodsState.IMPORTED,
      members: 2,
      onConnection: (connection) => told.push(connectionKey(connection)),
    };
    const made = box(TOPOLOGY, options);
    new TestWorkload(chart, 'client').connectTo(made);
    expect(made.pods._state).toBe(PodsState.IMPORTED);
    expect((made.endpoint as Endpoint).memberAddresses).toEqual(
      [0, 1].map((i) => `mongodb-server-${i}.mongodb-server-headless.data.svc.cluster.local:27017`),
    );
    expect(told).toEqual(['test/client -> data/mongodb-server:27017']);
  });

  it('connects as a client.', () => {
    const server = new TestWorkload(chart, 'server');
    box().connectTo(server, { methods: ['GET'] });
    expect(server.pods._accepted[0].options).toEqual({ methods: ['GET'] });
    expect(policy(chart, 'server').ingress![0]).toMatchObject({
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } } }],
      ports: tcp(8080),
    });
  });

  it('without endpoints cannot be connected to.', () => {
    const made = box({ ...TOPOLOGY, endpoints: {} });
    expect(() => new TestWorkload(chart, 'client').connectTo(made)).toThrow(
      '[test/client] cannot connect to data/mongodb-server, which serves no port; allowed: one of its endpoints',
    );
  });

  it('names its endpoints where it is asked for another.', () => {
    expect(() => box().endpointNamed('http')).toThrow(
      "[data/mongodb-server] has no endpoint 'http'; allowed: metrics, tcp-mongodb",
    );
  });
});
