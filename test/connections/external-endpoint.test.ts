import { ExternalEndpoint, ExternalEndpointProps } from '../../lib/connections/external-endpoint';

const PROPS: Required<ExternalEndpointProps> = {
  hosts: ['b.example.com', 'a.example.com', 'b.example.com'],
  port: 8443,
  protocol: 'TLS',
  cidrs: ['192.0.2.0/24', '2001:db8::/32'],
};

describe('An external endpoint', () => {
  it('keeps every prop, each host once.', () => {
    const endpoint = new ExternalEndpoint('carriers', PROPS);
    expect(endpoint).toMatchObject({
      name: 'carriers',
      hosts: ['a.example.com', 'b.example.com'],
      ports: [{ port: 8443 }],
      port: 8443,
      protocol: 'TLS',
      cidrs: ['192.0.2.0/24', '2001:db8::/32'],
    });
    expect(endpoint._policyPeers()).toEqual([
      { ipBlock: { cidr: '192.0.2.0/24' } },
      { ipBlock: { cidr: '2001:db8::/32' } },
    ]);
  });

  it('with hosts alone serves HTTPS on the internet.', () => {
    const endpoint = new ExternalEndpoint('carriers', { hosts: ['a.example.com'] });
    expect(endpoint).toMatchObject({ ports: [{ port: 443 }], protocol: 'TLS', cidrs: ['0.0.0.0/0'] });
  });

  it.each([
    [80, 'HTTP'],
    [443, 'TLS'],
    [5432, 'TCP'],
  ])('speaks at port %i, where nothing is said, %s', (port, protocol) => {
    expect(new ExternalEndpoint('server', { hosts: ['a.example.com'], port }).protocol).toBe(protocol);
  });

  it('without props is a client from the internet that serves no port.', () => {
    expect(new ExternalEndpoint('visitors')).toMatchObject({ hosts: [], ports: [], cidrs: ['0.0.0.0/0'] });
  });

  it('is found by name, is no pods, and is its own endpoint.', () => {
    const endpoint = new ExternalEndpoint('carriers', PROPS);
    expect(endpoint).toMatchObject({ _byName: true, _id: 'external/carriers' });
    expect(endpoint._pods).toBeUndefined();
    expect(endpoint.endpoint).toBe(endpoint);
  });

  it.each<[string, ExternalEndpointProps, string]>([
    [
      'a URL for a host',
      { hosts: ['https://a.example.com'] },
      "'https://a.example.com' is no host name; allowed: lower-case DNS names",
    ],
    ['an address for a host', { hosts: ['192.0.2.1'] }, "'192.0.2.1' is no host name; allowed: lower-case DNS names"],
    ['a bad network', { cidrs: ['192.0.2.0'] }, "'192.0.2.0' is no CIDR; allowed: an address and a prefix length"],
    ['no network', { cidrs: [] }, 'cidrs is empty; allowed: at least one network'],
    ['a bad port', { hosts: ['a.example.com'], port: 0 }, 'port 0 is none; allowed: a whole number from 1 to 65535'],
    ['a bad protocol', { hosts: ['a.example.com'], protocol: 'tls' }, "'tls' is no protocol; allowed: HTTP, TCP, TLS"],
    [
      'a port without hosts',
      { port: 443 },
      'port 443 without hosts; allowed: a port together with the hosts that serve it',
    ],
  ])('refuses %s.', (_what, props, message) => {
    expect(() => new ExternalEndpoint('carriers', props)).toThrow(`[carriers] ${message}`);
  });
});
