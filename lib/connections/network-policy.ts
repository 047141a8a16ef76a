import { k8s } from 'cdk8s-plus-27';
import { selectorLabels } from '../workload/labels';
import { Connection } from './connection';
import { Dns } from './dns';
import { Peer, PeerPort } from './peer';
import { Pods } from './pods';

/**
 * The one policy of a workload: exactly its connections, both ways.
 *
 * Rules are sorted and merged, so that they do not depend on the order of declaration: ingress by port (who may reach
 * this port?), egress by peer (what does it reach there?).
 */
export function workloadPolicySpec(pods: Pods, dns: Dns): k8s.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: selectorLabels(pods._identity) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingressRules(pods, pods._accepted),
    egress: egressRules(pods, pods._opened, dns),
  };
}

/** A policy beside somebody else's, for the connections of one further workload; policies add up. */
export function additivePolicySpec(pods: Pods, connections: readonly Connection[]): k8s.NetworkPolicySpec {
  const accepted = connections.filter((c) => pods._accepted.includes(c));
  const opened = connections.filter((c) => pods._opened.includes(c));
  return {
    podSelector: { matchLabels: selectorLabels(pods._identity) },
    policyTypes: [...(accepted.length > 0 ? ['Ingress'] : []), ...(opened.length > 0 ? ['Egress'] : [])],
    ingress: accepted.length > 0 ? ingressRules(pods, accepted) : undefined,
    egress: opened.length > 0 ? egressRules(pods, opened) : undefined,
  };
}

function ingressRules(pods: Pods, connections: readonly Connection[]): k8s.NetworkPolicyIngressRule[] {
  const byPort = groupBy(connections, (c) => portsId(c.server.ports));
  return byPort.map((group) => ({
    from: distinct(group.map((c) => c.client)).flatMap((client) => client._policyPeers(pods.namespace)),
    ports: toPorts(group[0].server.ports),
  }));
}

function egressRules(pods: Pods, connections: readonly Connection[], dns?: Dns): k8s.NetworkPolicyEgressRule[] {
  const byPeer = groupBy(connections, (c) => JSON.stringify(c.server._policyPeers(pods.namespace)), true);
  const rules = byPeer.map((group) => ({
    to: group[0].server._policyPeers(pods.namespace),
    ports: toPorts(group.flatMap((c) => c.server.ports)),
  }));
  if (dns && connections.some((c) => c.server._byName)) {
    rules.push({ to: dns._policyPeers(), ports: toPorts(dns.ports) });
  }
  return rules;
}

/** Groups, in the order of the keys (ports) or of the first server's name (peers). */
function groupBy(connections: readonly Connection[], key: (c: Connection) => string, byServer = false): Connection[][] {
  const groups = new Map<string, Connection[]>();
  for (const c of [...connections].sort(
    (a, b) => compare(a.server._id, b.server._id) || compare(a.client._id, b.client._id),
  )) {
    groups.set(key(c), [...(groups.get(key(c)) ?? []), c]);
  }
  const entries = [...groups.entries()];
  return (byServer ? entries : entries.sort(([a], [b]) => compare(a, b))).map(([, group]) => group);
}

function distinct(peers: readonly Peer[]): Peer[] {
  return [...new Map(peers.map((peer) => [peer._id, peer])).values()];
}

function toPorts(ports: readonly PeerPort[]): k8s.NetworkPolicyPort[] {
  const unique = new Map(ports.map((p) => [portsId([p]), p]));
  return [...unique.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { port, protocol }]) => ({ protocol: protocol ?? 'TCP', port: k8s.IntOrString.fromNumber(port) }));
}

function portsId(ports: readonly PeerPort[]): string {
  return ports.map(({ port, protocol }) => `${String(port).padStart(5, '0')}/${protocol ?? 'TCP'}`).join(',');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
