import { App, Chart } from 'cdk8s';
import { Endpoint, EndpointKind, EndpointProps } from '../../lib/connections/endpoint';
import { Pods } from '../../lib/connections/pods';
import { PodsState } from '../../lib/connections/pods-state';
import { chartOf, pods as podsPeer } from './fixtures';

const pods = new Pods('mongodb', { box: 'mongodb', workload: 'mongodb', component: 'database' });

const PROPS: Required<EndpointProps> = {
  pods,
  name: 'tcp-mongodb',
  kind: EndpointKind.MONGODB,
  port: 27017,
  host: 'mongodb.mongodb.svc.cluster.local',
  memberHosts: ['mongodb-0.example', 'mongodb-1.example'],
};

describe('An endpoint', () => {
  it('keeps every prop.', () => {
    const endpoint = new Endpoint(PROPS);
    expect(endpoint).toMatchObject({
      pods,
      portName: 'tcp-mongodb',
      kind: EndpointKind.MONGODB,
      port: 27017,
      host: 'mongodb.mongodb.svc.cluster.local',
      name: 'mongodb/mongodb:tcp-mongodb',
      ports: [{ port: 27017 }],
    });
    expect(endpoint.memberAddresses).toEqual(['mongodb-0.example:27017', 'mongodb-1.example:27017']);
  });

  it('has the address of its Service, which stands for its members where it names none.', () => {
    const endpoint = new Endpoint({ ...PROPS, memberHosts: undefined });
    expect(endpoint.address).toBe('mongodb.mongodb.svc.cluster.local:27017');
    expect(endpoint.memberAddresses).toEqual([endpoint.address]);
  });

  it('is its own endpoint, found by name, and its pods as policies see them.', () => {
    const endpoint = new Endpoint(PROPS);
    expect(endpoint.endpoint).toBe(endpoint);
    expect(endpoint._byName).toBe(true);
    expect(endpoint._pods).toBe(pods);
    expect(endpoint._policyPeers('wms-platform')).toEqual([podsPeer('mongodb', 'mongodb')]);
    expect(endpoint._policyPeers('mongodb')).toEqual([podsPeer('mongodb')]);
  });

  it('is known by its port, so that a new object for it is the same.', () => {
    expect(new Endpoint({ ...PROPS, host: 'other' })._id).toBe(new Endpoint(PROPS)._id);
    expect(new Endpoint({ ...PROPS, port: 1 })._id).not.toBe(new Endpoint(PROPS)._id);
  });

  it.each([0, -1, 65536, 80.5, NaN])('refuses the port %s.', (port) => {
    expect(() => new Endpoint({ ...PROPS, port })).toThrow(
      `[mongodb/mongodb] port ${port} is none; allowed: a whole number from 1 to 65535`,
    );
  });

  it.each(['', 'HTTP', '8080', 'a'.repeat(16), 'http-', 'a--b', 'http_1'])('refuses the port name %j.', (name) => {
    expect(() => new Endpoint({ ...PROPS, name })).toThrow(
      `[mongodb/mongodb] '${name}' is no port name; allowed: at most 15 lower-case letters, digits and single '-', ` +
        `beginning with a letter`,
    );
  });

  it.each(['a', 'a'.repeat(15), 'grpc-otlp', 'h2-c'])('takes the port name %s.', (name) => {
    expect(new Endpoint({ ...PROPS, name }).portName).toBe(name);
  });

  it('is refused with the path of what runs its pods, where that is known.', () => {
    const chart: Chart = chartOf(new App(), 'mongodb', 'data');
    const claimed = new Pods('mongodb', pods._identity)._claim(PodsState.PENDING, chart);
    expect(() => new Endpoint({ ...PROPS, pods: claimed, port: 0 })).toThrow('[data] port 0 is none');
    expect(() => new Endpoint({ ...PROPS, pods: claimed, name: 'X' })).toThrow("[data] 'X' is no port name");
  });
});
