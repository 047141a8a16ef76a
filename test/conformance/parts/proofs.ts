import { Breakage } from '../breakage';
import { ACCEPTANCE_BREAKAGES, ADMISSION_BREAKAGES, SCHEDULING_BREAKAGES, UPGRADE_BREAKAGES } from '../breakages';
import { Distribution } from '../distribution';
import { Check, proveBreakage } from '../proof';
import { Task } from '../task';
import { KUBERNETES_VERSIONS } from '../tools';
import { checkAcceptance } from './acceptance';
import { checkAdmission } from './admission';
import { checkLinters, LINTER_BREAKAGES } from './linters';
import { checkReachability, REACHABILITY_BREAKAGES } from './reachability';
import { checkScheduling } from './scheduling';
import { controlPlaneTools } from './tasks';
import { checkUpgrade } from './upgrade';

const NEWEST = KUBERNETES_VERSIONS[KUBERNETES_VERSIONS.length - 1];

/** Every check of the suite, fed with manifests that are wrong in the way it guards against. */
export function proofTasks(distributions: readonly Distribution[]): Task[] {
  const production = distributions.find(({ name }) => name === 'production')!;
  const prove = (part: string, tools: string[], check: Check, breakages: readonly Breakage[]): Task[] =>
    breakages.map((breakage) => ({
      title: `${part} finds ${breakage.title}`,
      tools,
      run: (workspace) => proveBreakage(workspace, part, check, production, breakage),
    }));
  const plane = controlPlaneTools(NEWEST);
  return [
    ...prove('acceptance', plane, (w, d) => checkAcceptance(w, NEWEST, d, 'server-side'), ACCEPTANCE_BREAKAGES),
    ...prove('admission', plane, (w, d) => checkAdmission(w, NEWEST, d), ADMISSION_BREAKAGES),
    ...prove('scheduling', [...plane, 'kwok'], (w, d) => checkScheduling(w, NEWEST, d), SCHEDULING_BREAKAGES),
    ...prove('upgrade', plane, (w, d) => checkUpgrade(w, NEWEST, 'what stands', production, d), UPGRADE_BREAKAGES),
    ...prove('reachability', [], checkReachability, REACHABILITY_BREAKAGES),
    ...prove('linters', ['kube-score'], checkLinters, LINTER_BREAKAGES),
  ];
}
