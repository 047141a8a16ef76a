import { Manifest, nameOf } from '../../manifest';

const GUARDS = ['NetworkPolicy default-deny', 'ResourceQuota quota', 'LimitRange limits'];

/** Every namespace enforces Pod Security, denies all traffic by default, and has a quota and limits. */
export function namespacesGuarded(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => kind === 'Namespace')
    .flatMap((namespace) => {
      const inside = manifests.filter(({ metadata }) => metadata.namespace === namespace.metadata.name);
      const found = inside.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
      const level = namespace.metadata.labels['pod-security.kubernetes.io/enforce'];
      const expected = namespace.metadata.name === 'node-log-agent' ? 'privileged' : 'restricted';
      const deny = inside.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'default-deny');
      return [
        ...GUARDS.filter((guard) => !found.includes(guard)).map((guard) => `${nameOf(namespace)} has no ${guard}`),
        ...(level === expected ? [] : [`${nameOf(namespace)} enforces ${level}`]),
        ...(deny && !deniesAll(deny) ? [`${nameOf(deny)} does not deny everything`] : []),
      ];
    });
}

function deniesAll({ spec }: Manifest): boolean {
  const { podSelector, policyTypes, ingress = [], egress = [] } = spec;
  return (
    Object.keys(podSelector).length === 0 &&
    ['Ingress', 'Egress'].every((type) => policyTypes.includes(type)) &&
    ingress.length + egress.length === 0
  );
}
