import { Manifest, nameOf, Part } from '../../manifest';

/** Roles name every verb and resource, and only administrators read secrets. */
export function leastPrivilege(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => ['Role', 'ClusterRole'].includes(kind))
    .flatMap((role) =>
      role.rules.flatMap((rule: Part) => [
        ...([rule.apiGroups, rule.resources, rule.verbs].flat().includes('*')
          ? [`${nameOf(role)} has a wildcard`]
          : []),
        ...(rule.resources.includes('secrets') && role.metadata.name !== 'wms-administrator'
          ? [`${nameOf(role)} reaches secrets`]
          : []),
      ]),
    );
}
