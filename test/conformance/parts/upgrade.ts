import * as fs from 'fs';
import * as path from 'path';
import { Manifest, nameOf } from '../../manifest';
import { ClusterSource } from '../cluster';
import { Distribution } from '../distribution';
import { runCommand } from '../run-command';
import { Row } from '../report';
import { Workspace } from '../workspace';
import { applyAll, prepare } from './acceptance';

/** A state of the repository that environments may stand in. */
export interface Release {
  /** What people call it: a tag, or a commit's short hash. */
  readonly name: string;
  readonly commit: string;
}

/** Every release tag, and the last commit whose manifests differ from the present ones. */
export async function earlierReleases(distribution: Distribution): Promise<Release[]> {
  const git = async (...args: string[]) =>
    (await runCommand('git', args, { cwd: distribution.directory })).stdout.split('\n').filter(Boolean);
  const tags = (await git('tag', '--list', 'v*')).map((name) => ({ name, commit: name }));
  for (const commit of await git('log', '--format=%H', '--', '.')) {
    const { code } = await runCommand('git', ['diff', '--quiet', commit, '--', '.'], { cwd: distribution.directory });
    if (code !== 0) {
      return [...tags, { name: commit.slice(0, 8), commit }];
    }
  }
  return tags;
}

/** The manifests of an earlier release. */
export async function distributionOf(
  workspace: Workspace,
  { name, commit }: Release,
  { name: environment, directory }: Distribution,
): Promise<Distribution> {
  const target = workspace.file(`releases/${name}/${environment}`);
  const show = async (...args: string[]) => (await runCommand('git', args, { cwd: directory })).stdout;
  fs.mkdirSync(target, { recursive: true });
  for (const file of (await show('ls-tree', '--name-only', commit, './')).split('\n').filter(Boolean)) {
    fs.writeFileSync(path.join(target, path.basename(file)), await show('show', `${commit}:./${path.basename(file)}`));
  }
  return new Distribution(environment, target);
}

/**
 * Applies what stands, then what shall: every change is one that the API server can make. What is the same in both is left
 * out, as it is no change: acceptance applies it a second time.
 */
export async function checkUpgrade(
  workspace: Workspace,
  source: ClusterSource,
  from: string,
  before: Distribution,
  after: Distribution,
): Promise<Row> {
  const [old, present] = [before.manifests, after.manifests];
  const directory = workspace.file(`upgrades/${count++}`);
  const standing = before.changed(`${directory}/before`, (own) => differing(own, present));
  const wanted = after.changed(`${directory}/after`, (own) => differing(own, old));
  const cluster = await source.open(workspace, after);
  try {
    await prepare(cluster, { manifests: [...standing.manifests, ...wanted.manifests] });
    const said = await applyAll(cluster, standing);
    const faults = await applyAll(cluster, wanted);
    const removed = removedObjects(old, present);
    return {
      part: 'upgrade',
      check: `from ${from}`,
      subject: `${after.name} on ${source.name}`,
      figures: `${removed.length} removed${removed.length > 0 ? `: ${removed.slice(0, 3).join(', ')}…` : ''}`,
      faults: faults.filter((fault) => !said.includes(fault)),
    };
  } finally {
    await cluster.stop();
  }
}

let count = 0;

/** What is not the same among others, and the namespaces that it may be in. */
export function differing(manifests: readonly Manifest[], others: readonly Manifest[]): Manifest[] {
  const same = new Set(others.map((manifest) => JSON.stringify(manifest)));
  return manifests.filter((manifest) => manifest.kind === 'Namespace' || !same.has(JSON.stringify(manifest)));
}

/** What stands and is no longer wanted: Argo CD prunes it, with kubectl it is deleted by hand. */
export function removedObjects(before: readonly Manifest[], after: readonly Manifest[]): string[] {
  const kept = new Set(after.map(nameOf));
  return before.map(nameOf).filter((name) => !kept.has(name));
}
