import { Manifest, nameOf } from '../../manifest';
import { referencesOf, targetsOf } from './references';

const WAVE = 'argocd.argoproj.io/sync-wave';

/** Every object carries its sync wave, and refers only to objects of the same or an earlier one. */
export function wavesInOrder(manifests: readonly Manifest[]): string[] {
  const missing = manifests
    .filter(({ metadata }) => !/^\d+$/.test(metadata.annotations?.[WAVE] ?? ''))
    .map((manifest) => `${nameOf(manifest)} has no sync wave`);
  const late = referencesOf(manifests).flatMap((reference) =>
    targetsOf(reference, manifests)
      .filter((target) => waveOf(target) > waveOf(reference.from))
      .map(
        (target) =>
          `${nameOf(reference.from)} (wave ${waveOf(reference.from)}) refers to ${nameOf(target)} (wave ${waveOf(target)})`,
      ),
  );
  return [...missing, ...late];
}

function waveOf({ metadata }: Manifest): number {
  return Number(metadata.annotations?.[WAVE]);
}
