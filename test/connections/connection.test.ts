import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { Connection, connectionKey } from '../../lib/connections/connection';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { KubernetesApi } from '../../lib/connections/kubernetes-api';
import { ConnectOptions } from '../../lib/connections/peer';
import { Pods } from '../../lib/connections/pods';
import { PodsState } from '../../lib/connections/pods-state';
import { manifestsOf } from '../manifest';
import { chartOf, importedBox, TestWorkload } from './fixtures';

let chart: Chart;
let client: TestWorkload;
let server: TestWorkload;

beforeEach(() => {
  chart = chartOf(new App());
  client = new TestWorkload(chart, 'client');
  server = new TestWorkload(chart, 'server');
});

const ghost = () => new Pods('test', { box: 'ghost', workload: 'ghost', component: 'api' });

function endpointOf(pods: Pods): Endpoint {
  return new Endpoint({ pods, name: 'http', kind: EndpointKind.HTTP, port: 8080, host: 'ghost' });
}

describe('A connection', () => {
  it('is recorded once on either side.', () => {
    client.connectTo(server);
    const [connection] = client.pods._opened;
    expect(connectionKey(connection)).toBe('test/client -> test/server:8080');
    expect(connection.options).toEqual({});
    expect(client.pods._opened).toHaveLength(1);
    expect(server.pods._accepted).toHaveLength(1);
    expect(server.pods._accepted[0]).toBe(connection);
    expect([...client.pods._accepted, ...server.pods._opened]).toEqual([]);
  });

  it('keeps every option.', () => {
    const options: Required<ConnectOptions> = { methods: ['GET', 'POST'], paths: ['/api/v1/orders*'] };
    client.connectTo(server, options);
    expect(server.pods._accepted[0].options).toEqual(options);
  });

  it('is told to both sides once, however often it is declared.', () => {
    const told: Connection[] = [];
    client.pods._onConnection = server.pods._onConnection = (connection) => told.push(connection);
    client.connectTo(server);
    client.connectTo(server);
    expect(told.map(connectionKey)).toEqual(Array(2).fill('test/client -> test/server:8080'));
  });

  it('changes nothing when it is declared again, with its options in another order.', () => {
    client.connectTo(server, { methods: ['GET', 'POST'], paths: ['/a', '/b'] });
    const before = stringify(manifestsOf(chart));
    client.connectTo(server.endpoint, { methods: ['POST', 'GET'], paths: ['/b', '/a'] });
    expect(client.pods._opened).toHaveLength(1);
    expect(stringify(manifestsOf(chart))).toBe(before);
  });

  it.each<[string, ConnectOptions, ConnectOptions, string]>([
    ['methods', { methods: ['GET'] }, {}, '{"methods":["GET"],"paths":[]} and {"methods":[],"paths":[]}'],
    ['paths', {}, { paths: ['/a'] }, '{"methods":[],"paths":[]} and {"methods":[],"paths":["/a"]}'],
  ])('cannot be declared again with other %s.', (_what, first, second, both) => {
    client.connectTo(server, first);
    expect(() => client.connectTo(server, second)).toThrow(
      `[test/client] the connection to test/server:http is declared twice with different options: ${both}; ` +
        `allowed: one declaration`,
    );
  });

  it('from outside cannot be declared again with other options.', () => {
    const balancer = new ExternalEndpoint('balancer');
    balancer.connectTo(server);
    expect(() => balancer.connectTo(server, { methods: ['GET'] })).toThrow(
      '[balancer] the connection to test/server:http is declared twice with different options',
    );
  });

  it('cannot go to two places of one name, of which one would be lost.', () => {
    const carrier = (cidr: string) => new ExternalEndpoint('carrier', { hosts: ['api.example.com'], cidrs: [cidr] });
    client.connectTo(carrier('192.0.2.0/24'));
    client.connectTo(carrier('192.0.2.0/24'));
    expect(() => client.connectTo(carrier('198.51.100.0/24'))).toThrow(
      '[test/client] the connection test/client -> external/carrier is declared twice with different places of one ' +
        'name; allowed: one place for each name',
    );
  });

  it('cannot come from two places of one name.', () => {
    new ExternalEndpoint('balancer', { cidrs: ['192.0.2.0/24'] }).connectTo(server);
    expect(() => new ExternalEndpoint('balancer', { cidrs: ['198.51.100.0/24'] }).connectTo(server)).toThrow(
      '[balancer] the connection external/balancer -> test/server:8080 is declared twice with different places',
    );
  });

  it('cannot go from a workload to itself.', () => {
    expect(() => client.connectTo(client)).toThrow(
      '[test/client] cannot connect to itself (test/client:http); use connectToPeers for the members of one set',
    );
  });

  it.each([
    ['pods', () => server.pods, 'test/server'],
    ['something outside without hosts', () => new ExternalEndpoint('balancer'), 'balancer'],
  ])('cannot go to %s, which serve no port.', (_what, target, name) => {
    expect(() => client.connectTo(target())).toThrow(
      `[test/client] cannot connect to ${name}, which serves no port; allowed: one of its endpoints`,
    );
  });

  it('cannot go to an endpoint of another app.', () => {
    const other = new TestWorkload(chartOf(new App(), 'other'), 'other');
    expect(() => client.connectTo(other)).toThrow(
      '[test/client] cannot connect to other/other:http, which belongs to another app; use ' +
        'WmsPlatform.fromEnvironment or WmsService.fromAttributes for what somebody else deploys',
    );
  });

  describe('of which this app runs neither side', () => {
    const outside = () => new ExternalEndpoint('outside', { hosts: ['api.example.com'] });
    const theirs = (name: string) => importedBox(chart, 'theirs', name);

    it.each([
      [
        'both are somebody else’s',
        () => theirs('a').connectTo(theirs('b')),
        '[test] cannot connect theirs/a to theirs/b:tcp',
      ],
      [
        'both are outside',
        () => outside().connectTo(new KubernetesApi(['10.0.0.0/8'])),
        '[outside] cannot connect outside to kubernetes-api',
      ],
      [
        'one is outside and opens it',
        () => outside().connectTo(theirs('b')),
        '[outside] cannot connect outside to theirs/b:tcp',
      ],
      [
        'one is outside and accepts it',
        () => theirs('a').connectTo(outside()),
        '[test] cannot connect theirs/a to outside',
      ],
    ])('is refused where %s.', (_what, connect, message) => {
      expect(connect).toThrow(`${message}: this app runs neither; allowed: a connection of its own workloads`);
    });
  });

  it('among members needs an endpoint of their own.', () => {
    expect(() => client.connectToPeers(server.endpoint)).toThrow(
      '[test/client] cannot connect to test/server:http as to a peer; allowed: an endpoint of its own',
    );
  });
});

describe('A dangling connection', () => {
  it.each([
    ['server', () => client.connectTo(endpointOf(ghost())), 'test/client -> test/ghost:8080'],
    ['client', () => ghost().connectTo(server), 'test/ghost -> test/server:8080'],
  ])('fails at synthesis, naming the arrow, where nothing runs its %s.', (_side, connect, arrow) => {
    connect();
    expect(() => manifestsOf(chart)).toThrow(`dangling connection ${arrow}: nothing runs the pods test/ghost`);
  });

  it.each([PodsState.PENDING, PodsState.IMPORTED])('is none where its pods are %s.', (state) => {
    client.connectTo(endpointOf(ghost()._claim(state, chart)));
    expect(() => manifestsOf(chart)).not.toThrow();
  });

  it('is none once a workload runs the pods.', () => {
    const pods = ghost();
    client.connectTo(endpointOf(pods));
    new TestWorkload(chart, 'ghost', { http: 8080 }, pods);
    expect(() => manifestsOf(chart)).not.toThrow();
  });
});
