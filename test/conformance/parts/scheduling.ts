import { ChildProcess } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Manifest, nameOf, Part } from '../../manifest';
import { autoscalerOf, matches, podsOf } from '../../manifests/manifests';
import { ControlPlane } from '../control-plane';
import { Distribution } from '../distribution';
import { poll, settled } from '../poll';
import { Row } from '../report';
import { moduleDirectory, toolDirectory } from '../tools';
import { freePort, Workspace } from '../workspace';
import { applyAll, prepare } from './acceptance';

const ZONES = ['zone-a', 'zone-b', 'zone-c'];
const NODES_IN_ZONE = 2;

/** A node of a usual size: 8 CPU and 32 GiB, of which the system keeps a little. */
const ALLOCATABLE = { cpu: '7900m', memory: '30Gi', 'ephemeral-storage': '90Gi', pods: '110' };

/** Runs the real scheduler over simulated nodes in three zones: every pod finds a place, spread as its workload says. */
export async function checkScheduling(workspace: Workspace, version: string, distribution: Distribution): Promise<Row> {
  const plane = await ControlPlane.start(workspace, version);
  const simulator = await startSimulator(workspace, plane);
  try {
    await plane.startControllerManager();
    await plane.startScheduler();
    await plane.kubectlOk(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodes() }));
    await prepare(plane, distribution);
    const faults = await applyAll(plane, distribution, 'server-side');
    const workloads = podsOf(distribution.manifests).filter(({ owner }) => owner.kind === 'Deployment');
    const pods = await runningPods(plane, expectedPods(distribution.manifests));
    faults.push(...pods.filter((pod) => !isRunning(pod)).map((pod) => `${nameOf(pod)} does not run: ${reason(pod)}`));
    for (const { owner, metadata, spec } of workloads) {
      const own = pods.filter((pod) => isRunning(pod) && matches(metadata.labels, pod.metadata.labels));
      faults.push(...spreadFaults(owner, spec, own));
    }
    faults.push(...(await budgetFaults(plane, distribution.manifests)));
    faults.push(...(await autoscalerFaults(plane)));
    return {
      part: 'scheduling',
      check: `${ZONES.length} zones of ${NODES_IN_ZONE} nodes`,
      subject: `${distribution.name} on Kubernetes ${version}`,
      figures: `${pods.filter(isRunning).length} pods run`,
      faults,
    };
  } finally {
    await workspace.stop(simulator);
    await plane.stop();
  }
}

/** How a simulated node and its pods behave, as kwok's own module says: ready at once. */
const STAGES = [
  'node/fast/node-initialize',
  'node/heartbeat-with-lease/node-heartbeat-with-lease',
  'pod/fast/pod-ready',
  'pod/fast/pod-complete',
  'pod/fast/pod-delete',
];

async function startSimulator(workspace: Workspace, plane: ControlPlane): Promise<ChildProcess> {
  const stages = path.join(await moduleDirectory('kwok', 'sigs.k8s.io/kwok'), 'kustomize', 'stage');
  const config = STAGES.map((stage) => fs.readFileSync(path.join(stages, `${stage}.yaml`), 'utf8')).join('\n---\n');
  return workspace.start('kwok', path.join(await toolDirectory('kwok'), 'kwok'), [
    `--config=${workspace.file('kwok-stages.yaml', config)}`,
    `--kubeconfig=${plane.kubeconfig}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    `--server-address=127.0.0.1:${await freePort()}`,
  ]);
}

function nodes(): Part[] {
  return ZONES.flatMap((zone) =>
    Array.from({ length: NODES_IN_ZONE }, (_, i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: `${zone}-${i + 1}`,
        labels: {
          'kubernetes.io/hostname': `${zone}-${i + 1}`,
          'topology.kubernetes.io/zone': zone,
          'topology.kubernetes.io/region': 'region',
        },
      },
      status: { allocatable: ALLOCATABLE, capacity: ALLOCATABLE },
    })),
  );
}

/** As many pods as the manifests ask for before any autoscaler has done anything. */
function expectedPods(manifests: readonly Manifest[]): number {
  return podsOf(manifests).reduce((sum, { owner }) => {
    const autoscaler = autoscalerOf(owner, manifests);
    return sum + Number(owner.spec.replicas ?? autoscaler?.spec.minReplicas ?? 1);
  }, 0);
}

function isRunning(pod: Manifest): boolean {
  return pod.status.phase === 'Running' && Boolean(pod.spec.nodeName);
}

function reason({ status }: Manifest): string {
  return status.conditions?.find((c: Manifest) => c.status === 'False')?.message ?? status.phase;
}

/** The pods, once all of them run or nothing moves any more. */
async function runningPods(plane: ControlPlane, expected: number): Promise<Manifest[]> {
  const list = () => plane.list('pods');
  await poll(120, async () => ((await list()).length >= expected ? true : undefined));
  await settled(8, 120, async () => (await list()).filter(isRunning).length);
  return list();
}

/** The pods of one workload differ by at most its skew between zones. */
function spreadFaults(owner: Manifest, spec: Manifest, pods: readonly Manifest[]): string[] {
  const zones = (spec.topologySpreadConstraints ?? []).find(
    (c: Manifest) => c.topologyKey === 'topology.kubernetes.io/zone',
  );
  if (!zones) {
    return [];
  }
  const counts = ZONES.map((zone) => pods.filter((pod) => pod.spec.nodeName.startsWith(zone)).length);
  const skew = Math.max(...counts) - Math.min(...counts);
  return skew <= zones.maxSkew
    ? []
    : [`${nameOf(owner)} stands crooked: ${counts.join(', ')} pods in ${ZONES.join(', ')}`];
}

/** Every budget guards pods. */
async function budgetFaults(plane: ControlPlane, manifests: readonly Manifest[]): Promise<string[]> {
  const expected = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget').length;
  const list = () => plane.list('pdb');
  const guarding = (b: Manifest) => b.status?.expectedPods > 0 && b.status.currentHealthy === b.status.expectedPods;
  await poll(30, async () => {
    const budgets = await list();
    return budgets.length === expected && budgets.every(guarding) ? true : undefined;
  });
  return (await list())
    .filter((b) => !guarding(b))
    .map((b) => `${nameOf(b)} guards ${b.status?.currentHealthy ?? 0} of ${b.status?.expectedPods ?? 0} pods`);
}

/** Every autoscaler has found what it scales. */
async function autoscalerFaults(plane: ControlPlane): Promise<string[]> {
  const list = () => plane.list('hpa');
  const able = (a: Manifest) =>
    a.status?.conditions?.some((c: Manifest) => c.type === 'AbleToScale' && c.status === 'True') &&
    a.status.currentReplicas >= a.spec.minReplicas;
  await poll(30, async () => ((await list()).every(able) ? true : undefined));
  return (await list())
    .filter((a) => !able(a))
    .map((a) => `${nameOf(a)} cannot scale: ${a.status?.conditions?.[0]?.message ?? 'it has no status'}`);
}
