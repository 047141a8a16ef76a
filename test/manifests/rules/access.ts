import { Manifest, nameOf, Part } from '../../manifest';

/**
 * Roles name every verb and resource, and only administrators read secrets; the ingress controller those of its own
 * namespace, where the certificates of its Ingresses are.
 */
export function leastPrivilege(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => ['Role', 'ClusterRole'].includes(kind))
    .flatMap((role) =>
      role.rules.flatMap((rule: Part) => [
        ...([rule.apiGroups, rule.resources, rule.verbs].flat().includes('*')
          ? [`${nameOf(role)} has a wildcard`]
          : []),
        ...(rule.resources.includes('secrets') && !maySeeSecrets(role, rule)
          ? [`${nameOf(role)} reaches secrets`]
          : []),
      ]),
    );
}

function maySeeSecrets(role: Manifest, { verbs }: Part): boolean {
  return (
    role.metadata.name === 'wms-administrator' ||
    (nameOf(role) === 'Role ingress/ingress-controller' && verbs.every((v: string) => ['list', 'watch'].includes(v)))
  );
}
