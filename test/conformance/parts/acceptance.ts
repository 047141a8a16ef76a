import * as path from 'path';
import { Manifest, nameOf } from '../../manifest';
import { Cluster, ClusterSource } from '../cluster';
import { installCrds } from '../crds';
import { Distribution, manifestFiles, readManifests } from '../distribution';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** How manifests are applied: both ways that people use, strictly validated. */
const MODES = {
  'server-side': ['apply', '--server-side', '--validate=strict'],
  'client-side': ['apply', '--validate=strict'],
} as const;

/**
 * The same of manifests that are validated elsewhere: kubectl reads the API's whole description for each object that it
 * validates or, client-side, patches, which takes it several times as long as all else. It knows the built-in kinds itself.
 */
const BRIEFLY = {
  'server-side': ['apply', '--server-side', '--validate=ignore'],
  'client-side': ['apply', '--validate=ignore', '--openapi-patch=false'],
} as const;

export type ApplyMode = keyof typeof MODES;

/**
 * Applies every file in order: everything is accepted without a warning, and a second time nothing changes. A guest comes
 * after what stands. Another check may go on from there: a cluster with all manifests in it takes its time.
 */
export async function checkAcceptance(
  workspace: Workspace,
  source: ClusterSource,
  distribution: Distribution,
  mode: ApplyMode,
  then: (cluster: Cluster) => Promise<Row[]> = () => Promise.resolve([]),
): Promise<Row[]> {
  const cluster = await source.open(workspace, distribution);
  try {
    const crds = await prepare(cluster, distribution);
    const row = async (title: string, directory: string): Promise<Row> => {
      const { objects, faults } = await applyTwice(cluster, directory, mode);
      return {
        part: 'acceptance',
        check: `${mode} apply, twice`,
        subject: `${title} on ${source.name}`,
        figures: `${objects} objects, ${crds} CRDs`,
        faults,
      };
    };
    const own = await row(distribution.name, distribution.directory);
    const { guest } = distribution;
    const rows = guest ? [own, await row(distribution.title, guest.manifests)] : [own];
    return [...rows, ...(await then(cluster))];
  } finally {
    await cluster.stop();
  }
}

async function applyTwice(
  cluster: Cluster,
  directory: string,
  mode: ApplyMode,
): Promise<{ objects: number; faults: string[] }> {
  const faults = await applyFiles(cluster, manifestFiles(directory), MODES[mode]);
  const manifests = manifestFiles(directory).flatMap(readManifests);
  const before = await states(cluster, manifests);
  faults.push(...(await apply(cluster, BRIEFLY[mode], directory)));
  const after = await states(cluster, manifests);
  for (const object of manifests.map(nameOf).filter((name) => !after.has(name))) {
    faults.push(`${object} is not there after it was applied`);
  }
  for (const [object, resourceVersion] of after) {
    if (before.get(object) !== resourceVersion) {
      faults.push(`${object} changes when it is applied a second time`);
    }
  }
  return { objects: after.size, faults: [...new Set(faults)] };
}

/** What must be there before an environment: the CRDs, and the namespaces of Argo CD and of cert-manager. */
export async function prepare(cluster: Cluster, distribution: Pick<Distribution, 'manifests'>): Promise<number> {
  const crds = await installCrds(cluster, distribution);
  for (const namespace of ['argocd', 'cert-manager']) {
    if (distribution.manifests.some(({ metadata }) => metadata.namespace === namespace)) {
      await cluster.create('namespace', namespace);
    }
  }
  return crds;
}

/** Applies every file server-side, one after another in their order; that each field is one is acceptance's to say. */
export function applyAll(cluster: Cluster, distribution: Distribution): Promise<string[]> {
  return applyFiles(cluster, distribution.files, BRIEFLY['server-side']);
}

async function applyFiles(cluster: Cluster, files: readonly string[], how: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const file of files) {
    faults.push(...(await apply(cluster, how, file)));
  }
  return faults;
}

/** Applies a file or a directory; whatever kubectl says beyond what it did is a fault. */
async function apply(cluster: Cluster, how: readonly string[], what: string): Promise<string[]> {
  const { code, stderr } = await cluster.kubectl([...how, '-f', what]);
  const said = stderr.trim().split('\n').filter(Boolean);
  const faults = said.map((sentence) => `${path.basename(what)}: ${withoutValue(sentence)}`);
  return code !== 0 && faults.length === 0 ? [`${path.basename(what)}: kubectl ended with ${code}`] : faults;
}

/** An API server repeats a whole pod template where it says that it cannot be changed. */
function withoutValue(sentence: string): string {
  return sentence.replace(/: Invalid value: .*: field is immutable/, ': field is immutable');
}

/** What tells of each object whether it has changed. */
async function states(cluster: Cluster, manifests: readonly Manifest[]): Promise<Map<string, string>> {
  const standing = await cluster.standing(manifests);
  return new Map(standing.map((o) => [nameOf(o), cluster.isAlive ? contentOf(o) : String(o.metadata.resourceVersion)]));
}

/** Without what controllers write: its status, its metadata but for the labels, and how many pods an autoscaler wants. */
function contentOf(manifest: Manifest): string {
  const { labels } = manifest.metadata;
  return JSON.stringify({ ...manifest, metadata: labels, status: null, spec: { ...manifest.spec, replicas: null } });
}
