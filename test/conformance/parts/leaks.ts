import * as fs from 'fs';
import * as path from 'path';
import { Breakage, breaks } from '../breakage';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { Row } from '../report';
import { runCommand } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';

const ROOT = path.join(__dirname, '..', '..', '..');

/** Hashes of packages, which look like secrets. */
const NOT_READ = ['package-lock.json'];

/** A place where gitleaks sees a secret. */
interface Leak {
  readonly RuleID: string;
  readonly File: string;
  readonly StartLine: number;
}

/** No secret stands in the manifests. */
export async function checkLeaks(workspace: Workspace, distribution: Distribution): Promise<Row> {
  const leaks = await Promise.all(distribution.directories.map((directory) => scan(workspace, directory)));
  return row(distribution.title, `${distribution.files.length} files`, leaks.flat());
}

/** No secret stands in any file of the repository. */
export async function checkTree(workspace: Workspace): Promise<Row> {
  const { code, stdout, stderr } = await runCommand('git', ['ls-files'], { cwd: ROOT });
  if (code !== 0) {
    throw new Failure(`git lists no files: ${stderr.trim()}`);
  }
  const files = stdout.split('\n').filter((file) => file && !NOT_READ.includes(file));
  const tops = [...new Set(files.map((file) => file.split('/')[0]))].filter((top) =>
    fs.existsSync(path.join(ROOT, top)),
  );
  const faults: string[] = [];
  for (const top of tops) {
    faults.push(...(await scan(workspace, path.join(ROOT, top))));
  }
  return row('the repository', `${files.length} files`, faults);
}

function row(subject: string, figures: string, faults: readonly string[]): Row {
  return { part: 'linters', check: 'gitleaks finds no secret', subject, figures, faults };
}

let count = 0;

async function scan(workspace: Workspace, place: string): Promise<string[]> {
  const binary = path.join(await toolDirectory('gitleaks'), 'gitleaks');
  const report = workspace.file(`gitleaks-${count++}.json`);
  const args = ['dir', place, '--no-banner', '--no-color', '--redact', '--exit-code=0', '-f', 'json', '-r', report];
  const { code, stderr } = await runCommand(binary, args);
  if (code !== 0) {
    throw new Failure(`gitleaks reads ${place} not: ${stderr.trim().split('\n').pop()}`);
  }
  const leaks = JSON.parse(fs.readFileSync(report, 'utf8')) as Leak[];
  return leaks.map(({ RuleID, File, StartLine }) => `${path.basename(File)}:${StartLine}: ${RuleID}`);
}

/** In two parts, so that nobody takes this file for a leak. */
const ACCESS_KEY = ['AKIA', 'QYLPMN5HHHFPZAM2'].join('');

/** A value that nobody must write into a manifest. */
export const LEAK_BREAKAGES: readonly Breakage[] = [
  breaks(
    'a key of a cloud in a ConfigMap',
    'ConfigMap wms-platform/order-service',
    ({ data }) => (data.BUCKET_KEY = ACCESS_KEY),
    /^0006-wms-platform\.k8s\.yaml:\d+: aws-access-token$/,
  ),
];
