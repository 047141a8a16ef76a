import * as path from 'path';
import { Failure } from './failure';
import { runCommand } from './run-command';

/** The Kubernetes versions that everything is proven on: the newest, and the oldest near the API that is written. */
export const KUBERNETES_VERSIONS = ['1.27', '1.37'] as const;

const TOOLS = path.join(__dirname, 'tools');

const BUILD = path.join(TOOLS, 'build.sh');

const directories = new Map<string, Promise<string>>();

/** The directory of a tool's programs, which are built when they are not there yet. */
export function toolDirectory(name: string): Promise<string> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets && /^(etcd|kubernetes-)/.test(name)) {
    return Promise.resolve(path.resolve(assets));
  }
  const directory = directories.get(name) ?? build(name);
  directories.set(name, directory);
  return directory;
}

const abandoned = new AbortController();

/** Ends what is being built. */
export function abandonBuilds(): Promise<void> {
  abandoned.abort();
  return Promise.resolve();
}

/** Politely: checks that run at the same time look at the clock. */
async function build(name: string): Promise<string> {
  const options = { showProgress: true, signal: abandoned.signal };
  const { code, stdout, stderr } = await runCommand('nice', ['bash', BUILD, name], options);
  if (code !== 0) {
    throw new Failure(`cannot build ${name}: ${stderr.trim().split('\n').pop()}`);
  }
  return stdout.trim();
}

/** The directory of a module that a tool is built from, with the files that ship beside its code. */
export async function moduleDirectory(tool: string, module: string): Promise<string> {
  const options = { cwd: path.join(TOOLS, tool) };
  const { code, stdout, stderr } = await runCommand('go', ['list', '-m', '-f', '{{.Dir}}', module], options);
  if (code !== 0 || !stdout.trim()) {
    throw new Failure(`cannot find the module ${module}: ${stderr.trim()}`);
  }
  return stdout.trim();
}
