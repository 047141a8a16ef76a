import { Dns, DnsProps } from '../../lib/connections/dns';
import { DNS_RULE } from './fixtures';

describe('The DNS', () => {
  it('is that of kubeadm, kind, EKS and GKE without props.', () => {
    const dns = new Dns();
    expect(dns._policyPeers()).toEqual(DNS_RULE.to);
    expect(dns).toMatchObject({ name: 'dns', _id: 'dns', _byName: false });
    expect(dns.ports).toEqual([
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ]);
  });

  it('renders every prop.', () => {
    const props: Required<DnsProps> = {
      namespace: 'dns-system',
      podLabels: { app: 'coredns' },
      nodeLocal: ['169.254.20.10/32'],
    };
    expect(new Dns(props)._policyPeers()).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dns-system' } },
        podSelector: { matchLabels: { app: 'coredns' } },
      },
      { ipBlock: { cidr: '169.254.20.10/32' } },
    ]);
  });

  it('refuses a node-local address without a prefix.', () => {
    expect(() => new Dns({ nodeLocal: ['169.254.20.10'] })).toThrow(
      "[dns] '169.254.20.10' is no CIDR; allowed: an address and a prefix length, as 10.0.0.0/16",
    );
  });
});
