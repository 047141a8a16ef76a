import { Environment, TemporalOptions, WmsApp, WmsPlatform } from '../../../lib';
import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Breakage } from '../breakage';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { checkExposed, proveExposed } from '../metrics/exposed';
import { Change, Node } from '../node/node';
import { loadStandIn } from '../node/stand-ins';
import { proofOf } from '../proof';
import { Row } from '../report';
import { FORGETFUL, SEPARATED, WRONG_ADDRESS } from '../workflow-layer/breakages';
import { loadWorkflowImages, WorkflowImages } from '../workflow-layer/images';
import { WorkflowLayer } from '../workflow-layer/layer';
import { Beaten, Ran, Workflows } from '../workflow-layer/workflows';
import { Workspace } from '../workspace';

const NAMESPACE = 'temporal';

const SUBJECT = 'development, two members each';

/** Development has one member of each service; so that one can be lost, here are two, which share its connections. */
const TWO = { replicas: 2 };
const MEMBERS: TemporalOptions = {
  frontend: TWO,
  history: TWO,
  matching: TWO,
  worker: TWO,
  connections: { main: 3, visibility: 2 },
};

const SHARDS = 8;

/** The topology's time to be back for Temporal, in seconds. */
const RTO_SECONDS = 15 * 60;

/** How long, in seconds, workflows may take to start and to end, and pods to be ready again. */
const PATIENCE = { start: 90, end: RTO_SECONDS / 10, ready: 120 };

/** What has not happened within this is taken not to happen. */
const BRIEF = { start: 15, end: 1, ready: 1 };

/** Of Temporal's servers that find no cluster in the store, all but the first to write it down end, and start again. */
const FIRST_START = /failed to initialize current cluster metadata\.?$/;

/** Temporal and PostgreSQL run on a real node as development's manifests say, and workflows run on them. */
export async function checkWorkflowLayer(workspace: Workspace): Promise<Row[]> {
  const distribution = synthesize(workspace, 'members', MEMBERS);
  const node = await Node.start(workspace);
  try {
    const version = await loadWorkflowImages(node, imagesOf(distribution.manifests));
    await loadStandIn(node, []);
    const layer = new WorkflowLayer(node, distribution, CHANGES);
    const orchestrator = distribution.manifests.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'orchestrator',
    )!;
    const workflows = new Workflows(node, orchestrator);
    const began = Date.now();
    const rows = [await firstApply(layer, version)];
    if (rows[0].faults.length > 0) {
      return rows;
    }
    const seconds = (Date.now() - began) / 1000;
    rows[0] = { ...rows[0], figures: `${rows[0].figures}, ${seconds.toFixed(0)} s after the apply` };
    rows.push(await oneCluster(layer));
    rows.push(await secondApply(layer));
    rows.push(await historyLost(layer, workflows));
    rows.push(await storeLost(layer, workflows, 'killed', ['--grace-period=0', '--force']));
    rows.push(await storeLost(layer, workflows, 'drained', []));
    const exposing = { node, distribution, part: 'workflow-layer', subject: SUBJECT };
    rows.push(await checkExposed(exposing), ...(await proveExposed(exposing, 'temporal/temporal-history')));
    rows.push(await otherShards(workspace, layer, workflows));
    rows.push(...(await prove(workspace, layer, workflows)));
    return rows;
  } finally {
    await node.stop();
  }
}

/** What one node of this kind does otherwise. */
const CHANGES: readonly Change[] = [
  {
    reason: 'what is no part of the workflow layer',
    change: (m) => (podsOf([m]).length > 0 && m.metadata.namespace !== NAMESPACE ? undefined : m),
  },
  {
    reason: 'the exporter, whose module cannot be had',
    change: (m) => {
      const containers = m.kind === 'StatefulSet' ? m.spec.template.spec.containers : [];
      const exporter = containers.findIndex(({ name }: { name: string }) => name === 'exporter');
      if (exporter >= 0) {
        containers.splice(exporter, 1);
      }
      return m;
    },
  },
];

function synthesize(workspace: Workspace, name: string, temporal: TemporalOptions): Distribution {
  const directory = workspace.file(`workflow-layer-${name}`);
  const app = new WmsApp({ outdir: directory });
  new WmsPlatform(app, 'development', { environment: Environment.development(), temporal });
  app.synth();
  return new Distribution('development', directory);
}

function imagesOf(manifests: readonly Manifest[]): WorkflowImages {
  const image = (workload: string, container: string): string => {
    const pod = podsOf(manifests).find(({ metadata }) => metadata.labels['app.kubernetes.io/instance'] === workload)!;
    return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(
      (c: { name: string }) => c.name === container,
    ).image as string;
  };
  return {
    postgresql: image('postgresql', 'postgresql'),
    server: image('temporal-frontend', 'frontend'),
    tools: image('temporal-namespace', 'register'),
    ui: image('temporal-ui', 'ui'),
  };
}

function row(check: string, figures: string, faults: readonly string[]): Row {
  return { part: 'workflow-layer', check, subject: SUBJECT, figures, faults };
}

async function firstApply(layer: WorkflowLayer, version: string): Promise<Row> {
  const [refused] = await layer.apply();
  if (refused) {
    throw new Failure(`the node takes the workflow layer not: ${refused}`);
  }
  const faults = [...(await layer.waitJob('temporal-schema', 240)), ...(await layer.waitReady(240))];
  faults.push(...(faults.length > 0 ? [] : await layer.waitJob('temporal-namespace', 120)));
  const restarts = await layer.restarts();
  return row('an empty store: schema, four services, namespace', `PostgreSQL ${version}, ${restarts.length} restarts`, [
    ...faults,
    // What waits for something says so; it does not end and start again.
    ...restarts.filter((restart) => !FIRST_START.test(restart)),
  ]);
}

async function oneCluster(layer: WorkflowLayer): Promise<Row> {
  const members = await layer.members();
  const expected = await layer.expectedMembers();
  const figures = `${members.length} members`;
  const same = JSON.stringify(members) === JSON.stringify(expected);
  const faults = same ? [] : [`its members are ${members.join(', ')} instead of ${expected.join(', ')}`];
  return row('four services form one cluster', figures, faults);
}

async function secondApply(layer: WorkflowLayer): Promise<Row> {
  const before = await layer.schema();
  await layer.deleteJobs();
  const [refused] = await layer.apply();
  const faults = [
    ...(refused ? [refused] : []),
    ...(await layer.waitJob('temporal-schema', 120)),
    ...(await layer.waitJob('temporal-namespace', 120)),
  ];
  const after = await layer.schema();
  const changed = before === after ? [] : [`the schema was ${before} and is ${after}`];
  return row('a store in use: both jobs again', after, [...faults, ...changed]);
}

async function historyLost(layer: WorkflowLayer, workflows: Workflows, patience = PATIENCE): Promise<Row> {
  const count = 20;
  const { pod, started } = await workflows.start(['run', `${count}`, '8']);
  if (!(await started(patience.start))) {
    return row('workflows complete while a history pod is killed', '', [`none starts: ${await workflows.log(pod)}`]);
  }
  const [victim] = await layer.podsOf('temporal-history');
  await layer.deletePod(victim, ['--grace-period=0', '--force']);
  const ran = await workflows.told<Ran>(pod, 180);
  const figures = `${ran?.completed ?? 0} of ${count} workflows in ${ran?.seconds.toFixed(0) ?? '?'} s`;
  const faults = ran?.completed === count ? [] : [`not all complete: ${await workflows.log(pod)}`];
  return row('workflows complete while a history pod is killed', figures, [
    ...faults,
    ...(await layer.waitReady(patience.ready)),
  ]);
}

async function storeLost(
  layer: WorkflowLayer,
  workflows: Workflows,
  how: string,
  args: string[],
  patience = PATIENCE,
): Promise<Row> {
  const seconds = 30;
  const { pod, started } = await workflows.start(['beat', `${seconds}`]);
  await started(patience.start);
  await layer.deletePod('postgresql-0', args);
  const beaten = await workflows.told<Beaten>(pod, seconds + patience.end);
  const pause = beaten?.longestPause ?? Infinity;
  return row(`PostgreSQL's pod is ${how}: workflows wait`, `${pause.toFixed(1)} s without a completed workflow`, [
    ...(pause > RTO_SECONDS ? [`it takes longer than the topology's ${RTO_SECONDS} s`] : []),
    ...(pause < 0.5 ? ['nothing was interrupted, so nothing is proven'] : []),
    ...(await layer.waitReady(patience.ready)),
  ]);
}

/** Another number of shards is refused, by the job and by new servers; those that run go on. */
async function otherShards(workspace: Workspace, layer: WorkflowLayer, workflows: Workflows): Promise<Row> {
  const other = layer.with(synthesize(workspace, 'shards', { ...MEMBERS, historyShards: SHARDS }));
  await other.apply();
  const says = `history shards are ${SHARDS}, but the store has 4; allowed: 4 as long as the store lives`;
  const silent = await other.waitSaid(
    [
      ['temporal-schema', 'check-shards'],
      ['temporal-history', 'await-schema'],
    ],
    says,
    120,
  );
  const { pod } = await workflows.start(['run', '1', '1']);
  const ran = await workflows.told<Ran>(pod, 120);
  return row('another number of history shards is refused', '', [
    ...silent.map((name) => `${name} does not say '${says}'`),
    ...(ran?.completed === 1 ? [] : ['the servers that run do no work any more']),
  ]);
}

/** Feeds the checks with what they must find, one thing after another, each for as long as its check takes. */
async function prove(workspace: Workspace, layer: WorkflowLayer, workflows: Workflows): Promise<Row[]> {
  const proof = proofOf('workflow-layer', SUBJECT);
  const broken = async (breakage: Breakage, before: () => Promise<void> = () => Promise.resolve()) => {
    const directory = workspace.file(`workflow-layer/${breakage.title.replace(/\W+/g, '-')}/development`);
    const changed = layer.with(layer.distribution.changed(directory, (manifests) => breakage.change(manifests)));
    await before();
    await changed.apply();
    return changed;
  };
  const elsewhere = await broken(WRONG_ADDRESS);
  await elsewhere.waitReady(120);
  const rows = [proof(WRONG_ADDRESS, (await oneCluster(elsewhere)).faults)];

  await broken(SEPARATED);
  rows.push(proof(SEPARATED, (await historyLost(layer, workflows, BRIEF)).faults));

  // A set's volumes cannot be changed, so it is another one.
  const forgetful = await broken(FORGETFUL, () => layer.deleteStore());
  await forgetful.waitStore(90);
  rows.push(proof(FORGETFUL, (await storeLost(forgetful, workflows, 'killed', [], BRIEF)).faults));
  return rows;
}
