import * as path from 'path';
import { parseArgs } from 'util';
import { Distribution } from './distribution';
import { Failure } from './failure';
import { proofTasks } from './parts/proofs';
import { Task } from './task';
import {
  acceptanceTasks,
  admissionTasks,
  lintersTasks,
  reachabilityTasks,
  schedulingTasks,
  upgradeTasks,
} from './parts/tasks';
import { renderTable, Row } from './report';
import { runCommand } from './run-command';
import { toolDirectory } from './tools';
import { Workspace } from './workspace';

const DIST = path.join(__dirname, '..', '..', 'dist');

/** The parts of the suite, in the order in which they run. */
const PARTS: Record<string, (distributions: readonly Distribution[]) => Task[] | Promise<Task[]>> = {
  acceptance: acceptanceTasks,
  admission: admissionTasks,
  scheduling: schedulingTasks,
  upgrade: upgradeTasks,
  reachability: reachabilityTasks,
  linters: lintersTasks,
  proofs: proofTasks,
};

/** Programs that are not built here, each with how to get it. */
const NEEDED = { go: 'Go 1.26 or newer', git: 'git', openssl: 'openssl', python3: 'Python 3 with venv' };

async function main(): Promise<number> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new Failure(`there is no part '${unknown.join("', '")}'; allowed: ${Object.keys(PARTS).join(', ')}`);
  }
  await requirePrograms();
  const distributions = ['development', 'staging', 'production', 'argocd'].map(
    (name) => new Distribution(name, path.join(DIST, name)),
  );
  const selected = Object.keys(PARTS).filter((name) => positionals.length === 0 || positionals.includes(name));
  const tasks: Task[] = [];
  for (const name of selected) {
    tasks.push(...(await PARTS[name](distributions)));
  }
  const workspace = new Workspace();
  try {
    const rows = await runTasks(workspace, tasks);
    const failed = rows.filter(({ faults }) => faults.length > 0).length;
    console.log(`${renderTable(rows)}\n\n${rows.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await workspace.dispose();
  }
}

async function requirePrograms(): Promise<void> {
  for (const [program, name] of Object.entries(NEEDED)) {
    const { code } = await runCommand('sh', ['-c', `command -v ${program}`]);
    if (code !== 0) {
      throw new Failure(`${name} is missing (no '${program}' in PATH)`);
    }
  }
}

/** Two at a time: a control plane alone leaves a processor idle while it waits. */
async function runTasks(workspace: Workspace, tasks: readonly Task[]): Promise<Row[]> {
  const rows: Row[][] = tasks.map(() => []);
  let next = 0;
  let done = 0;
  const worker = async () => {
    while (next < tasks.length) {
      const index = next++;
      const started = Date.now();
      rows[index] = [await tasks[index].run(workspace)].flat();
      const failed = rows[index].some(({ faults }) => faults.length > 0);
      const seconds = Math.round((Date.now() - started) / 1000);
      done += 1;
      console.error(`[${done}/${tasks.length}] ${failed ? 'FAILED' : 'ok'} ${tasks[index].title} (${seconds} s)`);
    }
  };
  // The programs are built one after another, before anything runs beside them.
  await prepareTools(tasks);
  await Promise.all([worker(), worker()]);
  return rows.flat();
}

async function prepareTools(tasks: readonly Task[]): Promise<void> {
  for (const tool of [...new Set(tasks.flatMap((task) => task.tools))].sort()) {
    await toolDirectory(tool);
  }
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error instanceof Failure ? `conformance: ${error.message}` : error);
    process.exit(1);
  },
);
