import { isIP } from 'net';
import { k8s } from 'cdk8s-plus-27';
import { invalid } from '../errors';

/** Addresses that never belong to the internet: private networks, carrier-grade NAT, link-local (cloud metadata). */
const NOT_INTERNET: Record<string, string[]> = {
  '0.0.0.0/0': ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  '::/0': ['fc00::/7', 'fe80::/10'],
};

/** The internet, without the networks a cluster and its cloud use themselves. */
export const INTERNET = '0.0.0.0/0';

/** The networks that no address of the internet is in (RFC 1918): what runs beside the cluster has its addresses there. */
export const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** Checks a CIDR: an IPv4 or IPv6 address, a slash, and a prefix length the address has. */
export function checkCidr(where: string, cidr: string): string {
  const [address, prefix, ...rest] = cidr.split('/');
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  if (
    !version ||
    rest.length > 0 ||
    address.includes('%') ||
    !/^(0|[1-9]\d{0,2})$/.test(prefix ?? '') ||
    Number(prefix) > longest
  ) {
    throw invalid(where, `'${cidr}' is no CIDR; allowed: an address and a prefix length, as 10.0.0.0/16`);
  }
  // The whole internet has one spelling, so that it never comes with what is not the internet.
  if (prefix === '0' && !(cidr in NOT_INTERNET)) {
    throw invalid(
      where,
      `'${cidr}' is everything; allowed: ${Object.keys(NOT_INTERNET).join(' or ')} for the internet`,
    );
  }
  return cidr;
}

/** Checks the networks of a peer. A policy's rule without a network would allow all of them. */
export function checkCidrs(where: string, cidrs: readonly string[]): string[] {
  if (cidrs.length === 0) {
    throw invalid(where, `cidrs is empty; allowed: at least one network`);
  }
  return cidrs.map((cidr) => checkCidr(where, cidr));
}

/** Checks a host name, as certificates and the DNS know it. */
export function checkHost(where: string, host: string): string {
  const labels = host.split('.');
  const valid =
    labels.length > 1 && host.length <= 253 && labels.every((l) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(l));
  if (!valid || isIP(host)) {
    throw invalid(where, `'${host}' is no host name; allowed: lower-case DNS names, as api.example.com`);
  }
  return host;
}

/** The policy peers of some networks; the whole internet comes without what is not the internet. */
export function ipBlocks(cidrs: readonly string[]): k8s.NetworkPolicyPeer[] {
  return [...new Set(cidrs)]
    .sort()
    .map((cidr) => ({ ipBlock: cidr in NOT_INTERNET ? { cidr, except: NOT_INTERNET[cidr] } : { cidr } }));
}
