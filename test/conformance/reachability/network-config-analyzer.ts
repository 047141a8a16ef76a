import { createHash } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Failure } from '../failure';
import { runCommand } from '../run-command';
import { Workspace } from '../workspace';

/** That one pod, or addresses, reach another, as the engine says it. */
export interface Reach {
  /** As `wms-platform/order-service.1` or `10.0.0.0-10.255.255.255`. */
  readonly from: string;
  readonly to: string;
  /** As `8001`, `53/UDP`, `8000-8999`, or `*` for all of them. */
  readonly ports: readonly string[];
}

const NAME = 'network-config-analyzer';

const REQUIREMENTS = path.join(__dirname, '..', 'tools', NAME, 'requirements.txt');

/** A range of more ports than these is not told one by one. */
const MANY_PORTS = 16;

let installation: Promise<string> | undefined;

/** Computes which pods reach which, from the manifests of a directory alone. */
export async function analyze(workspace: Workspace, directory: string): Promise<Reach[]> {
  installation ??= install(workspace);
  const args = ['--connectivity', '-r', directory, '-o', 'txt_no_fw_rules', '--output_endpoints', 'pods'];
  const { code, stdout, stderr } = await runCommand(path.join(await installation, 'bin', 'nca'), args);
  const lines = stdout.split('\n').filter((line) => line.includes(' => '));
  if (code !== 0 || lines.length === 0) {
    throw new Failure(`${NAME} computes nothing: ${stderr.trim().split('\n').pop()}`);
  }
  return lines.map(parseLine);
}

function parseLine(line: string): Reach {
  const [, from, to, connections] = /^(\S+) => (\S+) : (.*)$/.exec(line) ?? [];
  if (connections === 'All connections') {
    return { from, to, ports: ['*'] };
  }
  const [, protocols, ports = '1-65535'] =
    /^\{protocols:([A-Z, ]+?)(?:,dst_ports:([\d,-]+))?\}$/.exec(connections) ?? [];
  if (!protocols) {
    throw new Failure(`${NAME} says what nobody here understands: ${line}`);
  }
  const numbers = ports.split(',').flatMap(portsOf);
  const suffixes = protocols.split(', ').map((protocol) => (protocol === 'TCP' ? '' : `/${protocol}`));
  return { from, to, ports: suffixes.flatMap((suffix) => numbers.map((n) => `${n}${suffix}`)) };
}

function portsOf(range: string): string[] {
  const [first, last = first] = range.split('-').map(Number);
  const count = last - first + 1;
  return count > MANY_PORTS ? [range] : Array.from({ length: count }, (_, i) => String(first + i));
}

/**
 * The directory of the engine, in the cache. What is made is one virtual environment for each set of requirements and
 * each Python; those cannot be renamed, so a symbolic link to a finished one appears last. Of two runs at once that
 * make the same one, the first to finish wins.
 */
async function install(workspace: Workspace): Promise<string> {
  const cache = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'cdk8s-wms-platform');
  const directory = path.join(cache, 'conformance', `${NAME}-${await fingerprint()}`);
  if (isInstalled(directory)) {
    return directory;
  }
  console.error(`${NAME}: installing ...`);
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  const made = fs.mkdtempSync(`${directory}.`);
  const discard = () => fs.rmSync(made, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    await finish(workspace, 'python3', ['-m', 'venv', made]);
    const pip = ['install', '--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '-r', REQUIREMENTS];
    await finish(workspace, path.join(made, 'bin', 'python'), ['-m', 'pip', ...pip]);
    publish(made, directory);
  } catch (error) {
    discard();
    throw error;
  } finally {
    process.removeListener('exit', discard);
  }
  return directory;
}

/** What the installation depends on. */
async function fingerprint(): Promise<string> {
  const program = 'import platform, sys; print(sys.executable, sys.version, platform.machine())';
  const python = await runCommand('python3', ['-c', program]).catch(() => undefined);
  if (python?.code !== 0) {
    throw new Failure(`Python 3 is missing (no 'python3' in PATH), which ${NAME} needs`);
  }
  return createHash('sha256').update(fs.readFileSync(REQUIREMENTS)).update(python.stdout).digest('hex').slice(0, 16);
}

function isInstalled(directory: string): boolean {
  return fs.existsSync(path.join(directory, 'bin', 'nca'));
}

function publish(made: string, directory: string): void {
  if (isInstalled(directory)) {
    fs.rmSync(made, { recursive: true, force: true });
    return;
  }
  // A link whose target somebody has deleted would stay in the way for ever.
  fs.rmSync(directory, { force: true });
  fs.symlinkSync(path.basename(made), directory);
}

/** Runs a step to its end; it ends with the workspace, too. */
async function finish(workspace: Workspace, command: string, args: readonly string[]): Promise<void> {
  const child = workspace.start(NAME, command, args);
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(null));
  });
  if (code !== 0) {
    throw new Failure(`cannot install ${NAME}: ${workspace.logTail(NAME, 1)}`);
  }
}
