import { Manifest, nameOf, Part } from '../../manifest';
import { matches, podsOf, sameNamespace } from '../../manifests/manifests';
import { Cluster } from '../cluster';
import { pause, settled } from '../poll';
import { hasEnded, isRunning, nodesOf, ZONES, zoneOf } from './nodes';

/** A workload whose pods a disruption budget guards. */
interface Guarded {
  readonly owner: Manifest;
  readonly labels: Record<string, string>;
}

/** What a drill was about, and what it has found. */
export interface Drill {
  readonly figures: string;
  readonly faults: readonly string[];
}

/** How long the drain of one node may take. */
const DRAIN_SECONDS = 120;

/**
 * A zone is lost: its pods are gone at once, without asking any budget. Whichever zone it is, what a budget guards keeps
 * enough pods in the others; one zone is then really lost, the others' pods keep running, and when it is back, all do.
 */
export async function loseZone(cluster: Cluster, manifests: readonly Manifest[]): Promise<Drill> {
  const guarded = guardedWorkloads(manifests);
  const pods = await livingPods(cluster);
  const faults = ZONES.flatMap((zone) => guarded.flatMap((g) => lossFaults(g, pods, zone)));
  const [lost] = ZONES;
  await cluster.kubectlOk(['cordon', ...nodesOf(lost)]);
  await deletePods(
    cluster,
    pods.filter((pod) => pod.spec.nodeName && zoneOf(pod.spec.nodeName) === lost),
  );
  const left = new Map((await livingPods(cluster)).map((pod) => [pod.metadata.uid, pod]));
  const elsewhere = pods.filter((pod) => isRunning(pod) && zoneOf(pod.spec.nodeName) !== lost);
  const fallen = elsewhere.filter((pod) => !isRunning(left.get(pod.metadata.uid) ?? { ...pod, status: {} }));
  faults.push(...fallen.map((pod) => `${nameOf(pod)} no longer runs, though its zone is not the lost ${lost}`));
  await cluster.kubectlOk(['uncordon', ...nodesOf(lost)]);
  faults.push(...(await notRunningAgain(cluster, pods.length, `${lost} is back`)));
  return { figures: `${guarded.length} workloads with a budget`, faults };
}

/** One node after another is drained: every drain ends, and meanwhile no budget is broken. */
export async function drainNodes(cluster: Cluster, manifests: readonly Manifest[]): Promise<Drill> {
  const nodes = ZONES.flatMap(nodesOf);
  const faults: string[] = [];
  let moved = 0;
  for (const node of nodes) {
    const before = await livingPods(cluster);
    moved += before.filter((pod) => pod.spec.nodeName === node && !isDaemon(pod)).length;
    faults.push(...(await drain(cluster, node)));
    await cluster.kubectlOk(['uncordon', node]);
    faults.push(...(await notRunningAgain(cluster, before.length, `${node} was drained`)));
    if (faults.length > 0) {
      break;
    }
  }
  const guarded = guardedWorkloads(manifests).length;
  return { figures: `${nodes.length} nodes, ${moved} pods moved, ${guarded} budgets`, faults };
}

async function drain(cluster: Cluster, node: string): Promise<string[]> {
  const args = ['--ignore-daemonsets', '--delete-emptydir-data', `--timeout=${DRAIN_SECONDS}s`];
  let ended = false;
  const draining = cluster.kubectl(['drain', node, ...args]).finally(() => (ended = true));
  const broken = new Set<string>();
  while (!ended) {
    const budgets = await cluster.list('pdb');
    budgets
      .filter(({ status }) => status?.currentHealthy < status?.desiredHealthy)
      .forEach((b) => broken.add(`${nameOf(b)} is broken while ${node} is drained`));
    await pause(500);
  }
  const { code, stderr } = await draining;
  const errors = stderr.split('\n').filter((line) => line.startsWith('error'));
  const why = errors.find((line) => line.includes('disruption budget')) ?? errors.pop();
  return [
    ...broken,
    ...(code === 0 ? [] : [`the drain of ${node} does not end in ${DRAIN_SECONDS} s: ${why ?? stderr.trim()}`]),
  ];
}

function isDaemon({ metadata }: Manifest): boolean {
  return metadata.ownerReferences?.some(({ kind }: Part) => kind === 'DaemonSet');
}

function guardedWorkloads(manifests: readonly Manifest[]): Guarded[] {
  const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
  return podsOf(manifests)
    .filter(({ owner }) => ['Deployment', 'StatefulSet'].includes(owner.kind))
    .filter(({ owner, metadata }) =>
      budgets.some((b) => sameNamespace(b, owner) && matches(b.spec.selector.matchLabels, metadata.labels)),
    )
    .map(({ owner, metadata }) => ({ owner, labels: metadata.labels }));
}

/** Members of a set elect a leader by more than half; of a Deployment, one pod serves. Two members elect nobody. */
function lossFaults({ owner, labels }: Guarded, pods: readonly Manifest[], zone: string): string[] {
  const own = pods.filter((pod) => sameNamespace(pod, owner) && isRunning(pod) && matches(labels, pod.metadata.labels));
  const kept = own.filter((pod) => zoneOf(pod.spec.nodeName) !== zone).length;
  const needed = owner.kind === 'StatefulSet' && own.length > 2 ? Math.floor(own.length / 2) + 1 : 1;
  return kept >= needed ? [] : [`${nameOf(owner)} keeps ${kept} of ${own.length} pods where ${zone} is lost`];
}

/** A job's pod that has ended does not come again. */
async function livingPods(cluster: Cluster): Promise<Manifest[]> {
  return (await cluster.list('pods')).filter((pod) => !hasEnded(pod));
}

async function deletePods(cluster: Cluster, pods: readonly Manifest[]): Promise<void> {
  for (const namespace of new Set(pods.map(({ metadata }) => String(metadata.namespace)))) {
    const names = pods.filter(({ metadata }) => metadata.namespace === namespace).map((p) => String(p.metadata.name));
    await cluster.kubectlOk(['delete', 'pods', '-n', namespace, '--force', '--grace-period=0', ...names]);
  }
}

async function notRunningAgain(cluster: Cluster, expected: number, when: string): Promise<string[]> {
  const isWhole = (pods: readonly string[]) => pods.length >= expected && pods.every((name) => name === '');
  const waiting = async () => (await livingPods(cluster)).map((pod) => (isRunning(pod) ? '' : nameOf(pod)));
  const names = await settled(15, 60, waiting, isWhole);
  const missing = expected - names.length;
  return [
    ...names.filter(Boolean).map((name) => `${name} does not run again after ${when}`),
    ...(missing > 0 ? [`${missing} pods are missing after ${when}`] : []),
  ];
}
