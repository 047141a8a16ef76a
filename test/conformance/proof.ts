import { Breakage } from './breakage';
import { Distribution } from './distribution';
import { Row } from './report';
import { Workspace } from './workspace';

/** A check of some manifests, as the suite runs it. */
export type Check = (workspace: Workspace, distribution: Distribution) => Promise<Row | Row[]>;

/** Feeds a check manifests that are wrong in the way it guards against: it must say so. */
export async function proveBreakage(
  workspace: Workspace,
  part: string,
  check: Check,
  distribution: Distribution,
  breakage: Breakage,
): Promise<Row> {
  const directory = workspace.file(`breakages/${part}/${breakage.title.replace(/\W+/g, '-')}/${distribution.name}`);
  const broken = distribution.changed(directory, (manifests) => breakage.change(manifests));
  const faults = [await check(workspace, broken)].flat().flatMap((row) => row.faults);
  const found = faults.find((fault) => breakage.says.test(fault));
  return {
    part,
    check: `finds ${breakage.title}`,
    subject: distribution.name,
    figures: '',
    faults: found ? [] : [`${breakage.says} is not among: ${faults.join('; ') || 'no faults at all'}`],
  };
}
