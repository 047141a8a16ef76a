import { ChildProcess } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Failure } from '../failure';
import { poll } from '../poll';
import { CommandOptions, CommandResult, runCommand } from '../run-command';
import { Workspace } from '../workspace';

/** Namespaces that a cluster runs in, without a way out: what runs in them ends with them. */
export class Cage {
  /** Opens one; it is gone when it is closed, at the latest with the workspace. */
  public static async open(workspace: Workspace): Promise<Cage> {
    const name = `node-${Cage.count++}`;
    // The workspace's own name, so that no other run has the same.
    const cgroup = `${path.basename(workspace.directory)}-${name}`;
    const directory = workspace.file(name);
    fs.mkdirSync(directory);
    const keeper = workspace.start(name, 'bash', [path.join(__dirname, 'cage.sh'), directory, cgroup]);
    const pidFile = path.join(directory, 'pid');
    const opened = await poll(20, () =>
      Promise.resolve(fs.existsSync(pidFile) || keeper.exitCode !== null ? true : undefined),
    );
    if (!opened || !fs.existsSync(pidFile)) {
      await workspace.stop(keeper);
      throw new Failure(`the node gets no namespaces of its own: ${workspace.logTail(name, 1) || 'no reason given'}`);
    }
    return new Cage(workspace, name, directory, cgroup, keeper, fs.readFileSync(pidFile, 'utf8').trim());
  }

  private static count = 0;

  private readonly processes = new Map<string, ChildProcess>();

  private constructor(
    private readonly workspace: Workspace,
    private readonly name: string,
    /** Where everything in it keeps its files. */
    public readonly directory: string,
    /** The parent of all its cgroups. */
    public readonly cgroup: string,
    private readonly keeper: ChildProcess,
    private readonly pid: string,
  ) {}

  /** A file in its directory. */
  public file(name: string, content?: string): string {
    return this.workspace.file(path.join(this.name, name), content);
  }

  /** Starts a program in it that runs until the end. */
  public start(name: string, program: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
    const command = ['env', ...variables, program, ...args];
    const child = this.workspace.start(`${this.name}-${name}`, 'nsenter', [...this.enter(), ...command]);
    this.processes.set(name, child);
    return child;
  }

  /** Runs a command in it. */
  public run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand('nsenter', [...this.enter(), command, ...args], options);
  }

  /** Runs a command in it where only success makes sense. */
  public async runOk(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, args, options);
    if (code !== 0) {
      throw new Failure(`${path.basename(command)} ${args.join(' ')}: ${stderr.trim() || `it ended with ${code}`}`);
    }
    return stdout;
  }

  /** Fails where a program that should run until the end has ended. */
  public requireAll(): void {
    for (const [name, child] of this.processes) {
      if (!this.workspace.isRunning(child)) {
        throw new Failure(`${name} ended: ${this.logTail(name, 1)}`);
      }
    }
  }

  /** The last lines that a program has logged. */
  public logTail(name: string, lines?: number): string {
    return this.workspace.logTail(`${this.name}-${name}`, lines);
  }

  /** Ends everything in it and deletes its files. */
  public async stop(): Promise<void> {
    await this.workspace.stop(this.keeper);
    await Promise.all([...this.processes.values()].map((child) => this.workspace.stop(child)));
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  private enter(): string[] {
    return ['--target', this.pid, '--net', '--mount', '--pid', '--ipc', '--uts', '--'];
  }
}
