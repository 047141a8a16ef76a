import { k8s } from 'cdk8s-plus-27';
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
    podSelector: { matchLabels: pods._selectorLabels },
    policyTypes: ['Ingress', 'Egress'],
    ingress: ingressRules(pods, pods._accepted),
    egress: egressRules(pods, pods._opened, dns),
  };
}

/** A policy beside somebody else's, for the connections of one further workload; policies add up. */
export function additivePolicySpec(pods: Pods, connections: readonly Connection[]): k8s.NetworkPolicySpec {
  const ingress = ingressRules(
    pods,
    connections.filter((c) => pods._accepted.includes(c)),
  );
  const egress = egressRules(
    pods,
    connections.filter((c) => pods._opened.includes(c)),
  );
  return {
    podSelector: { matchLabels: pods._selectorLabels },
    policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
    ingress,
    egress,
  };
}

/** By port. No rules at all are left out: an empty list would be another object at each apply. */
function ingressRules(pods: Pods, connections: readonly Connection[]): k8s.NetworkPolicyIngressRule[] | undefined {
  const groups = groupBy(connections, (c) => portsId(c.server.ports)).sort(([a], [b]) => compare(a, b));
  const rules = groups.map(([, group]) => ({
    from: distinct(group.map((c) => c.client)).flatMap((client) => client._policyPeers(pods.namespace)),
    ports: toPorts(group[0].server.ports),
  }));
  return rules.length > 0 ? rules : undefined;
}

/** By peer, in the order of their names. */
function egressRules(
  pods: Pods,
  connections: readonly Connection[],
  dns?: Dns,
): k8s.NetworkPolicyEgressRule[] | undefined {
  const groups = groupBy(connections, (c) => JSON.stringify(c.server._policyPeers(pods.namespace)));
  const rules = groups.map(([, group]) => ({
    to: group[0].server._policyPeers(pods.namespace),
    ports: toPorts(group.flatMap((c) => c.server.ports)),
  }));
  if (dns && connections.some((c) => c.server._byName)) {
    rules.push({ to: dns._policyPeers(), ports: toPorts(dns.ports) });
  }
  return rules.length > 0 ? rules : undefined;
}

/** Groups of connections with their keys, in the order of the servers' names and then the clients'. */
function groupBy(connections: readonly Connection[], key: (c: Connection) => string): [string, Connection[]][] {
  const groups = new Map<string, Connection[]>();
  const sorted = [...connections].sort(
    (a, b) => compare(a.server._id, b.server._id) || compare(a.client._id, b.client._id),
  );
  for (const connection of sorted) {
    groups.set(key(connection), [...(groups.get(key(connection)) ?? []), connection]);
  }
  return [...groups.entries()];
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
