import * as fs from 'fs';
import * as path from 'path';
import { Failure } from '../failure';
import { runCommand } from '../run-command';

/** Where Debian keeps what is named by its old places, too. */
const LINKS = { bin: 'usr/bin', sbin: 'usr/sbin', lib: 'usr/lib', lib64: 'usr/lib64' };

/** Makes a directory the root of an image from programs of this machine, with the libraries that they need. */
export async function copyPrograms(root: string, programs: readonly string[]): Promise<void> {
  for (const [name, target] of Object.entries(LINKS)) {
    fs.mkdirSync(path.join(root, target), { recursive: true });
    if (!fs.existsSync(path.join(root, name))) {
      fs.symlinkSync(target, path.join(root, name));
    }
  }
  for (const directory of ['tmp', 'etc', 'var', 'dev/shm']) {
    fs.mkdirSync(path.join(root, directory), { recursive: true });
  }
  for (const program of programs) {
    copyFile(root, program);
    for (const library of await librariesOf(program)) {
      copyFile(root, library);
    }
  }
}

/** Copies a directory of this machine to the same place in an image. */
export function copyDirectory(root: string, directory: string, without?: RegExp): void {
  const filter = (source: string) => !without?.test(path.basename(source));
  fs.cpSync(directory, path.join(root, directory), { recursive: true, dereference: true, filter });
}

/** At the place it is known by, though it may be a link to another. */
function copyFile(root: string, file: string): void {
  const target = path.join(root, file);
  if (!fs.existsSync(target)) {
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(fs.realpathSync(file), target);
    fs.chmodSync(target, 0o755);
  }
}

async function librariesOf(program: string): Promise<string[]> {
  const { stdout, stderr } = await runCommand('ldd', [program]);
  if (/not a dynamic executable/.test(stdout + stderr)) {
    return [];
  }
  const missing = stdout.split('\n').find((line) => line.includes('not found'));
  if (missing) {
    throw new Failure(`${program} lacks a library: ${missing.trim()}`);
  }
  return stdout.split('\n').flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}
