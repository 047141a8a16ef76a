import * as fs from 'fs';
import * as path from 'path';
import { ClusterSource } from './cluster';
import { ControlPlane } from './control-plane';
import { ExistingCluster } from './existing-cluster';
import { Failure } from './failure';
import { runCommand } from './run-command';
import { KUBERNETES_VERSIONS } from './tools';
import { Workspace } from './workspace';

/** What checks run on. */
export interface Surroundings {
  readonly clusters: readonly ClusterSource[];
  /** Why a part cannot run on it, where it cannot. */
  readonly lacks: (part: string) => string | undefined;
}

/** The parts that need no cluster at all. */
const WITHOUT_CLUSTER = ['reachability', 'linters', 'waf'];

const ON_EXISTING = ['acceptance', 'admission', ...WITHOUT_CLUSTER];

/** `KUBEBUILDER_ASSETS` holds no controllers and no scheduler. */
const ON_ASSETS = ['acceptance', 'upgrade', ...WITHOUT_CLUSTER];

const ASSETS = ['etcd', 'kube-apiserver', 'kubectl'];

/** Control planes of its own, of both versions; or of the programs, or the cluster, that somebody names. */
export async function surroundingsOf(context: string | undefined): Promise<Surroundings> {
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (context !== undefined) {
    return {
      clusters: [ExistingCluster.source(process.env.KUBECONFIG, context)],
      lacks: (part) => (ON_EXISTING.includes(part) ? undefined : `${part} needs a control plane of its own`),
    };
  }
  if (assets) {
    const clusters = [ownControlPlane(await versionOf(assets))];
    const lacks = (part: string) =>
      ON_ASSETS.includes(part) ? undefined : `${part} needs more programs than KUBEBUILDER_ASSETS holds`;
    return { clusters, lacks };
  }
  return { clusters: KUBERNETES_VERSIONS.map(ownControlPlane), lacks: () => undefined };
}

/** An empty control plane of a Kubernetes version, as `1.37`. */
export function ownControlPlane(version: string): ClusterSource<ControlPlane> {
  return {
    name: `Kubernetes ${version}`,
    tools: ['etcd', `kubernetes-${version}`],
    open: (workspace: Workspace) => ControlPlane.start(workspace, version),
  };
}

async function versionOf(assets: string): Promise<string> {
  const missing = ASSETS.filter((program) => !fs.existsSync(path.join(assets, program)));
  if (missing.length > 0) {
    throw new Failure(`KUBEBUILDER_ASSETS=${assets} lacks ${missing.join(', ')}`);
  }
  const { stdout, stderr } = await runCommand(path.join(assets, 'kube-apiserver'), ['--version']);
  const version = /v(\d+\.\d+)/.exec(stdout)?.[1];
  if (!version) {
    throw new Failure(`KUBEBUILDER_ASSETS: kube-apiserver tells no version: ${(stderr || stdout).trim()}`);
  }
  return version;
}
