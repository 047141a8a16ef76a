import { invalid } from '../errors';
import type { Endpoint } from './endpoint';
import type { Client, ConnectOptions, Peer } from './peer';
import type { Pods } from './pods';
import { PodsState } from './pods-state';

/** A client that may open connections to a server's ports. */
export interface Connection {
  readonly client: Client;
  readonly server: Peer;
  readonly options: ConnectOptions;
}

/** What tells two connections apart. */
export function connectionKey(connection: Connection): string {
  return `${connection.client._id} -> ${connection.server._id}`;
}

/** Records a connection on both sides; see `Client.connectTo` for what it refuses. */
export function connect(client: Client, server: Peer, options: ConnectOptions): void {
  const connection: Connection = { client, server, options };
  const [from, to] = [client._pods, server._pods];
  const where = from?._scope ?? client.name;
  if ([from, to].some((pods) => pods?._state === PodsState.ABSENT)) {
    return;
  }
  if (server.ports.length === 0) {
    throw invalid(where, `cannot connect to ${server.name}, which serves no port; allowed: one of its endpoints`);
  }
  if (from && to && from._id === to._id) {
    throw invalid(where, `cannot connect to itself (${server.name}); use connectToPeers for the members of one set`);
  }
  if ([from, to].every((pods) => !pods || pods._state === PodsState.IMPORTED)) {
    throw invalid(
      where,
      `cannot connect ${client.name} to ${server.name}: this app runs neither; allowed: a connection of its own workloads`,
    );
  }
  if (from?._scope && to?._scope && from._scope.node.root !== to._scope.node.root) {
    throw invalid(
      where,
      `cannot connect to ${server.name}, which belongs to another app; use WmsPlatform.fromEnvironment or ` +
        `WmsService.fromAttributes for what somebody else deploys`,
    );
  }
  record(connection);
}

/** Records that the members of one set connect to each other on an endpoint. */
export function connectPeers(pods: Pods, endpoint: Endpoint): void {
  if (endpoint.pods !== pods) {
    throw invalid(
      pods._scope ?? pods.name,
      `cannot connect to ${endpoint.name} as to a peer; allowed: an endpoint of its own`,
    );
  }
  record({ client: pods, server: endpoint, options: {} });
}

function record(connection: Connection): void {
  const key = connectionKey(connection);
  const [from, to] = [connection.client._pods, connection.server._pods];
  const before = (from?._opened ?? to?._accepted ?? []).find((c) => connectionKey(c) === key);
  if (before) {
    if (place(before.client) !== place(connection.client) || place(before.server) !== place(connection.server)) {
      throw invalid(
        from?._scope ?? connection.client.name,
        `the connection ${key} is declared twice with different places of one name; allowed: one place for each name`,
      );
    }
    if (canonical(before.options) !== canonical(connection.options)) {
      throw invalid(
        from?._scope ?? connection.client.name,
        `the connection to ${connection.server.name} is declared twice with different options: ` +
          `${canonical(before.options)} and ${canonical(connection.options)}; allowed: one declaration`,
      );
    }
    return;
  }
  from?._opened.push(connection);
  to?._accepted.push(connection);
  from?._onConnection?.(connection);
  to?._onConnection?.(connection);
}

/** What a policy's rules say of a peer, apart from its name. */
function place(peer: Peer): string {
  return JSON.stringify([peer.ports, peer._policyPeers('')]);
}

function canonical({ methods = [], paths = [] }: ConnectOptions): string {
  return JSON.stringify({ methods: [...methods].sort(), paths: [...paths].sort() });
}
