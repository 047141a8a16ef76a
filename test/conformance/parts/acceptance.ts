import * as path from 'path';
import { Manifest, nameOf } from '../../manifest';
import { Cluster, ClusterSource } from '../cluster';
import { installCrds } from '../crds';
import { Distribution, manifestFiles } from '../distribution';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** How manifests are applied: both ways that people use. */
const MODES = { 'server-side': ['apply', '--server-side'], 'client-side': ['apply'] } as const;

export type ApplyMode = keyof typeof MODES;

/**
 * Applies every file in order: everything is accepted without a warning, and a second time nothing changes. A guest comes
 * after what stands.
 */
export async function checkAcceptance(
  workspace: Workspace,
  source: ClusterSource,
  distribution: Distribution,
  mode: ApplyMode,
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
    return guest ? [own, await row(distribution.title, guest.manifests)] : [own];
  } finally {
    await cluster.stop();
  }
}

async function applyTwice(
  cluster: Cluster,
  directory: string,
  mode: ApplyMode,
): Promise<{ objects: number; faults: string[] }> {
  const faults = await applyFiles(cluster, manifestFiles(directory), mode);
  const before = await states(cluster, directory);
  faults.push(...(await apply(cluster, mode, directory)));
  const after = await states(cluster, directory);
  for (const [object, resourceVersion] of after) {
    if (before.get(object) !== resourceVersion) {
      faults.push(`${object} changes when it is applied a second time`);
    }
  }
  return { objects: after.size, faults: [...new Set(faults)] };
}

/** What must be there before an environment: the CRDs, and the namespaces of Argo CD and of cert-manager. */
export async function prepare(cluster: Cluster, distribution: Distribution): Promise<number> {
  const crds = await installCrds(cluster, distribution);
  for (const namespace of ['argocd', 'cert-manager']) {
    if (distribution.manifests.some(({ metadata }) => metadata.namespace === namespace)) {
      await cluster.create('namespace', namespace);
    }
  }
  return crds;
}

/** Applies every file, one after another in their order. */
export function applyAll(cluster: Cluster, distribution: Distribution, mode: ApplyMode): Promise<string[]> {
  return applyFiles(cluster, distribution.files, mode);
}

async function applyFiles(cluster: Cluster, files: readonly string[], mode: ApplyMode): Promise<string[]> {
  const faults: string[] = [];
  for (const file of files) {
    faults.push(...(await apply(cluster, mode, file)));
  }
  return faults;
}

/** Applies a file or a directory; whatever kubectl says beyond what it did is a fault. */
async function apply(cluster: Cluster, mode: ApplyMode, what: string): Promise<string[]> {
  const { code, stderr } = await cluster.kubectl([...MODES[mode], '--validate=strict', '-f', what]);
  const said = stderr.trim().split('\n').filter(Boolean);
  const faults = said.map((sentence) => `${path.basename(what)}: ${withoutValue(sentence)}`);
  return code !== 0 && faults.length === 0 ? [`${path.basename(what)}: kubectl ended with ${code}`] : faults;
}

/** An API server repeats a whole pod template where it says that it cannot be changed. */
function withoutValue(sentence: string): string {
  return sentence.replace(/: Invalid value: .*: field is immutable/, ': field is immutable');
}

/** What tells of each object whether it has changed. */
async function states(cluster: Cluster, directory: string): Promise<Map<string, string>> {
  const { stdout } = await cluster.kubectl(['get', '-f', directory, '-o', 'json', '--ignore-not-found']);
  const { items = [] } = JSON.parse(stdout || '{}') as { items?: Manifest[] };
  return new Map(items.map((o) => [nameOf(o), cluster.isAlive ? contentOf(o) : String(o.metadata.resourceVersion)]));
}

/** Without what controllers write: its status, its metadata but for the labels, and how many pods an autoscaler wants. */
function contentOf(manifest: Manifest): string {
  const { labels } = manifest.metadata;
  return JSON.stringify({ ...manifest, metadata: labels, status: null, spec: { ...manifest.spec, replicas: null } });
}
