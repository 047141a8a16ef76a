import { Manifest, nameOf } from '../../manifest';
import { matches, podsOf, sameNamespace } from '../manifests';

const WITH_SELECTOR = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The pods that an Issuer has made for a while are in no manifest; its policy is there for them all the same. */
const SOLVER = 'acme.cert-manager.io/http01-solver';

/** Selectors select: a workload its own pods alone, everything else the pods of exactly one workload. */
export function selectorsMatch(manifests: readonly Manifest[]): string[] {
  const pods = podsOf(manifests);
  return manifests.flatMap((manifest) => {
    const selector = selectorOf(manifest);
    if (!selector) {
      return [];
    }
    if (SOLVER in selector) {
      const issuers = manifests.filter((m) => m.kind === 'Issuer' && sameNamespace(m, manifest) && m.spec.acme);
      return issuers.length === 1 ? [] : [`${nameOf(manifest)} is for ${issuers.length} issuers`];
    }
    const selected = pods.filter(
      ({ owner, metadata }) => sameNamespace(owner, manifest) && matches(selector, metadata.labels),
    );
    const names = selected.map(({ owner }) => nameOf(owner));
    if (WITH_SELECTOR.includes(manifest.kind)) {
      return names.length === 1 && names[0] === nameOf(manifest)
        ? []
        : [`${nameOf(manifest)} selects ${names.join(', ') || 'no pods'} instead of its own pods`];
    }
    return names.length === 1 ? [] : [`${nameOf(manifest)} selects ${names.join(', ') || 'no pods'}`];
  });
}

function selectorOf({ kind, spec }: Manifest): Record<string, string> | undefined {
  switch (kind) {
    case 'Service':
      return spec.selector;
    case 'NetworkPolicy':
      return Object.keys(spec.podSelector).length > 0 ? spec.podSelector.matchLabels : undefined;
    case 'PodDisruptionBudget':
      return spec.selector.matchLabels;
    default:
      return WITH_SELECTOR.includes(kind) ? spec.selector.matchLabels : undefined;
  }
}
