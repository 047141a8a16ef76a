import * as path from 'path';
import { Manifest, nameOf } from '../manifest';
import { Cluster, ClusterSource } from './cluster';
import { Distribution } from './distribution';
import { Failure } from './failure';
import { CommandResult, runCommand } from './run-command';
import { toolDirectory } from './tools';
import { Workspace } from './workspace';

/** Its kubectl, of the newest version. */
const KUBECTL = 'kubernetes-1.37/kubectl';

/** How long a namespace may take to go, with its pods and volumes. */
const DELETE_SECONDS = 600;

/**
 * A cluster that somebody else runs. It is written to only where nothing of the platform is there, and whatever was
 * made is deleted: what was there before is neither changed nor deleted.
 */
export class ExistingCluster extends Cluster {
  /** The cluster of a context of a kubeconfig: one that is named, never the one that happens to be current. */
  public static source(kubeconfig: string | undefined, context: string): ClusterSource {
    return {
      name: `the cluster of '${context}'`,
      tools: [KUBECTL],
      open: async (workspace, distribution) => {
        if (!kubeconfig) {
          throw new Failure(`--cluster ${context}: set KUBECONFIG to the file that holds this context`);
        }
        const binaries = await toolDirectory(KUBECTL);
        // A copy of this context alone: whatever happens to the file meanwhile, no other cluster is written to.
        const args = ['config', 'view', '--minify', '--flatten', '--context', context, '-o', 'json'];
        const env = { KUBECONFIG: kubeconfig };
        const view = await runCommand(path.join(binaries, 'kubectl'), args, { env });
        if (view.code !== 0) {
          throw new Failure(`--cluster ${context}: ${view.stderr.trim()}`);
        }
        const file = workspace.file(`existing-cluster-${ExistingCluster.count++}/kubeconfig`, view.stdout);
        const cluster = new ExistingCluster(workspace, binaries, file, distribution);
        await cluster.requireEmpty();
        return cluster;
      },
    };
  }

  private static count = 0;

  private readonly created: string[][] = [];
  private readonly running = new Set<Promise<CommandResult>>();
  private readonly takeBack: () => void;
  private stopped?: Promise<void>;

  private constructor(
    workspace: Workspace,
    binaries: string,
    public readonly kubeconfig: string,
    private readonly distribution: Distribution,
  ) {
    super(workspace, binaries);
    this.takeBack = workspace.beforeEnd(() => this.stop());
  }

  public override get isAlive(): boolean {
    return true;
  }

  /** They run already. */
  public async startControllerManager(): Promise<void> {}

  /** Creates what is deleted again. */
  public override async create(...args: string[]): Promise<void> {
    const made = args.filter((arg) => !arg.startsWith('--validate'));
    this.created.push(made);
    try {
      await super.create(...args);
    } catch (error) {
      this.created.splice(this.created.indexOf(made), 1);
      throw error;
    }
  }

  /** Runs kubectl; once everything is to be deleted, nothing is made any more. */
  public override async kubectl(args: readonly string[], input?: string): Promise<CommandResult> {
    if (this.stopped && ['apply', 'create', 'scale'].includes(args[0])) {
      throw new Failure('interrupted');
    }
    const running = super.kubectl(args, input);
    this.running.add(running);
    return running.finally(() => this.running.delete(running));
  }

  /** Deletes all that was made, once; whoever asks again waits for the same end. */
  public stop(): Promise<void> {
    this.stopped ??= this.deleteAll();
    return this.stopped;
  }

  /** Nothing that would be written is there: neither an object of the whole cluster nor a namespace. */
  private async requireEmpty(): Promise<void> {
    try {
      const standing = await this.alreadyThere();
      if (standing.length > 0) {
        const others = standing.length > 1 ? ` and ${standing.length - 1} more` : '';
        throw new Failure(
          `nothing was written: ${standing[0]}${others} of ${this.distribution.name} stand there already`,
        );
      }
    } catch (error) {
      // What is there is not ours to delete.
      this.stopped = Promise.resolve();
      this.takeBack();
      throw error;
    }
  }

  private async alreadyThere(): Promise<string[]> {
    const served = new Set((await this.list('crd')).map(({ spec }) => String(spec.names.kind)));
    const items = this.wholeClusterObjects().filter((m) => isBuiltIn(m) || served.has(m.kind));
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const found = await this.kubectlOk(['get', '--ignore-not-found', '-o', 'name', '-f', '-'], list);
    return found.split('\n').filter(Boolean);
  }

  /** What is in no namespace, and each namespace that something is in. */
  private wholeClusterObjects(): Manifest[] {
    const { manifests } = this.distribution;
    const whole = manifests.filter(({ metadata }) => !metadata.namespace);
    const namespaces = new Set(manifests.map(({ metadata }) => metadata.namespace as string).filter(Boolean));
    const named = new Set(whole.map(nameOf));
    const others = [...namespaces].filter((name) => !named.has(`Namespace ${name}`));
    return [...whole, ...others.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))];
  }

  private async deleteAll(): Promise<void> {
    await Promise.allSettled([...this.running]);
    await this.deleteVolumes();
    const how = ['--ignore-not-found', `--timeout=${DELETE_SECONDS}s`];
    // Objects of the whole cluster and namespaces: all else goes with these.
    const items = this.wholeClusterObjects().filter(isBuiltIn);
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await this.kubectlOk(['delete', ...how, '-f', '-'], list);
    for (const args of this.created.reverse()) {
      await this.kubectlOk(['delete', ...how, ...args]);
    }
    this.takeBack();
  }

  /** Volumes go with their claims, whatever their StorageClass says: they are nobody's data. */
  private async deleteVolumes(): Promise<void> {
    const namespaces = new Set(this.wholeClusterObjects().map(({ metadata }) => String(metadata.name)));
    const ours = ({ spec }: Manifest) => namespaces.has(spec.claimRef?.namespace);
    for (const { metadata } of (await this.list('pv')).filter(ours)) {
      const patch = JSON.stringify({ spec: { persistentVolumeReclaimPolicy: 'Delete' } });
      await this.kubectlOk(['patch', 'pv', metadata.name, '-p', patch]);
    }
  }
}

/** Whether every API server knows its kind. */
function isBuiltIn({ apiVersion }: Manifest): boolean {
  const [group, version] = apiVersion.split('/');
  return version === undefined || !group.includes('.') || group.endsWith('.k8s.io');
}
