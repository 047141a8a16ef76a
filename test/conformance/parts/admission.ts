import { Manifest, nameOf } from '../../manifest';
import { autoscalerOf, podsOf } from '../../manifests/manifests';
import { ControlPlane } from '../control-plane';
import { Distribution } from '../distribution';
import { poll, settled } from '../poll';
import { Row } from '../report';
import { Workspace } from '../workspace';
import { applyAll, prepare } from './acceptance';

interface Workload {
  readonly owner: Manifest;
  readonly metadata: Manifest;
  readonly spec: Manifest;
  /** The most pods it may run. */
  readonly most: number;
}

/**
 * Runs every workload at its largest, with real controllers, and then asks for one more pod of each, as a rollout does:
 * Pod Security, quota and limits let all of them in.
 */
export async function checkAdmission(workspace: Workspace, version: string, distribution: Distribution): Promise<Row> {
  const plane = await ControlPlane.start(workspace, version);
  try {
    await plane.startControllerManager();
    await prepare(plane, distribution);
    const faults = await applyAll(plane, distribution, 'server-side');
    await quotasAreKept(plane);
    const workloads = workloadsOf(distribution.manifests);
    for (const { owner, most } of workloads) {
      await plane.kubectlOk([
        'scale',
        owner.kind,
        owner.metadata.name,
        '-n',
        owner.metadata.namespace,
        `--replicas=${most}`,
      ]);
    }
    const expected = workloads.reduce((sum, { most }) => sum + most, 0);
    faults.push(...(await refusedPods(plane, expected)));
    for (const workload of workloads) {
      faults.push(...(await oneMore(plane, workload)));
    }
    return {
      part: 'admission',
      check: 'Pod Security, quota and limits, namespaces full',
      subject: `${distribution.name} on Kubernetes ${version}`,
      figures: `${expected} pods + ${workloads.length} more`,
      faults: [...new Set(faults)],
    };
  } finally {
    await plane.stop();
  }
}

function workloadsOf(manifests: readonly Manifest[]): Workload[] {
  return podsOf(manifests)
    .filter(({ owner }) => ['Deployment', 'StatefulSet'].includes(owner.kind))
    .map(({ owner, metadata, spec }) => {
      const autoscaler = autoscalerOf(owner, manifests);
      return { owner, metadata, spec, most: autoscaler?.spec.maxReplicas ?? owner.spec.replicas ?? 1 };
    });
}

/** A quota that the controllers have not counted yet refuses everything. */
async function quotasAreKept(plane: ControlPlane): Promise<void> {
  await poll(60, async () => {
    const quotas = await plane.list('resourcequota');
    return quotas.every((quota) => quota.status?.hard) ? true : undefined;
  });
}

/** Waits for the pods; those that are refused are in the events of what should have made them. */
async function refusedPods(plane: ControlPlane, expected: number): Promise<string[]> {
  const count = async () => (await plane.list('pods')).length;
  const made = await settled(10, 90, count);
  if (made === expected) {
    return [];
  }
  const events = await plane.list('events', '--field-selector', 'reason=FailedCreate');
  const reasons = events.map(({ involvedObject: o, message }) => `${o.kind} ${o.namespace}/${o.name}: ${message}`);
  return [`${made} of ${expected} pods were made`, ...reasons.slice(0, 10)];
}

async function oneMore(plane: ControlPlane, { owner, metadata, spec }: Workload): Promise<string[]> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${owner.metadata.name}-one-more`, namespace: owner.metadata.namespace },
    spec,
  };
  const { code, stderr } = await plane.kubectl(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod));
  return code === 0 && !stderr ? [] : [`${nameOf(owner)}: one more pod is refused: ${stderr.trim()}`];
}
