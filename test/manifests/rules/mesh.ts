import { Manifest, nameOf, Part } from '../../manifest';
import { matches, podsOf, sameNamespace } from '../manifests';

/** Where a sidecar lets anybody in: its metrics. */
const SIDECAR_METRICS = '15020';

const TRUST_DOMAIN = 'cluster.local';

/**
 * In the mesh, who the AuthorizationPolicies let in and who the NetworkPolicies let in are the same clients at the same
 * ports. Those without sidecars reach nothing but a sidecar's metrics and what it leaves uncaptured.
 */
export function meshGuardsEdges(manifests: readonly Manifest[]): string[] {
  return podsOf(manifests)
    .filter(({ metadata }) => isMeshed(metadata))
    .flatMap((server) => {
      const edges = edgesOf(server, manifests);
      const uncaptured = listOf(server.metadata.annotations['traffic.sidecar.istio.io/excludeInboundPorts']);
      const plain = edges.plain.filter((port) => port !== SIDECAR_METRICS && !uncaptured.includes(port));
      const principals = principalsOf(server, manifests);
      const name = nameOf(server.owner);
      return [
        ...without(edges.mesh, principals).map((edge) => `${name}: ${edge} is in its NetworkPolicies alone`),
        ...without(principals, edges.mesh).map((edge) => `${name}: ${edge} is in its AuthorizationPolicies alone`),
        ...plain.map((port) => `${name}: its NetworkPolicies let clients without sidecar reach port ${port}`),
      ];
    });
}

/** Where Istio makes sidecars: every pod says so itself, too, and none anywhere else. */
export function sidecarsWhereInjected(manifests: readonly Manifest[]): string[] {
  const namespaces = manifests.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata);
  return podsOf(manifests).flatMap(({ owner, metadata }) => {
    const labels = namespaces.find(({ name }) => name === owner.metadata.namespace)?.labels ?? {};
    const injected = labels['istio-injection'] === 'enabled' || 'istio.io/rev' in labels;
    return injected === isMeshed(metadata)
      ? []
      : [`${nameOf(owner)} ${injected ? 'lacks' : 'has'} the label of a sidecar in ${owner.metadata.namespace}`];
  });
}

type Pod = ReturnType<typeof podsOf>[number];

function isMeshed(metadata: Part): boolean {
  return metadata.labels?.['sidecar.istio.io/inject'] === 'true';
}

/** Who may connect by the NetworkPolicies: `principal:port` of those with sidecars, and the ports of others. */
function edgesOf(server: Pod, manifests: readonly Manifest[]): { mesh: string[]; plain: string[] } {
  const rules: Part[] = manifests
    .filter(({ kind, spec }) => kind === 'NetworkPolicy' && Object.keys(spec.podSelector.matchLabels ?? {}).length > 0)
    .filter((policy) => sameNamespace(policy, server.owner))
    .filter(({ spec }) => matches(spec.podSelector.matchLabels, server.metadata.labels))
    .flatMap(({ spec }) => spec.ingress ?? []);
  const mesh: string[] = [];
  const plain: string[] = [];
  for (const { from, ports } of rules) {
    for (const peer of from) {
      const clients = podsOf(manifests).filter((client) => isSelected(client, peer, server));
      const meshed = clients.length > 0 && clients.every(({ metadata }) => isMeshed(metadata));
      for (const { port } of ports) {
        if (meshed) {
          mesh.push(...clients.map((client) => `${principal(client)}:${port}`));
        } else {
          plain.push(`${port}`);
        }
      }
    }
  }
  return { mesh, plain };
}

function isSelected(client: Pod, { namespaceSelector, podSelector }: Part, server: Pod): boolean {
  const namespace = namespaceSelector?.matchLabels['kubernetes.io/metadata.name'] ?? server.owner.metadata.namespace;
  return (
    podSelector !== undefined &&
    client.owner.metadata.namespace === namespace &&
    matches(podSelector.matchLabels, client.metadata.labels)
  );
}

/** Who may connect by the AuthorizationPolicies, as `principal:port`. */
function principalsOf(server: Pod, manifests: readonly Manifest[]): string[] {
  return manifests
    .filter((policy) => policy.kind === 'AuthorizationPolicy' && policy.spec.action === 'ALLOW')
    .filter((policy) => sameNamespace(policy, server.owner))
    .filter(({ spec }) => spec.selector && matches(spec.selector.matchLabels, server.metadata.labels))
    .flatMap(({ spec }) => spec.rules ?? [])
    .flatMap(({ from, to }: Part) =>
      from.flatMap(({ source }: Part) =>
        source.principals.flatMap((p: string) =>
          to.flatMap(({ operation }: Part) => operation.ports.map((port: string) => `${p}:${port}`)),
        ),
      ),
    );
}

function principal({ owner, spec }: Pod): string {
  return `${TRUST_DOMAIN}/ns/${owner.metadata.namespace}/sa/${spec.serviceAccountName}`;
}

function listOf(annotation = ''): string[] {
  return annotation.split(',').filter(Boolean);
}

function without(edges: readonly string[], others: readonly string[]): string[] {
  return [...new Set(edges)].filter((edge) => !others.includes(edge)).sort();
}
