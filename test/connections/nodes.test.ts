import { Nodes } from '../../lib/connections/nodes';

describe('The nodes', () => {
  it('serve the kubelet’s port at their addresses, and need no DNS.', () => {
    const nodes = new Nodes(['10.1.0.0/16']);
    expect(nodes).toMatchObject({ name: 'nodes', _id: 'nodes', _byName: false, cidrs: ['10.1.0.0/16'] });
    expect(nodes.ports).toEqual([{ port: 10250 }]);
    expect(nodes._policyPeers()).toEqual([{ ipBlock: { cidr: '10.1.0.0/16' } }]);
    expect(nodes._pods).toBeUndefined();
  });

  it.each([
    [
      'a bad network',
      ['10.1.0.0/33'],
      "'10.1.0.0/33' is no CIDR; allowed: an address and a prefix length, as 10.0.0.0/16",
    ],
    // A rule without a network would allow every network.
    ['no network', [], 'cidrs is empty; allowed: at least one network'],
  ])('refuse %s.', (_what, cidrs, message) => {
    expect(() => new Nodes(cidrs)).toThrow(`[nodes] ${message}`);
  });
});
