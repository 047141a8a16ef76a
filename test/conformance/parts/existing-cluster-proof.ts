import { Manifest, nameOf } from '../../manifest';
import { ClusterSource } from '../cluster';
import { ControlPlane } from '../control-plane';
import { Distribution } from '../distribution';
import { ExistingCluster } from '../existing-cluster';
import { Row } from '../report';
import { Workspace } from '../workspace';
import { checkAcceptance } from './acceptance';

/** What a run may leave behind nowhere. */
const KINDS = ['namespace', 'priorityclass', 'storageclass', 'clusterrole', 'clusterrolebinding', 'crd', 'pv'];

/** Somebody's cluster: the manifests are accepted, nothing stays, and one where something stands is not written to. */
export async function proveExistingCluster(
  workspace: Workspace,
  source: ClusterSource<ControlPlane>,
  distribution: Distribution,
): Promise<Row[]> {
  const plane = await source.open(workspace, distribution);
  try {
    await plane.startControllerManager();
    const existing = ExistingCluster.source(plane.kubeconfig, 'conformance');
    const before = await inventory(plane);
    const rows = await checkAcceptance(workspace, existing, distribution, 'server-side');
    const after = await inventory(plane);
    const row = (check: string, faults: string[]): Row => ({
      part: 'existing cluster',
      check,
      subject: distribution.name,
      figures: '',
      faults,
    });
    const changed = [...before.filter((o) => !after.includes(o)), ...after.filter((o) => !before.includes(o))];
    return [
      ...rows,
      row(
        'is afterwards as it was before',
        changed.map((object) => `${object} is not as it was`),
      ),
      row(
        'is not written to where something stands',
        await writesWhereItMustNot(workspace, plane, existing, distribution),
      ),
    ];
  } finally {
    await plane.stop();
  }
}

async function writesWhereItMustNot(
  workspace: Workspace,
  plane: ControlPlane,
  existing: ClusterSource,
  distribution: Distribution,
): Promise<string[]> {
  await plane.create('namespace', 'kafka');
  const before = await inventory(plane);
  const said = await existing.open(workspace, distribution).then(
    () => 'nothing',
    (error: Error) => error.message,
  );
  const after = await inventory(plane);
  return [
    ...(/^nothing was written: namespace\/kafka .*there already$/.test(said) ? [] : [`it says: ${said}`]),
    ...(before.join() === after.join() ? [] : ['it was written to']),
  ];
}

async function inventory(plane: ControlPlane): Promise<string[]> {
  const objects: Manifest[] = [];
  for (const kind of KINDS) {
    objects.push(...(await plane.list(kind)));
  }
  return objects.map((o) => `${nameOf(o)} ${o.metadata.uid}`).sort();
}
