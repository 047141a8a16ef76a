import { ChildProcess } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { parse, stringify } from 'yaml';
import { Manifest, Part } from '../../manifest';
import { Cluster } from '../cluster';
import { moduleDirectory, toolDirectory } from '../tools';
import { freePort, Workspace } from '../workspace';

export const ZONES = ['zone-a', 'zone-b', 'zone-c'];
export const NODES_IN_ZONE = 2;

export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** A node of a usual size: 8 CPU and 32 GiB, of which the system keeps a little. */
const ALLOCATABLE = { cpu: '7900m', memory: '30Gi', 'ephemeral-storage': '90Gi', pods: '110' };

/** How long a pod takes to end. */
const END_MILLISECONDS = 1000;

const DELETE = 'pod/fast/pod-delete';

/**
 * How a simulated node and its pods behave, as kwok's own module says: ready at once. A pod takes a moment to end: where its
 * successor of the same name is there before the controller of budgets has seen it end, that takes the new pod for the
 * evicted one for two minutes.
 */
const STAGES = [
  'node/fast/node-initialize',
  'node/heartbeat-with-lease/node-heartbeat-with-lease',
  'pod/fast/pod-ready',
  'pod/fast/pod-complete',
  DELETE,
];

/** Starts what plays the nodes' kubelets. */
export async function startSimulator(workspace: Workspace, cluster: Cluster): Promise<ChildProcess> {
  const stages = path.join(await moduleDirectory('kwok', 'sigs.k8s.io/kwok'), 'kustomize', 'stage');
  const documents = STAGES.map((name) => {
    const stage: Part = parse(fs.readFileSync(path.join(stages, `${name}.yaml`), 'utf8'));
    return name === DELETE
      ? { ...stage, spec: { ...stage.spec, delay: { durationMilliseconds: END_MILLISECONDS } } }
      : stage;
  });
  const config = documents.map((stage) => stringify(stage)).join('---\n');
  return workspace.start('kwok', path.join(await toolDirectory('kwok'), 'kwok'), [
    `--config=${workspace.file('kwok-stages.yaml', config)}`,
    `--kubeconfig=${cluster.kubeconfig}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    `--server-address=127.0.0.1:${await freePort()}`,
  ]);
}

/** Creates the nodes of all zones. */
export async function createNodes(cluster: Cluster): Promise<void> {
  const items = ZONES.flatMap((zone) => nodesOf(zone).map((name) => node(name, zone)));
  await cluster.kubectlOk(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

/** The names of a zone's nodes. */
export function nodesOf(zone: string): string[] {
  return Array.from({ length: NODES_IN_ZONE }, (_, i) => `${zone}-${i + 1}`);
}

/** The zone of a node. */
export function zoneOf(nodeName: string): string {
  return nodeName.slice(0, nodeName.lastIndexOf('-'));
}

/** Whether a pod runs on a node. */
export function isRunning(pod: Manifest): boolean {
  return pod.status.phase === 'Running' && Boolean(pod.spec.nodeName);
}

/** Whether a pod has done its work. */
export function hasEnded(pod: Manifest): boolean {
  return pod.status.phase === 'Succeeded';
}

function node(name: string, zone: string): Part {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        [ZONE_LABEL]: zone,
        'topology.kubernetes.io/region': 'region',
      },
    },
    status: { allocatable: ALLOCATABLE, capacity: ALLOCATABLE },
  };
}
