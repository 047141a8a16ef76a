import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import * as net from 'net';
import * as os from 'os';
import * as path from 'path';
import { Failure } from './failure';

/** A directory and processes that are gone when it is disposed of, on failure and on Ctrl-C too. */
export class Workspace {
  public readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'wms-conformance-'));
  private readonly children = new Map<ChildProcess, string>();
  private readonly endings = new Set<() => Promise<void>>();
  private disposal?: Promise<void>;

  public constructor() {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      process.once(signal, () => void this.dispose().then(() => process.exit(code)));
    }
    // The last resort where an error leaves the event loop: nothing may keep running.
    process.once('exit', () => this.children.forEach((_, child) => child.kill('SIGKILL')));
  }

  /** Starts a process that runs until the workspace is disposed of or it is stopped; it logs into the directory. */
  public start(name: string, command: string, args: readonly string[]): ChildProcess {
    if (this.disposal) {
      throw new Failure('interrupted');
    }
    const log = fs.openSync(this.logFile(name), 'a');
    // A group of its own, so that Ctrl-C reaches it only by way of dispose(), in order.
    const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true, cwd: this.directory });
    fs.closeSync(log);
    this.children.set(child, name);
    child.once('error', (error) => {
      fs.appendFileSync(this.logFile(name), `${error.message}\n`);
      if (child.pid === undefined) {
        this.children.delete(child);
      }
    });
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** Does something before all else when the workspace is disposed of, also by Ctrl-C; the answer takes it back. */
  public beforeEnd(ending: () => Promise<void>): () => void {
    this.endings.add(ending);
    return () => this.endings.delete(ending);
  }

  /** Whether a process has neither ended nor failed to start. */
  public isRunning(child: ChildProcess): boolean {
    return this.children.has(child) && child.pid !== undefined;
  }

  /** Ends a process that has nothing to lose. */
  public async kill(child: ChildProcess): Promise<void> {
    if (this.isRunning(child)) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await ended;
    }
  }

  /** Ends a process, gently first. */
  public async stop(child: ChildProcess): Promise<void> {
    if (!this.children.has(child)) {
      return;
    }
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
  }

  /** Ends all processes and removes the directory, once; whoever asks again waits for the same end. */
  public dispose(): Promise<void> {
    this.disposal ??= this.cleanUp();
    return this.disposal;
  }

  /** A file in the directory. */
  public file(name: string, content?: string): string {
    const file = path.join(this.directory, name);
    if (content !== undefined) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content, { mode: 0o600 });
    }
    return file;
  }

  /** The last lines that a process has logged. */
  public logTail(name: string, lines = 5): string {
    return fs.readFileSync(this.logFile(name), 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }

  private async cleanUp(): Promise<void> {
    for (const ending of this.endings) {
      await ending().catch((error: Error) => console.error(`conformance: ${error.message}`));
    }
    await Promise.all([...this.children.keys()].map((child) => this.stop(child)));
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  private logFile(name: string): string {
    return path.join(this.directory, `${name}.log`);
  }
}

/** A TCP port of the loopback address that is free at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
