import * as fs from 'fs';
import * as path from 'path';
import { Failure } from './failure';
import { runCommand } from './run-command';
import { Workspace } from './workspace';

/** A service of another team, on a platform that stands. */
export interface Guest {
  readonly name: string;
  /** Where its manifests are. */
  readonly manifests: string;
  /** Where what is written by hand of it is: its `edges.yaml`, and `exceptions.yaml` where it has any. */
  readonly directory: string;
}

const ROOT = path.join(__dirname, '..', '..');

/** The guest that is checked where no other is named. */
export const EXAMPLE_GUEST = path.join(ROOT, 'examples', 'returns-service');

/** The guest of a directory: of manifests, or of a `main.ts` that writes them with the library as it is checked out. */
export async function guestOf(workspace: Workspace, where: string): Promise<Guest> {
  const directory = path.resolve(where);
  const name = path.basename(directory);
  if (!fs.existsSync(directory)) {
    throw new Failure(`--guest ${where}: there is no such directory`);
  }
  const main = path.join(directory, 'main.ts');
  const manifests = fs.existsSync(main) ? await synthesize(workspace, name, main) : directory;
  if (!fs.readdirSync(manifests).some((file) => file.endsWith('.k8s.yaml'))) {
    throw new Failure(`--guest ${where}: there is neither a main.ts nor a *.k8s.yaml`);
  }
  return { name, manifests, directory };
}

async function synthesize(workspace: Workspace, name: string, main: string): Promise<string> {
  const cwd = workspace.file(`guests/${name}`);
  fs.mkdirSync(cwd, { recursive: true });
  // 'cdk8s-wms-platform' is what is checked out here, by the compiler's paths.
  const env = { TSX_TSCONFIG_PATH: path.join(ROOT, 'tsconfig.dev.json') };
  const { code, stderr } = await runCommand(process.execPath, ['--import', require.resolve('tsx'), main], { cwd, env });
  const directory = path.join(cwd, 'dist', 'production');
  if (code !== 0 || !fs.existsSync(directory)) {
    const reason = stderr.split('\n').find((line) => line.includes('Error')) ?? 'it writes no dist/production';
    throw new Failure(`${main} cannot be synthesized: ${reason.trim()}`);
  }
  return directory;
}
