import { Breakage } from './breakage';
import { Distribution } from './distribution';
import { Row } from './report';
import { Workspace } from './workspace';

/** What is wrong, and what a check must say of it. */
export type Finding = Pick<Breakage, 'title' | 'says'>;

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
  const [row] = await proveBreakages(workspace, part, check, distribution, [breakage]);
  return row;
}

/** Feeds a check manifests that are wrong in several ways, each in another object: it must name every one. */
export async function proveBreakages(
  workspace: Workspace,
  part: string,
  check: Check,
  distribution: Distribution,
  breakages: readonly Breakage[],
): Promise<Row[]> {
  const directory = workspace.file(`breakages/${part}/${breakages[0].title.replace(/\W+/g, '-')}/${distribution.name}`);
  const broken = distribution.changed(directory, (manifests) =>
    breakages.reduce((changed, breakage) => breakage.change(changed), manifests),
  );
  const faults = [await check(workspace, broken)].flat().flatMap((row) => row.faults);
  const proof = proofOf(part, distribution.name);
  return breakages.map((breakage) => proof(breakage, faults));
}

/** Rows that tell whether a breakage is named among the faults that a check has found. */
export function proofOf(part: string, subject: string): (breakage: Finding, faults: readonly string[]) => Row {
  return ({ title, says }, faults) => ({
    part,
    check: `finds ${title}`,
    subject,
    figures: '',
    faults: faults.some((fault) => says.test(fault))
      ? []
      : [`${says} is not among: ${faults.join('; ') || 'no faults at all'}`],
  });
}
