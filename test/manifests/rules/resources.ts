import { containersOf, Manifest, nameOf, podsOf } from '../manifests';

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];

/** Every container says what it asks for and may use at the most. */
export function resourcesStated(manifests: readonly Manifest[]): string[] {
  return podsOf(manifests).flatMap(({ owner, spec }) =>
    containersOf(spec).flatMap((container: Manifest) =>
      ['requests', 'limits'].flatMap((what) =>
        RESOURCES.filter((resource) => !container.resources?.[what]?.[resource]).map(
          (resource) => `${nameOf(owner)} container ${container.name} states no ${what}.${resource}`,
        ),
      ),
    ),
  );
}
