import { Manifest, nameOf } from '../../manifest';

const REQUIRED = ['name', 'component', 'part-of', 'managed-by'].map((label) => `app.kubernetes.io/${label}`);

/** Every object carries the recommended labels. */
export function labelled(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) =>
    REQUIRED.filter((label) => !manifest.metadata.labels?.[label]).map(
      (label) => `${nameOf(manifest)} has no label ${label}`,
    ),
  );
}
