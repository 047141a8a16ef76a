import { Distribution } from '../distribution';
import { NODE_BREAKAGES, NodeBreakage } from '../node/breakages';
import { checkCalls, checkWithoutPolicies } from '../node/called';
import { Node, NODE_TOOLS } from '../node/node';
import { checkRollout } from '../node/rollout';
import { reapply, runEnvironment, Running } from '../node/running';
import { checkHeld, checkStarted } from '../node/started';
import { checkVolumes } from '../node/volume-check';
import { proofOf } from '../proof';
import { Row } from '../report';
import { Task } from '../task';
import { Workspace } from '../workspace';

/** The smallest environment on a real node. */
export function nodeTasks(distributions: readonly Distribution[]): Task[] {
  return distributions
    .filter(({ name }) => name === 'development')
    .map((distribution) => ({
      title: `node: ${distribution.name}`,
      tools: NODE_TOOLS,
      run: (workspace) => checkNode(workspace, distribution),
    }));
}

/**
 * Runs an environment's pods on a real node: they start, are held as written, and reach what they are meant to reach.
 * Then, on the same node, each check is fed with what it must find: a node of its own for each would take too long.
 */
export async function checkNode(workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  const node = await Node.start(workspace);
  try {
    const running = await runEnvironment(node, distribution);
    const rows = [await checkStarted(running)];
    if (rows[0].faults.length > 0) {
      return rows;
    }
    for (const check of [checkHeld, checkCalls, checkWithoutPolicies, checkRollout]) {
      rows.push(await check(running));
    }
    rows.push(await checkVolumes(node));
    for (const breakage of NODE_BREAKAGES) {
      rows.push(await prove(running, breakage));
    }
    return rows;
  } finally {
    await node.stop();
  }
}

/** Applies a breakage for as long as its check takes: the check must say so. */
async function prove(running: Running, breakage: NodeBreakage): Promise<Row> {
  const { node, distribution } = running;
  const directory = node.file(`breakages/${breakage.title.replace(/\W+/g, '-')}`);
  const broken = distribution.changed(directory, (manifests) => breakage.change(manifests));
  const changed = await reapply(running, broken);
  const { faults } = await breakage.check(changed);
  await reapply(changed, distribution);
  return proofOf('node', distribution.name)(breakage, faults);
}
