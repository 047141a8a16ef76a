import { AuthorizationPolicySpecRules } from '../../imports/security.istio.io';
import { Connection } from '../connections/connection';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { Mesh } from './mesh';
import { SIDECAR_METRICS } from './sidecar-proxy';

/** What speaks HTTP, so that a sidecar can tell methods and paths. */
const HTTP_KINDS: readonly EndpointKind[] = [EndpointKind.HTTP, EndpointKind.METRICS];

/** The connections a pod accepts, as its sidecar has to treat them. */
export interface Accepted {
  /** From pods with sidecars. */
  readonly mesh: readonly Connection[];
  /** From outside the cluster, or from what is no pod. */
  readonly outside: readonly Connection[];
  /** From pods without sidecars, to what its sidecar does not guard. */
  readonly scrapes: readonly Connection[];
  /** From pods without sidecars, to what its sidecar guards. */
  readonly refused: readonly Connection[];
}

/** Sorts a pod's accepted connections by what their clients are. */
export function sortAccepted(mesh: Mesh, connections: readonly Connection[]): Accepted {
  const sorted = { mesh: [], outside: [], scrapes: [], refused: [] } as Record<keyof Accepted, Connection[]>;
  for (const connection of connections) {
    const client = connection.client._pods;
    const toMetrics = connection.server.ports.every(({ port }) => port === SIDECAR_METRICS.port);
    if (!client) {
      sorted.outside.push(connection);
    } else if (toMetrics) {
      sorted.scrapes.push(connection);
    } else {
      sorted[mesh._covers(client.namespace) ? 'mesh' : 'refused'].push(connection);
    }
  }
  return sorted;
}

/** The ports of some connections' servers, each once. */
export function portsOf(connections: readonly Connection[]): number[] {
  return [...new Set(connections.flatMap(({ server }) => server.ports.map(({ port }) => port)))].sort((a, b) => a - b);
}

/** The rules that let exactly some connections through. None at all let nothing through. */
export function authorizationRules(
  mesh: Mesh,
  connections: readonly Connection[],
): AuthorizationPolicySpecRules[] | undefined {
  const groups = new Map<string, { operation: Operation; principals: Set<string> }>();
  for (const { client, server, options } of connections) {
    const operation: Operation = {
      ports: server.ports.map(({ port }) => `${port}`).sort(),
      methods: sorted(options.methods),
      paths: sorted(options.paths),
    };
    const { namespace, _identity } = client._pods!;
    const key = `${operation.ports[0].padStart(5, '0')} ${JSON.stringify(operation)}`;
    const group = groups.get(key) ?? { operation, principals: new Set() };
    group.principals.add(mesh._principal(namespace, _identity.workload));
    groups.set(key, group);
  }
  const rules = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return rules.length === 0
    ? undefined
    : rules.map(([, { operation, principals }]) => ({
        from: [{ source: { principals: [...principals].sort() } }],
        to: [{ operation }],
      }));
}

interface Operation {
  readonly ports: string[];
  readonly methods?: string[];
  readonly paths?: string[];
}

/** What is wrong with what a pod accepts, a sentence each. */
export function acceptedFaults(accepted: Accepted): string[] {
  const outside = portsOf(accepted.outside);
  return [
    ...accepted.refused.map(
      ({ client, server }) =>
        `${client.name} has no sidecar and cannot connect to ${server.name}, which takes mutual TLS alone; ` +
        `allowed: clients in the mesh, or outside the cluster`,
    ),
    ...accepted.mesh
      .filter(({ server }) => server.ports.some(({ port }) => outside.includes(port)))
      .map(
        ({ client, server }) =>
          `${client.name} is in the mesh and cannot connect to ${server.name}, which clients outside reach without ` +
          `the mesh's TLS; allowed: a port of its own for clients in the mesh`,
      ),
    ...accepted.mesh
      .filter(({ server, options }) => (options.methods?.length || options.paths?.length) && !speaksHttp(server))
      .map(
        ({ client, server }) =>
          `${client.name} connects to ${server.name} with methods or paths, which it does not speak; ` +
          `allowed: an HTTP endpoint`,
      ),
  ];
}

function speaksHttp(server: unknown): boolean {
  return server instanceof Endpoint && HTTP_KINDS.includes(server.kind);
}

function sorted(values: readonly string[] = []): string[] | undefined {
  return values.length > 0 ? [...values].sort() : undefined;
}
