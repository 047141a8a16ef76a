import { Manifest, Part } from '../../manifest';
import { autoscalerOf, matches, podsOf } from '../../manifests/manifests';
import { Cluster, ClusterSource } from '../cluster';
import { Distribution } from '../distribution';
import { poll, settled } from '../poll';
import { Row } from '../report';
import { Workspace } from '../workspace';
import { applyAll, prepare } from './acceptance';

interface Workload {
  readonly owner: Manifest;
  readonly metadata: Part;
  readonly spec: Part;
}

/** A workload whose pods are counted. */
interface Counted extends Workload {
  /** The most pods it may run. */
  readonly most: number;
}

const SCALED = ['Deployment', 'StatefulSet'];

/**
 * Runs every workload at its largest, with real controllers, and then asks for one more pod of each, as a rollout does:
 * Pod Security, quota and limits let all of them in.
 */
export async function checkAdmission(
  workspace: Workspace,
  source: ClusterSource,
  distribution: Distribution,
): Promise<Row> {
  const cluster = await source.open(workspace, distribution);
  try {
    await cluster.startControllerManager();
    await prepare(cluster, distribution);
    const faults = await applyAll(cluster, distribution);
    const row = await checkAdmissionTo(cluster, source.name, distribution);
    return { ...row, faults: [...new Set([...faults, ...row.faults])] };
  } finally {
    await cluster.stop();
  }
}

/** The same where the manifests stand already, and controllers run. */
export async function checkAdmissionTo(cluster: Cluster, name: string, distribution: Distribution): Promise<Row> {
  await quotasAreKept(cluster);
  const workloads = podsOf(distribution.manifests);
  const counted = workloads.flatMap((workload) => atItsLargest(workload, distribution.manifests));
  await scale(cluster, counted);
  // A StatefulSet never has more pods than it is to have: it takes one away before it makes its successor.
  const surging = workloads.filter(({ owner }) => owner.kind !== 'StatefulSet');
  const expected = counted.reduce((sum, { most }) => sum + most, 0);
  const faults = [...(await refusedPods(cluster, counted, expected)), ...(await oneMoreOfEach(cluster, surging))];
  return {
    part: 'admission',
    check: 'Pod Security, quota and limits, namespaces full',
    subject: `${distribution.title} on ${name}`,
    figures: `${expected} pods + ${surging.length} more`,
    faults: [...new Set(faults)],
  };
}

/** What runs pods on its own, whatever nodes and time there are: no daemons, and nothing that waits for its hour. */
function atItsLargest(workload: Workload, manifests: readonly Manifest[]): Counted[] {
  const { owner } = workload;
  if (owner.kind === 'Job') {
    return [{ ...workload, most: Math.min(owner.spec.parallelism ?? 1, owner.spec.completions ?? 1) }];
  }
  const most = autoscalerOf(owner, manifests)?.spec.maxReplicas ?? owner.spec.replicas ?? 1;
  return SCALED.includes(owner.kind) ? [{ ...workload, most }] : [];
}

/** One command for all of one namespace that become equally many. */
async function scale(cluster: Cluster, counted: readonly Counted[]): Promise<void> {
  const commands = new Map<string, string[]>();
  for (const { owner, most } of counted.filter((w) => SCALED.includes(w.owner.kind))) {
    const key = `--namespace=${owner.metadata.namespace} --replicas=${most}`;
    commands.set(key, [...(commands.get(key) ?? []), `${owner.kind.toLowerCase()}/${owner.metadata.name}`]);
  }
  for (const [options, objects] of commands) {
    await cluster.kubectlOk(['scale', ...options.split(' '), ...objects]);
  }
}

/** A quota that the controllers have not counted yet refuses everything. */
async function quotasAreKept(cluster: Cluster): Promise<void> {
  await poll(60, async () => {
    const quotas = await cluster.list('resourcequota');
    return quotas.every((quota) => quota.status?.hard) ? true : undefined;
  });
}

/** Waits for the pods; those that are refused are in the events of what should have made them. */
async function refusedPods(cluster: Cluster, counted: readonly Counted[], expected: number): Promise<string[]> {
  const isOurs = (pod: Manifest) =>
    pod.status.phase !== 'Failed' &&
    counted.some(
      ({ owner, metadata }) =>
        owner.metadata.namespace === pod.metadata.namespace && matches(metadata.labels, pod.metadata.labels),
    );
  const count = async () => (await cluster.list('pods')).filter(isOurs).length;
  const made = await settled(10, 90, count, (n) => n === expected);
  if (made === expected) {
    return [];
  }
  const events = await cluster.list('events', 'reason=FailedCreate');
  const reasons = events.map(({ involvedObject: o, message }) => `${o.kind} ${o.namespace}/${o.name}: ${message}`);
  return [`${made} of ${expected} pods were made`, ...reasons.slice(0, 10)];
}

async function oneMoreOfEach(cluster: Cluster, workloads: readonly Workload[]): Promise<string[]> {
  const items = workloads.map(({ owner, metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${owner.metadata.name}-one-more`, namespace: owner.metadata.namespace },
    spec,
  }));
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const { code, stdout, stderr } = await cluster.kubectl(['create', '--dry-run=server', '-f', '-'], list);
  const faults = stderr
    .split('\n')
    .filter(Boolean)
    .map((sentence) => `one more pod is refused: ${sentence}`);
  const created = stdout.split('\n').filter(Boolean).length;
  return code !== 0 || created < items.length
    ? [...faults, `${created} of ${items.length} more pods are let in`]
    : faults;
}
