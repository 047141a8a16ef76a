import { Manifest, nameOf, Part } from '../../manifest';
import { containersOf, podsOf } from '../manifests';

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];

/** Every container says what it asks for and may use at the most. */
export function resourcesStated(manifests: readonly Manifest[]): string[] {
  return podsOf(manifests).flatMap(({ owner, spec }) =>
    containersOf(spec).flatMap((container: Part) =>
      ['requests', 'limits'].flatMap((what) =>
        RESOURCES.filter((resource) => !container.resources?.[what]?.[resource]).map(
          (resource) => `${nameOf(owner)} container ${container.name} states no ${what}.${resource}`,
        ),
      ),
    ),
  );
}
