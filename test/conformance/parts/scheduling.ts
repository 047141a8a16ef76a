import { Manifest, nameOf } from '../../manifest';
import { autoscalerOf, matches, podsOf } from '../../manifests/manifests';
import { ClusterSource } from '../cluster';
import { ControlPlane } from '../control-plane';
import { Distribution } from '../distribution';
import { poll, settled } from '../poll';
import { Row } from '../report';
import { drainNodes, loseZone } from '../simulation/drills';
import { createNodes, hasEnded, isRunning, NODES_IN_ZONE, startSimulator, ZONES } from '../simulation/nodes';
import { expectedClaims, VolumeProvisioner, volumeFaults } from '../simulation/volumes';
import { Workspace } from '../workspace';
import { applyAll, prepare } from './acceptance';

/**
 * Runs the real scheduler over simulated nodes in three zones: every pod finds a place, spread as its workload says, with
 * its volumes in its zone. Where all run, a zone is lost, and one node after another is drained.
 */
export async function checkScheduling(
  workspace: Workspace,
  source: ClusterSource<ControlPlane>,
  distribution: Distribution,
  zoneForVolume?: (node: string) => string,
): Promise<Row[]> {
  const plane = await source.open(workspace, distribution);
  const simulator = await startSimulator(workspace, plane);
  const provisioner = new VolumeProvisioner(plane, zoneForVolume);
  const { manifests } = distribution;
  const row = (check: string, figures: string, faults: readonly string[]): Row => ({
    part: 'scheduling',
    check,
    subject: `${distribution.title} on ${source.name}`,
    figures,
    faults,
  });
  try {
    await plane.startControllerManager();
    await plane.startScheduler();
    await createNodes(plane);
    await prepare(plane, distribution);
    const faults = await applyAll(plane, distribution);
    const pods = await runningPods(plane, expectedPods(manifests));
    faults.push(...placeFaults(pods, manifests));
    faults.push(...(await Promise.all([budgetFaults(plane, manifests), autoscalerFaults(plane)])).flat());
    const claims = expectedClaims(manifests);
    const rows = [
      row(`${ZONES.length} zones of ${NODES_IN_ZONE} nodes`, `${pods.filter(isRunning).length} pods run`, faults),
      row('volumes in the zones of their pods', `${claims} claims`, await volumeFaults(plane, claims, pods)),
    ];
    if (rows.every((r) => r.faults.length === 0)) {
      const loss = await loseZone(plane, manifests);
      rows.push(row('a zone is lost', loss.figures, loss.faults));
      const drain = await drainNodes(plane, manifests);
      rows.push(row('nodes are drained in turn', drain.figures, drain.faults));
    }
    return rows;
  } finally {
    await provisioner.stop();
    await workspace.kill(simulator);
    await plane.stop();
  }
}

function placeFaults(pods: readonly Manifest[], manifests: readonly Manifest[]): string[] {
  const homeless = pods.filter((pod) => !isInPlace(pod)).map((pod) => `${nameOf(pod)} does not run: ${reason(pod)}`);
  const crooked = podsOf(manifests)
    .filter(({ owner }) => ['Deployment', 'StatefulSet'].includes(owner.kind))
    .flatMap(({ owner, metadata, spec }) =>
      spreadFaults(
        owner,
        spec,
        pods.filter((pod) => isRunning(pod) && matches(metadata.labels, pod.metadata.labels)),
      ),
    );
  return [...homeless, ...crooked];
}

/** As many pods as the manifests ask for before any autoscaler has done anything. */
function expectedPods(manifests: readonly Manifest[]): number {
  return podsOf(manifests).reduce((sum, { owner }) => {
    switch (owner.kind) {
      case 'DaemonSet':
        return sum + ZONES.length * NODES_IN_ZONE;
      case 'CronJob':
        return sum;
      case 'Job':
        return sum + Math.min(owner.spec.parallelism ?? 1, owner.spec.completions ?? 1);
      default:
        return sum + Number(owner.spec.replicas ?? autoscalerOf(owner, manifests)?.spec.minReplicas ?? 1);
    }
  }, 0);
}

/** A job's pod has been there when it has ended. */
function isInPlace(pod: Manifest): boolean {
  return isRunning(pod) || hasEnded(pod);
}

function reason({ status }: Manifest): string {
  return status.conditions?.find((c: Manifest) => c.status === 'False')?.message ?? status.phase;
}

/** The pods, once all of them run or nothing moves any more. */
async function runningPods(plane: ControlPlane, expected: number): Promise<Manifest[]> {
  const list = () => plane.list('pods');
  await poll(120, async () => ((await list()).length >= expected ? true : undefined));
  await settled(
    // Longer than an autoscaler takes to look at its target again, 15 s.
    20,
    120,
    async () => (await list()).filter(isInPlace).length,
    (inPlace) => inPlace === expected,
  );
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
  await poll(20, async () => {
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
  // It says how many there are when it looks again.
  await poll(40, async () => ((await list()).every(able) ? true : undefined));
  return (await list())
    .filter((a) => !able(a))
    .map((a) => `${nameOf(a)} cannot scale: ${a.status?.conditions?.[0]?.message ?? 'it has no status'}`);
}
