import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { Declared, declaredBy } from '../reachability/declared';
import { Edges, readEdges } from '../reachability/edges';
import { INTERNET_PORTS, Place } from './calls';
import { Change, Node } from './node';
import { changesFor, standInImages, startOthers } from './places';
import { loadStandIn, serveOnInternet } from './stand-ins';

/** An environment that runs on a node, with pods of the stand-in for what does not run. */
export interface Running {
  readonly node: Node;
  readonly distribution: Distribution;
  readonly edges: Edges;
  readonly others: readonly Omit<Place, 'address'>[];
  /** The policies of the run's own. */
  readonly own: readonly object[];
}

/** Applies an environment and starts all pods. */
export async function runEnvironment(node: Node, distribution: Distribution): Promise<Running> {
  const { manifests } = distribution;
  const edges = readEdges(distribution.name);
  const declared: Declared = declaredBy(distribution.name);
  const changes = changesFor(manifests, declared);
  await loadStandIn(node, standInImages(manifests));
  await serveOnInternet(node, INTERNET_PORTS);
  await applyOk(node, distribution, changes);
  const { places: others, policies: own } = await startOthers(node, manifests, edges, declared);
  return { node, distribution, edges, others, own };
}

/** The same, after some of its objects have changed: only those are applied. */
export async function reapply(running: Running, distribution: Distribution): Promise<Running> {
  const before = new Set(running.distribution.manifests.map((manifest) => JSON.stringify(manifest)));
  const changed = distribution.manifests.filter((manifest) => !before.has(JSON.stringify(manifest)));
  await running.node.applyObjects(changed);
  return { ...running, distribution };
}

async function applyOk(node: Node, distribution: Distribution, changes: readonly Change[]): Promise<void> {
  const [fault] = await node.apply(distribution, changes);
  if (fault) {
    throw new Failure(`the node takes ${distribution.name} not: ${fault}`);
  }
}
