import * as fs from 'fs';
import * as path from 'path';
import { parseArgs } from 'util';
import { Distribution } from './distribution';
import { Failure } from './failure';
import { EXAMPLE_GUEST, guestOf } from './guest';
import { nodeTasks } from './parts/node';
import { proofTasks } from './parts/proofs';
import { Task } from './task';
import {
  acceptanceTasks,
  admissionTasks,
  edgeTasks,
  lintersTasks,
  meshTasks,
  messageLayerTasks,
  metricsTasks,
  Part,
  reachabilityTasks,
  schedulingTasks,
  telemetryTasks,
  upgradeTasks,
  wafTasks,
  workflowLayerTasks,
} from './parts/tasks';
import { renderTable } from './report';
import { runTasks } from './run-tasks';
import { surroundingsOf } from './surroundings';
import { abandonBuilds, toolDirectory } from './tools';
import { Workspace } from './workspace';

// Memory for time: the programs are Go's, and they collect garbage for a quarter of it.
process.env.GOGC ??= '400';

const DIST = path.join(__dirname, '..', '..', 'dist');

/** The parts of the suite, in the order in which they run. */
const PARTS: Record<string, Part> = {
  acceptance: acceptanceTasks,
  admission: admissionTasks,
  scheduling: schedulingTasks,
  upgrade: upgradeTasks,
  reachability: reachabilityTasks,
  linters: lintersTasks,
  mesh: meshTasks,
  metrics: metricsTasks,
  waf: wafTasks,
  edge: edgeTasks,
  'message-layer': messageLayerTasks,
  'workflow-layer': workflowLayerTasks,
  telemetry: telemetryTasks,
  node: nodeTasks,
  proofs: proofTasks,
};

/** Several parts by one name: `kubernetes` is what it does with the manifests, without the servers that they are for. */
const GROUPS: Record<string, readonly string[]> = {
  kubernetes: ['acceptance', 'admission', 'scheduling', 'upgrade', 'reachability', 'linters', 'node'],
};

/** The parts that are about the platform alone, whoever its guest is. */
const WITHOUT_GUEST = [
  'upgrade',
  'mesh',
  'metrics',
  'node',
  'waf',
  'edge',
  'message-layer',
  'workflow-layer',
  'telemetry',
  'proofs',
];

/** The parts that wait a lot for real servers. */
const LONG = ['edge', 'message-layer', 'workflow-layer', 'telemetry', 'node'];

/** Programs that are not built here, each with how to get it. */
const NEEDED = { go: 'Go 1.26 or newer', git: 'git', openssl: 'openssl', python3: 'Python 3 with venv' };

interface Arguments {
  readonly parts: readonly string[];
  /** The context of an existing cluster. */
  readonly cluster?: string;
  /** The directory of a guest. */
  readonly guest?: string;
}

async function main(): Promise<number> {
  const { parts, cluster, guest } = readArguments();
  requirePrograms();
  const surroundings = await surroundingsOf(cluster);
  const selected = selectParts(parts, (part) =>
    guest !== undefined && WITHOUT_GUEST.includes(part)
      ? `${part} is about the platform, not about a guest`
      : surroundings.lacks(part),
  );
  const workspace = new Workspace();
  workspace.beforeEnd(abandonBuilds);
  try {
    const distributions = await distributionsOf(workspace, guest);
    const tasks: Task[] = [];
    for (const name of selected) {
      const planned = await PARTS[name](distributions, surroundings.clusters, selected);
      tasks.push(...planned.map((task) => ({ ...task, isLong: LONG.includes(name) })));
    }
    // What is written to somebody's cluster is written one after another.
    const { rows, ended } = await runTasks(workspace, tasks, cluster === undefined ? WORKERS : 1, toolDirectory);
    if (ended) {
      console.log(renderTable(rows));
      throw ended;
    }
    const failed = rows.filter(({ faults }) => faults.length > 0).length;
    console.log(`${renderTable(rows)}\n\n${rows.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await workspace.dispose();
  }
}

function readArguments(): Arguments {
  try {
    const options = { cluster: { type: 'string' }, guest: { type: 'string' } } as const;
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const asked = positionals.flatMap((name) => GROUPS[name] ?? [name]);
    const unknown = asked.filter((name) => !(name in PARTS));
    if (unknown.length > 0) {
      const allowed = [...Object.keys(PARTS), ...Object.keys(GROUPS)].join(', ');
      throw new Failure(`there is no part '${unknown.join("', '")}'; allowed: ${allowed}`);
    }
    return { parts: asked, ...values };
  } catch (error) {
    throw error instanceof Failure ? error : new Failure((error as Error).message.split('\n')[0]);
  }
}

/** The parts that are asked for; where none is, those that can run, and a line for each of the others. */
function selectParts(asked: readonly string[], reasonAgainst: (part: string) => string | undefined): string[] {
  const selected = Object.keys(PARTS).filter((name) => asked.length === 0 || asked.includes(name));
  return selected.filter((name) => {
    const reason = reasonAgainst(name);
    if (reason && asked.length > 0) {
      throw new Failure(reason);
    }
    if (reason) {
      console.error(`conformance: left out: ${reason}`);
    }
    return !reason;
  });
}

/** What is in dist/, production with a guest on it; of somebody's guest, just that. */
async function distributionsOf(workspace: Workspace, guest: string | undefined): Promise<Distribution[]> {
  const production = new Distribution(
    'production',
    path.join(DIST, 'production'),
    await guestOf(workspace, guest ?? EXAMPLE_GUEST),
  );
  const other = (name: string) => new Distribution(name, path.join(DIST, name));
  return guest === undefined ? [other('development'), other('staging'), production, other('argocd')] : [production];
}

function requirePrograms(): void {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  for (const [program, name] of Object.entries(NEEDED)) {
    if (!directories.some((directory) => fs.existsSync(path.join(directory, program)))) {
      throw new Failure(`${name} is missing (no '${program}' in PATH)`);
    }
  }
}

/** At a time: a control plane alone leaves a processor idle while it waits. */
const WORKERS = 3;

/** What the system refuses (a full disk, a missing program, no permission) is one line, too. */
function isAboutSurroundings(error: Error): boolean {
  return error instanceof Failure || 'syscall' in error;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(isAboutSurroundings(error) ? `conformance: ${error.message}` : error);
    process.exit(1);
  },
);
