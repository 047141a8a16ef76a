import * as fs from 'fs';
import * as path from 'path';
import { Manifest, nameOf } from '../../manifest';
import { Cluster } from '../cluster';
import { established, installCrds } from '../crds';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { pause, poll } from '../poll';
import { CommandResult } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';
import { Cage } from './cage';
import { Certificates } from './certificates';
import { Clients, startControl } from './control';
import { DNS_IMAGE, DNS_MANIFESTS } from './dns';
import { ImageConfig, PAUSE_IMAGE, writeImage } from './images';
import { startKubelet } from './kubelet';
import {
  configurePlugins,
  createNetwork,
  FROM_INTERNET,
  policyEngineCrds,
  POLICY_ENGINE_STATE,
  startPolicyEngine,
  startServiceProxy,
} from './network';
import { requirePackages } from './requirements';
import { Runtime } from './runtime';
import { STORAGE_CLASS, volumeFor, waitsForVolume } from './volumes';

const KUBERNETES = 'kubernetes-1.37';

/** The programs that a node is made of, by the name of their module in `tools/`. */
export const NODE_TOOLS = ['calico', 'containerd', 'coredns', 'etcd', 'kube-proxy', KUBERNETES, 'stand-in'];

/** How objects are applied to it: that each field is one is acceptance's to say, and takes kubectl its time. */
const APPLY = ['apply', '--server-side', '--force-conflicts', '--validate=ignore'];

/** A part of an environment that is left out, or made otherwise than it is written; rows tell of it. */
export interface Change {
  /** Why one node cannot do what is written. */
  readonly reason: string;
  /** The object as it is applied instead; nothing where it is left out. */
  readonly change: (manifest: Manifest) => Manifest | undefined;
}

/** A workload whose pods are not all ready. */
interface Unready {
  readonly name: string;
  readonly says: string;
  /** As it stands, where it does. */
  readonly standing?: Manifest;
}

/** A cluster of one real node: kubelet, containerd and runc run its pods, in namespaces that are gone at the end. */
export class Node extends Cluster {
  /** Starts one, with its network, DNS and volumes, and without any image but its own. */
  public static async start(workspace: Workspace): Promise<Node> {
    await requirePackages();
    const kubernetes = await toolDirectory(KUBERNETES);
    const cage = await Cage.open(workspace);
    let node: Node | undefined;
    try {
      await createNetwork(cage);
      const certificates = await Certificates.create(cage);
      const clients = await startControl(cage, certificates, kubernetes);
      const runtime = await Runtime.start(cage, await configurePlugins(cage, clients.admin));
      node = new Node(workspace, kubernetes, cage, runtime, clients);
      await node.loadOwnImages();
      await node.waitForApi();
      startKubelet(cage, certificates, kubernetes, clients.kubelet);
      await node.startNetwork();
      return node;
    } catch (error) {
      await (node ?? cage).stop();
      throw error;
    }
  }

  private readonly loop: Promise<void>;
  private stopping = false;

  private constructor(
    workspace: Workspace,
    binaries: string,
    private readonly cage: Cage,
    private readonly runtime: Runtime,
    private readonly clients: Clients,
  ) {
    super(workspace, binaries);
    this.loop = this.provisionVolumes();
  }

  /** Its controllers run from the beginning. */
  public override get isAlive(): boolean {
    return true;
  }

  /** Where kubectl finds it, from inside its namespaces. */
  public get kubeconfig(): string {
    return this.clients.admin;
  }

  /** A file of its own, gone when it stops. */
  public file(name: string, content?: string): string {
    return this.cage.file(name, content);
  }

  /** Ends it with all its pods, at once. */
  public async stop(): Promise<void> {
    this.stopping = true;
    await this.loop;
    await this.cage.stop();
  }

  /** They run already. */
  public async startControllerManager(): Promise<void> {}

  /** Runs kubectl. */
  public override kubectl(args: readonly string[], input?: string): Promise<CommandResult> {
    const env = { KUBECONFIG: this.kubeconfig, KUBECACHEDIR: this.cage.file('kubectl-cache') };
    return this.cage.run(path.join(this.binaries, 'kubectl'), args, { input, env });
  }

  /**
   * Loads an image under the names that pods know it by, from a directory that becomes its root: nothing is pulled, so a
   * pod whose image was not loaded does not start.
   */
  public async loadImage(names: readonly string[], root: string, config: ImageConfig): Promise<void> {
    const archive = this.cage.file(`${path.basename(root)}.tar`);
    await writeImage(archive, names, root, config);
    await this.loadArchive(archive);
    fs.rmSync(archive);
  }

  /** Makes an image under the names that pods know it by: what fills its root says how its program is started. */
  public async buildImage(names: readonly string[], fill: (root: string) => Promise<ImageConfig>): Promise<void> {
    const root = this.cage.file(`image-${names[0].replace(/\W+/g, '-')}`);
    fs.mkdirSync(root);
    await this.loadImage(names, root, await fill(root));
    fs.rmSync(root, { recursive: true });
  }

  /** Loads the images of an archive that `docker load` would take, too. */
  public async loadArchive(archive: string): Promise<void> {
    await this.runtime.importImages(archive);
  }

  /** Applies the files of an environment in their order, as they are but for the changes; the answer is what kubectl says. */
  public async apply(distribution: Distribution, changes: readonly Change[] = []): Promise<string[]> {
    await installCrds(this, distribution);
    const faults: string[] = [];
    const changed = this.changed(distribution, changes);
    for (const file of changed.files) {
      const { code, stderr } = await this.kubectl([...APPLY, '-f', file]);
      if (code !== 0) {
        faults.push(`${path.basename(file)}: ${stderr.trim() || `kubectl ended with ${code}`}`);
      }
    }
    return faults;
  }

  /** Applies objects of a part's own. */
  public async applyObjects(items: readonly object[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await this.kubectlOk([...APPLY, '-f', '-'], list);
  }

  /** Runs a command in a pod, as `deployment/order-service`. */
  public exec(namespace: string, pod: string, command: readonly string[]): Promise<string> {
    return this.kubectlOk(['exec', '-n', namespace, pod, '--', ...command]);
  }

  /** Runs a command on the host that stands for the internet. */
  public fromInternet(command: readonly string[]): Promise<string> {
    const [program, ...args] = [...FROM_INTERNET, ...command];
    return this.cage.runOk(program, args);
  }

  /** Starts a server on the host that stands for the internet. */
  public startOnInternet(name: string, command: readonly string[]): void {
    const [program, ...args] = [...FROM_INTERNET, ...command];
    this.cage.start(name, program, args);
  }

  /** Waits until all of some workloads' pods are ready; the answer is a sentence for each one that is not. */
  public async waitReady(workloads: readonly Manifest[], seconds: number): Promise<string[]> {
    let unready: Unready[] = [];
    await poll(seconds, async () => {
      this.cage.requireAll();
      unready = await this.unready(workloads);
      // So that asking takes less of the machine than what is waited for.
      return unready.length === 0 ? true : pause(1000);
    });
    return Promise.all(
      unready.map(async ({ name, says, standing }) => `${name} ${says}${standing ? await this.reason(standing) : ''}`),
    );
  }

  /** The pods of a namespace that a selector names and that are not on their way out. */
  public async pods(namespace: string, labels: Record<string, string>): Promise<Manifest[]> {
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const args = ['get', 'pods', '-n', namespace, '-l', selector.join(','), '-o', 'json'];
    const { items } = JSON.parse(await this.kubectlOk(args)) as { items: Manifest[] };
    return items.filter(({ metadata }) => !metadata.deletionTimestamp);
  }

  private async unready(workloads: readonly Manifest[]): Promise<Unready[]> {
    const all = await this.list([...new Set(workloads.map(({ kind }) => String(kind)))].sort().join(','));
    return workloads.map(nameOf).flatMap((name) => {
      const standing = all.find((object) => nameOf(object) === name);
      if (!standing) {
        return [{ name, says: 'is not there' }];
      }
      const { spec, status, metadata } = standing;
      const wanted = status?.desiredNumberScheduled ?? spec.replicas ?? 1;
      const ready = status?.readyReplicas ?? status?.numberReady ?? 0;
      const updated = status?.updatedReplicas ?? status?.updatedNumberScheduled ?? 0;
      const pods = status?.replicas ?? wanted;
      const done = status?.observedGeneration === metadata.generation && ready >= wanted && updated >= wanted;
      return done && pods <= wanted ? [] : [{ name, says: `has ${ready} of ${wanted} pods ready`, standing }];
    });
  }

  /** What the kubelet says about the newest of a workload's pods. */
  private async reason({ spec, metadata: { namespace } }: Manifest): Promise<string> {
    const pods = await this.pods(namespace, spec.selector.matchLabels);
    const newest = pods.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp)).pop();
    if (!newest) {
      return ': there is no pod';
    }
    const events = await this.kubectlOk([
      ...['get', 'events', '-n', namespace, '-o', 'json'],
      ...['--field-selector', `involvedObject.name=${newest.metadata.name},type=Warning`],
    ]);
    const { items } = JSON.parse(events) as { items: { message?: string }[] };
    const message = items.pop()?.message?.trim() ?? `it is ${newest.status.phase}`;
    return `: ${message.split('\n')[0].slice(0, 300)}`;
  }

  private changed(distribution: Distribution, changes: readonly Change[]): Distribution {
    if (changes.length === 0) {
      return distribution;
    }
    const directory = this.cage.file(`changed-${distribution.name}-${Node.changedCount++}`);
    return distribution.changed(directory, (manifests) =>
      manifests.flatMap((manifest) => {
        const result = changes.reduce<Manifest | undefined>((m, { change }) => m && change(m), manifest);
        return result ? [result] : [];
      }),
    );
  }

  private static changedCount = 0;

  private async loadOwnImages(): Promise<void> {
    const standIn = await toolDirectory('stand-in');
    const coredns = await toolDirectory('coredns');
    const images = { [PAUSE_IMAGE]: path.join(standIn, 'pause'), [DNS_IMAGE]: path.join(coredns, 'coredns') };
    for (const [name, program] of Object.entries(images)) {
      await this.buildImage([name], async (root) => {
        const file = path.basename(program);
        await fs.promises.copyFile(program, path.join(root, file));
        return { Entrypoint: [`/${file}`] };
      });
    }
  }

  private async waitForApi(): Promise<void> {
    const ready = await poll(120, async () => {
      this.cage.requireAll();
      return (await this.isReady()) ? true : undefined;
    });
    if (!ready) {
      throw new Failure(`the node's API server is not ready: ${this.cage.logTail('kube-apiserver', 1)}`);
    }
  }

  private async startNetwork(): Promise<void> {
    const { clients, cage } = this;
    await this.kubectlOk(['apply', '--server-side', '-f', await policyEngineCrds()]);
    await established(this);
    await this.applyObjects([POLICY_ENGINE_STATE, STORAGE_CLASS, ...DNS_MANIFESTS]);
    await startServiceProxy(cage, clients.kubeProxy);
    await startPolicyEngine(cage, clients.admin);
    const faults = await this.waitReady(
      DNS_MANIFESTS.filter(({ kind }) => kind === 'Deployment'),
      120,
    );
    if (faults.length > 0) {
      throw new Failure(`the node does not run its DNS: ${faults[0]}`);
    }
  }

  private async provisionVolumes(): Promise<void> {
    while (!this.stopping) {
      await pause(2000);
      const { code, stdout } = await this.kubectl(['get', 'pvc', '-A', '-o', 'json']);
      if (code === 0) {
        const { items } = JSON.parse(stdout) as { items: Manifest[] };
        const volumes = items.filter(waitsForVolume).map((c) => volumeFor(c, this.cage.file('volumes')));
        if (volumes.length > 0) {
          await this.applyObjects(volumes);
        }
      }
    }
  }
}
