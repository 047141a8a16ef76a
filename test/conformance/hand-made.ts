import { Size } from 'cdk8s';
import { SSD_STORAGE_CLASS } from '../../lib/topology/storage-class';
import { Job } from '../../lib/workload/job';
import { StatefulSet } from '../../lib/workload/stateful-set';
import { Manifest, manifestsOf } from '../manifest';
import { CONTAINER, MINIMAL, testChart } from '../workload/fixtures';
import { Distribution } from './distribution';
import { Workspace } from './workspace';

const NAMESPACE: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test' } };

/** Three members with a volume each, as the library renders them, and what they need of the cluster. */
export function setWithVolumes(workspace: Workspace, production: Distribution): Distribution {
  const volume = { name: 'data', size: Size.gibibytes(100), storageClassName: SSD_STORAGE_CLASS };
  const set = new StatefulSet(testChart(), 'ledger', { ...MINIMAL, replicas: 3, volumeClaims: [volume] });
  const ofCluster = production.manifests.filter(({ kind }) => ['StorageClass', 'PriorityClass'].includes(kind));
  return handMade(workspace, 'a set with volumes', [...ofCluster, NAMESPACE, ...manifestsOf(set)]);
}

/** A job, as the library renders it. */
export function job(workspace: Workspace, title: string, command: string, name?: string): Distribution {
  const migration = new Job(testChart(), 'migration', {
    ...MINIMAL,
    containers: [{ ...CONTAINER, command: [command] }],
  });
  const named = (m: Manifest) => (m.kind === 'Job' && name ? { ...m, metadata: { ...m.metadata, name } } : m);
  return handMade(workspace, title, [NAMESPACE, ...manifestsOf(migration).map(named)]);
}

let count = 0;

function handMade(workspace: Workspace, name: string, manifests: readonly Manifest[]): Distribution {
  const directory = `hand-made-${count++}`;
  workspace.file(`${directory}/0000-test.k8s.yaml`, manifests.map((m) => JSON.stringify(m)).join('\n---\n'));
  return new Distribution(name, workspace.file(directory));
}
