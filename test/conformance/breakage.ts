import { Manifest, nameOf } from '../manifest';

/** A change to manifests that a check must find. */
export interface Breakage {
  /** What the change does. */
  readonly title: string;
  readonly change: (manifests: Manifest[]) => Manifest[];
  /** What the check must say. */
  readonly says: RegExp;
}

/** A breakage that changes one object, as `Deployment wms-platform/order-service`. */
export function breaks(title: string, object: string, change: (object: Manifest) => void, says: RegExp): Breakage {
  return {
    title,
    says,
    change: (manifests) =>
      manifests.map((manifest) => {
        if (nameOf(manifest) !== object) {
          return manifest;
        }
        const copy = structuredClone(manifest);
        change(copy);
        return copy;
      }),
  };
}
