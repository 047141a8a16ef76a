import { k8s } from 'cdk8s-plus-27';
import { App, Chart } from 'cdk8s';
import { Client, IConnectable, PeerPort } from '../../lib/connections/peer';
import { chartOf, policy, tcp, TestWorkload } from './fixtures';

/** The least that a peer must say of itself. */
class Printer extends Client {
  public constructor(...ports: PeerPort[]) {
    super('printer', ports);
  }

  public get _id(): string {
    return 'printer';
  }

  public _policyPeers(): k8s.NetworkPolicyPeer[] {
    return [{ ipBlock: { cidr: '192.0.2.1/32' } }];
  }
}

const client = () => new TestWorkload(chartOf(new App()), 'client');

describe('A peer', () => {
  it('is its own endpoint, no pods, and found without DNS, unless it says otherwise.', () => {
    const printer = new Printer({ port: 631 });
    expect(printer.endpoint).toBe(printer);
    expect(printer._pods).toBeUndefined();
    expect(printer._byName).toBe(false);
  });

  it('serves TCP ports, and others where it names their protocol.', () => {
    const udp: Required<PeerPort> = { port: 161, protocol: 'UDP' };
    const workload = client();
    workload.connectTo(new Printer(udp, { port: 631 }));
    expect(policy(Chart.of(workload), 'client').egress).toEqual([
      { to: [{ ipBlock: { cidr: '192.0.2.1/32' } }], ports: [udp, ...tcp(631)] },
    ]);
  });
});

describe('A client', () => {
  it('connects to the endpoint of a component.', () => {
    const printer = new Printer({ port: 631 });
    const workload = client();
    workload.connectTo({ endpoint: printer });
    expect(workload.pods._opened[0].server).toBe(printer);
  });

  it.each([undefined, {}])('cannot connect to %j.', (target) => {
    expect(() => client().connectTo(target as IConnectable)).toThrow(
      '[test/client] cannot connect to what has no endpoint; allowed: an endpoint or a component that has one',
    );
  });
});
