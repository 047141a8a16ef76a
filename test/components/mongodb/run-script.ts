import * as vm from 'vm';
import { Command, Login, StandInSet } from './stand-in';

/** What a script finds in its pod: environment variables, and files by their path. */
export interface ScriptPod {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** What a script has said, and why it ended where it failed. */
export interface ScriptResult {
  readonly output: string[];
  readonly error?: string;
}

/** Runs a script as mongosh would, against a stand-in for the servers. `sleep` costs no time, but time passes. */
export function runScript(set: StandInSet, pod: ScriptPod, eachPause?: (pause: number) => void): ScriptResult {
  const output: string[] = [];
  let now = 0;
  let pauses = 0;
  const globals = {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    require: (name: string): unknown => (name === 'fs' ? fileSystem(pod.files) : require(name)),
    process: { env: pod.env },
    Buffer,
    Date: { now: () => now, parse: Date.parse },
    print: (text: string) => output.push(text),
    sleep: (milliseconds: number) => {
      now += milliseconds;
      pauses += 1;
      eachPause?.(pauses);
      set.tick();
    },
    Mongo: class {
      private readonly host: string;
      private readonly login: Login;

      public constructor(uri: string) {
        ({ host: this.host, login: this.login } = parseUri(uri));
        set.open(this.host, this.login);
      }

      public getDB(name: string) {
        return {
          runCommand: (command: Command) => {
            expect(name).toBe('admin');
            return set.answer(this.host, this.login, structuredClone(command));
          },
        };
      }

      public close(): void {}
    },
  };
  try {
    vm.runInNewContext(pod.script, globals, { timeout: 10_000 });
    return { output };
  } catch (error) {
    return { output, error: (error as Error).message };
  }
}

function fileSystem(files: ScriptPod['files']) {
  return {
    readFileSync: (path: string) => {
      if (files[path] === undefined) {
        throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      }
      return files[path];
    },
    readdirSync: (directory: string) =>
      Object.keys(files).flatMap((path) =>
        path.startsWith(`${directory}/`) ? [path.slice(directory.length + 1)] : [],
      ),
  };
}

function parseUri(uri: string): { host: string; login: Login } {
  const { username, password, host, searchParams } = new URL(uri.replace(/^mongodb:/, 'http:'));
  expect(searchParams.get('directConnection')).toBe('true');
  return {
    host,
    login: {
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: searchParams.get('authSource')!,
    },
  };
}
