import { Manifest, nameOf } from '../../manifest';

/** No rule list is written empty: an empty list is another object at each server-side apply. */
export function noEmptyLists(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .flatMap((policy) =>
      ['ingress', 'egress']
        .filter((list) => policy.spec[list]?.length === 0)
        .map((list) => `${nameOf(policy)} writes ${list} as an empty list`),
    );
}
