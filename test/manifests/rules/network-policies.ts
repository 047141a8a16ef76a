import { Manifest, nameOf, Part } from '../../manifest';
import { matches, podsOf, sameNamespace } from '../manifests';

/** Each workload has exactly one policy of its name, and no rule of any policy is wider than a connection. */
export function policiesNarrow(manifests: readonly Manifest[]): string[] {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const uncovered = podsOf(manifests).flatMap(({ owner, metadata }) => {
    const own = policies.filter(
      (policy) =>
        sameNamespace(policy, owner) &&
        policy.metadata.name === metadata.labels['app.kubernetes.io/instance'] &&
        matches(policy.spec.podSelector.matchLabels, metadata.labels),
    );
    return own.length === 1 ? [] : [`${nameOf(owner)} has ${own.length} policies of its own`];
  });
  return [
    ...uncovered,
    ...policies.flatMap((policy) => wideRules(policy).map((fault) => `${nameOf(policy)} ${fault}`)),
  ];
}

function wideRules({ spec }: Manifest): string[] {
  const rules: [string, Part][] = [
    ...(spec.ingress ?? []).map((rule: Part) => ['ingress', { peers: rule.from, ports: rule.ports }]),
    ...(spec.egress ?? []).map((rule: Part) => ['egress', { peers: rule.to, ports: rule.ports }]),
  ];
  return rules.flatMap(([direction, { peers, ports }]) => [
    ...(ports?.length > 0 ? [] : [`allows ${direction} on all ports`]),
    ...(peers?.length > 0 ? [] : [`allows ${direction} with everybody`]),
    ...(peers ?? []).filter((peer: Part) => isWide(peer)).map(() => `allows ${direction} with too many`),
  ]);
}

function isWide({ ipBlock, podSelector }: Part): boolean {
  if (ipBlock) {
    return ipBlock.cidr.endsWith('/0') && !(ipBlock.except?.length > 0);
  }
  return Object.keys(podSelector?.matchLabels ?? {}).length === 0;
}
