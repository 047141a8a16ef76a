import { Connection, connectionKey } from './connection';
import { Peer } from './peer';
import { Pods } from './pods';
import { PodsState } from './pods-state';

/** All connections that start or end at some pods, each once, in the order of their names. */
export function connectionsOf(pods: readonly Pods[]): Connection[] {
  const all = pods.flatMap((p) => [...p._opened, ...p._accepted]);
  const unique = new Map(all.map((c) => [connectionKey(c), c]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, c]) => c);
}

/** A connection as an arrow: `wms-platform/order-service -> kafka/kafka:9092`. */
export function arrow({ client, server }: Connection): string {
  const ports = server.ports.map(({ port }) => port).join(',');
  return `${client.name} -> ${server._pods?.name ?? server.name}:${ports}`;
}

/** Whether one of its workloads is not built yet. */
export function isPending({ client, server }: Connection): boolean {
  return [client, server].some((peer) => peer._pods?._state === PodsState.PENDING);
}

/** The connections as a Mermaid flow chart, with a box around each namespace. */
export function topologyDiagram(connections: readonly Connection[]): string {
  const peers = new Map(connections.flatMap(({ client, server }) => [client, server]).map((p) => [nodeId(p), p]));
  const byNamespace = new Map<string, string[]>();
  for (const [id, peer] of [...peers.entries()].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const namespace = peer._pods?.namespace ?? 'outside';
    const node = `    ${id}["${peer._pods?._identity.workload ?? peer.name}"]`;
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), node]);
  }
  const boxes = [...byNamespace.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([namespace, nodes]) => [`  subgraph ${namespace}`, ...nodes, '  end']);
  const arrows = connections.map(
    ({ client, server }) =>
      `  ${nodeId(client)} -->|${server.ports.map(({ port }) => port).join(', ')}| ${nodeId(server)}`,
  );
  return ['graph LR', ...boxes, ...arrows].join('\n');
}

function nodeId(peer: Peer): string {
  return (peer._pods?.name ?? peer.name).replace(/[^A-Za-z0-9]+/g, '_');
}
