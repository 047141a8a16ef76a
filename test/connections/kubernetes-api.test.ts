import { KubernetesApi } from '../../lib/connections/kubernetes-api';

describe('The API server', () => {
  it('serves 443 and 6443 at its addresses, each once, and needs no DNS.', () => {
    const api = new KubernetesApi(['10.96.0.1/32', '10.0.0.0/16', '10.96.0.1/32']);
    expect(api).toMatchObject({ name: 'kubernetes-api', _id: 'kubernetes-api', _byName: false });
    expect(api.ports).toEqual([{ port: 443 }, { port: 6443 }]);
    expect(api.cidrs).toEqual(['10.96.0.1/32', '10.0.0.0/16', '10.96.0.1/32']);
    expect(api._policyPeers()).toEqual([{ ipBlock: { cidr: '10.0.0.0/16' } }, { ipBlock: { cidr: '10.96.0.1/32' } }]);
    expect(api._pods).toBeUndefined();
  });

  it.each([
    ['a bad address', ['10.96.0.1'], "'10.96.0.1' is no CIDR; allowed: an address and a prefix length, as 10.0.0.0/16"],
    // A rule without an address would allow every address.
    ['no address', [], 'cidrs is empty; allowed: at least one network'],
  ])('refuses %s.', (_what, cidrs, message) => {
    expect(() => new KubernetesApi(cidrs)).toThrow(`[kubernetes-api] ${message}`);
  });
});
