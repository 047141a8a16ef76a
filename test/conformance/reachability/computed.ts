import { Manifest } from '../../manifest';
import { Workspace } from '../workspace';
import { AddressRange, parseRange, rangeName, without } from './addresses';
import { Arrow, distinct, OUTSIDE } from './arrows';
import { clusterOf, isOpen, workloadOf } from './cluster';
import { PendingBox } from './declared';
import { Edges } from './edges';
import { analyze } from './network-config-analyzer';

let count = 0;

/** Computes the arrows of manifests; those outside get the names that written arrows give them. */
export async function computedFrom(
  workspace: Workspace,
  manifests: readonly Manifest[],
  pendingBoxes: readonly PendingBox[],
  edges: Edges,
): Promise<Arrow[]> {
  const cluster = clusterOf(manifests, pendingBoxes);
  const directory = `reachability-${count++}`;
  const documents = cluster.manifests.map((m) => JSON.stringify(m));
  workspace.file(`${directory}/cluster.yaml`, documents.join('\n---\n'));
  const reaches = await analyze(workspace, workspace.file(directory));
  const arrows = reaches
    .map(({ from, to, ports }) => ({ from: workloadOf(from), to: workloadOf(to), ports }))
    .filter(({ from, to }) => !(isOpen(cluster, from) && isOpen(cluster, to)))
    .flatMap(({ from, to, ports }) => ports.map((port) => ({ from, to, port })));
  return distinct(nameOutside(arrows, edges));
}

/** Replaces addresses by those outside who have exactly them; what is left keeps its addresses. */
function nameOutside(arrows: readonly Arrow[], edges: Edges): Arrow[] {
  const groups = new Map<string, { toward: boolean; pod: string; port: string; ranges: AddressRange[] }>();
  const inside: Arrow[] = [];
  for (const arrow of arrows) {
    const toward = isAddress(arrow.to);
    const range = parseRange(toward ? arrow.to : arrow.from);
    if (range) {
      const pod = toward ? arrow.from : arrow.to;
      const key = JSON.stringify([toward, pod, arrow.port]);
      const group = groups.get(key) ?? { toward, pod, port: arrow.port, ranges: [] };
      groups.set(key, { ...group, ranges: [...group.ranges, range] });
    } else {
      inside.push(arrow);
    }
  }
  const outside = [...groups.values()].flatMap(({ toward, pod, port, ranges }) =>
    namesOf(ranges, partners(edges, toward, pod, port), edges).map((name) =>
      toward ? { from: pod, to: name, port } : { from: name, to: pod, port },
    ),
  );
  return [...inside, ...outside];
}

function isAddress(peer: string): boolean {
  return parseRange(peer) !== undefined;
}

/** Who outside is written to speak with a workload on a port. */
function partners({ arrows, outside }: Edges, toward: boolean, pod: string, port: string): string[] {
  return arrows
    .filter((arrow) => arrow.port === port && (toward ? arrow.from : arrow.to) === pod)
    .map((arrow) => (toward ? arrow.to : arrow.from))
    .filter((name) => outside.has(name));
}

function namesOf(ranges: readonly AddressRange[], candidates: readonly string[], { outside }: Edges): string[] {
  const complete = candidates.filter((name) => without(outside.get(name)!, ranges).length === 0);
  const rest = candidates.reduce((left, name) => without(left, outside.get(name)!), [...ranges]);
  const unique = [...new Set(rest.map(rangeName))];
  return [...complete, ...unique.map((name) => `${OUTSIDE}/${name}`)];
}
