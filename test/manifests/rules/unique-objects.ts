import { Manifest, nameOf } from '../../manifest';

/** No object is written twice. */
export function uniqueObjects(manifests: readonly Manifest[]): string[] {
  const names = manifests.map(nameOf);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  return [...new Set(twice)].map((name) => `${name} is written twice`);
}
