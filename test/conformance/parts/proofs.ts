import { Breakage } from '../breakage';
import {
  ACCEPTANCE_BREAKAGES,
  ADMISSION_BREAKAGES,
  DRILL_BREAKAGES,
  SCHEDULING_BREAKAGES,
  UPGRADE_BREAKAGES,
  VOLUME_BREAKAGES,
} from '../breakages';
import { Distribution } from '../distribution';
import { METRICS_TOOLS } from '../metrics/servers';
import { job, setWithVolumes } from '../hand-made';
import { Check, proofOf, proveBreakage, proveBreakages } from '../proof';
import { Row } from '../report';
import { ownControlPlane } from '../surroundings';
import { Task } from '../task';
import { checkConfigurations, CONFIGURATION_BREAKAGES, CONFIGURATION_TOOLS } from '../telemetry/configurations';
import { KUBERNETES_VERSIONS } from '../tools';
import { Workspace } from '../workspace';
import { checkAcceptance } from './acceptance';
import { checkAdmission } from './admission';
import { proveExistingCluster } from './existing-cluster-proof';
import { checkLeaks, LEAK_BREAKAGES } from './leaks';
import { checkLinters, LINTER_BREAKAGES } from './linters';
import { checkMesh, MESH_BREAKAGES } from './mesh';
import { checkMetrics, METRICS_BREAKAGES } from './metrics';
import { checkReachability, REACHABILITY_BREAKAGES } from './reachability';
import { checkScheduling } from './scheduling';
import { checkUpgrade } from './upgrade';
import { checkWafBriefly, WAF_BREAKAGES, WAF_LOG_BREAKAGES } from './waf';

const NEWEST = ownControlPlane(KUBERNETES_VERSIONS[KUBERNETES_VERSIONS.length - 1]);

/** Every check of the suite, fed with manifests that are wrong in the way it guards against. */
export function proofTasks(distributions: readonly Distribution[]): Task[] {
  const production = distributions.find(({ name }) => name === 'production')!.alone;
  const operators = distributions.find(({ name }) => name === 'argocd')!;
  const prove = (part: string, tools: readonly string[], check: Check, breakages: readonly Breakage[]): Task[] =>
    breakages.map((breakage) => ({
      title: `${part} finds ${breakage.title}`,
      tools,
      run: (workspace) => proveBreakage(workspace, part, check, production, breakage),
    }));
  // A control plane takes its time: all that can be wrong at once is.
  const proveAll = (part: string, tools: readonly string[], check: Check, breakages: readonly Breakage[]): Task => ({
    title: `${part} finds ${breakages.length} things`,
    tools,
    run: (workspace) => proveBreakages(workspace, part, check, production, breakages),
  });
  const plane = NEWEST.tools;
  const simulation = [...plane, 'kwok'];
  return [
    // A drain that does not end takes two minutes of doing nothing: beside all the others.
    ...volumeTasks(simulation, production),
    proveAll('acceptance', plane, (w, d) => checkAcceptance(w, NEWEST, d, 'server-side'), ACCEPTANCE_BREAKAGES),
    proveAll('admission', plane, (w, d) => checkAdmission(w, NEWEST, d), ADMISSION_BREAKAGES),
    proveAll('scheduling', simulation, (w, d) => checkScheduling(w, NEWEST, d), SCHEDULING_BREAKAGES),
    ...prove('upgrade', plane, (w, d) => checkUpgrade(w, NEWEST, 'what stands', production, d), UPGRADE_BREAKAGES),
    ...jobTasks(plane),
    {
      title: 'acceptance on an existing cluster',
      tools: plane,
      run: (w) => proveExistingCluster(w, NEWEST, production),
    },
    ...prove('reachability', [], checkReachability, REACHABILITY_BREAKAGES),
    ...prove('linters', ['kube-score'], checkLinters, LINTER_BREAKAGES),
    ...prove('linters', ['gitleaks'], checkLeaks, LEAK_BREAKAGES),
    proveAll('mesh', ['istio-analyzer'], (w, d) => checkMesh(w, d, operators), MESH_BREAKAGES),
    proveAll('metrics', METRICS_TOOLS, checkMetrics, METRICS_BREAKAGES),
    proveAll('telemetry', CONFIGURATION_TOOLS, checkConfigurations, CONFIGURATION_BREAKAGES),
    proveAll('waf', [], checkWafBriefly, WAF_BREAKAGES),
    proveAll('waf', [], checkWafBriefly, WAF_LOG_BREAKAGES),
  ];
}

/** Sets with volumes: one that is right, and those that are not. */
function volumeTasks(tools: readonly string[], production: Distribution): Task[] {
  const check: Check = (w, d) => checkScheduling(w, NEWEST, d);
  const inOneZone: Check = (w, d) => checkScheduling(w, NEWEST, d, () => 'zone-a');
  const elsewhere: Breakage = {
    title: 'volumes in another zone than their pods',
    change: (manifests) => manifests,
    says: /^Pod test\/ledger-\d does not run: |^PersistentVolumeClaim test\/data-ledger-\d has no volume/,
  };
  const prove = (checked: Check, breakage: Breakage): Task => ({
    title: `scheduling finds ${breakage.title}`,
    tools,
    run: (w) => proveBreakage(w, 'scheduling', checked, setWithVolumes(w, production), breakage),
  });
  return [
    { title: 'scheduling of a set with volumes', tools, run: (w) => check(w, setWithVolumes(w, production)) },
    ...[...VOLUME_BREAKAGES, ...DRILL_BREAKAGES].map((breakage) => prove(check, breakage)),
    prove(inOneZone, elsewhere),
  ];
}

/** Jobs, which cannot be changed: a changed one has another name, or is found. */
function jobTasks(tools: readonly string[]): Task[] {
  const changed = async (workspace: Workspace, name?: string): Promise<Row> => {
    const before = job(workspace, 'a changed job', 'first', name);
    return checkUpgrade(workspace, NEWEST, 'what stands', before, job(workspace, 'a changed job', 'second', name));
  };
  const says = /^0000-test\.k8s\.yaml: .*Job.*migration.*spec\.template.*field is immutable/;
  const sameName = async (workspace: Workspace): Promise<Row> => {
    const { faults } = await changed(workspace, 'migration');
    return proofOf('upgrade', 'a changed job')({ title: 'a changed job of the same name', says }, faults);
  };
  return [
    { title: 'upgrade of a changed job', tools, run: (w) => changed(w) },
    { title: 'upgrade finds a changed job of the same name', tools, run: sameName },
  ];
}
