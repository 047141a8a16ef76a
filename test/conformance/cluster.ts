import * as path from 'path';
import { Manifest } from '../manifest';
import { Distribution } from './distribution';
import { Failure } from './failure';
import { CommandResult, runCommand } from './run-command';
import { Workspace } from './workspace';

/** Where checks get an empty cluster from. */
export interface ClusterSource<C extends Cluster = Cluster> {
  /** As rows name it: `Kubernetes 1.37`. */
  readonly name: string;
  /** The programs it is made of, by the name of their module in `tools/`. */
  readonly tools: readonly string[];
  /** A cluster without the objects of a distribution. */
  readonly open: (workspace: Workspace, distribution: Distribution) => Promise<C>;
}

/** A Kubernetes cluster that a check writes to. */
export abstract class Cluster {
  /** The file that tells programs how to reach it. */
  public abstract readonly kubeconfig: string;

  protected constructor(
    protected readonly workspace: Workspace,
    /** The directory of kubectl. */
    protected readonly binaries: string,
  ) {}

  /** Whether others change objects at any time: controllers that run from the beginning. */
  public get isAlive(): boolean {
    return false;
  }

  /** Leaves nothing of what was made. */
  public abstract stop(): Promise<void>;

  /** Starts the controllers, where they do not run yet: what makes pods of deployments and keeps quotas. */
  public abstract startControllerManager(): Promise<void>;

  /** Creates what must be there before the manifests. */
  public async create(...args: string[]): Promise<void> {
    await this.kubectlOk(['create', ...args]);
  }

  /** Runs kubectl. */
  public async kubectl(args: readonly string[], input?: string): Promise<CommandResult> {
    const env = { KUBECONFIG: this.kubeconfig, KUBECACHEDIR: `${this.kubeconfig}-cache` };
    return runCommand(path.join(this.binaries, 'kubectl'), args, { input, env });
  }

  /** Whether its API server says that it is ready. */
  protected async isReady(): Promise<boolean> {
    const { code, stdout } = await this.kubectl(['get', '--raw', '/readyz']);
    return code === 0 && stdout === 'ok';
  }

  /** Runs kubectl where only success makes sense. */
  public async kubectlOk(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.kubectl(args, input);
    if (code !== 0) {
      throw new Failure(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
    }
    return stdout;
  }

  /** All objects of a kind, of every namespace, or those of them that a field selector takes. */
  public async list(kind: string, fieldSelector?: string): Promise<Manifest[]> {
    const selector = fieldSelector === undefined ? [] : ['--field-selector', fieldSelector];
    const { items } = JSON.parse(await this.kubectlOk(['get', kind, '-A', '-o', 'json', ...selector])) as {
      items: Manifest[];
    };
    return items;
  }

  /** As they stand, those of some manifests that are there. */
  public async standing(manifests: readonly Manifest[]): Promise<Manifest[]> {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
    const { stdout } = await this.kubectl(['get', '-f', '-', '-o', 'json', '--ignore-not-found'], list);
    return (JSON.parse(stdout || '{}') as { items?: Manifest[] }).items ?? [];
  }
}
