import * as fs from 'fs';
import { Environment, KafkaMode, WmsApp, WmsPlatform } from '../../../lib';
import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Breakage } from '../breakage';
import { Distribution, readManifests } from '../distribution';
import { FORGETFUL, NEVER_DONE, SEPARATED, TOPIC_LEFT_OUT } from '../message-layer/breakages';
import { checkLosses, checkStart, checkTopicsAgain, imageOf, MessageRun, WRITER } from '../message-layer/checks';
import { loadMessageImages } from '../message-layer/images';
import { MessageLayer } from '../message-layer/layer';
import { checkExposed, proveExposed } from '../metrics/exposed';
import { Change, Node } from '../node/node';
import { loadStandIn } from '../node/stand-ins';
import { proofOf } from '../proof';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** How long a machine that has much else to do may take to start everything, in seconds; alone it takes a minute. */
const SECONDS = 900;

/** What does not start within this much, in seconds, is taken not to start. */
const PROOF_SECONDS = 45;

/** What one node of this kind does otherwise. */
const CHANGES: readonly Change[] = [
  {
    reason: 'the exporter, which is no Java program',
    change: (m) => (m.kind === 'Deployment' && m.metadata.name === 'kafka-exporter' ? undefined : m),
  },
  {
    reason: 'one node has one zone, and less to give than three',
    change: (m) => {
      for (const { spec } of podsOf([m])) {
        delete spec.affinity;
        delete spec.topologySpreadConstraints;
        for (const { resources } of spec.containers) {
          resources.requests = { ...resources.requests, cpu: '20m', memory: '64Mi' };
        }
      }
      return m;
    },
  },
];

/** Whether an object belongs to the message layer, to the service that writes, or lets Prometheus ask. */
function isNeeded({ kind, metadata }: Manifest): boolean {
  const named = (names: readonly string[]) => names.includes(metadata.name);
  switch (metadata.namespace) {
    case undefined:
      return (
        ['PriorityClass', 'StorageClass'].includes(kind) ||
        (kind === 'Namespace' && named(['kafka', WRITER.namespace, 'observability']))
      );
    case WRITER.namespace:
      return kind === 'NetworkPolicy' && named([WRITER.service, 'default-deny']);
    case 'observability':
      return kind === 'NetworkPolicy' && named(['prometheus', 'default-deny']);
    default:
      return metadata.namespace === 'kafka';
  }
}

/**
 * Three brokers and what keeps their metadata run on a real node as production's manifests say, and lose no record. Then,
 * on the same node, the checks are fed with what they must find, in development's manifests: one broker is enough for it.
 */
export async function checkMessageLayer(
  workspace: Workspace,
  production: Distribution,
  development: Distribution,
): Promise<Row[]> {
  const node = await Node.start(workspace);
  try {
    await loadStandIn(node, []);
    await loadMessageImages(node, {
      zookeeper: imageOf(production.manifests, 'zookeeper'),
      kafka: imageOf(production.manifests, 'kafka'),
    });
    const run = (distribution: Distribution, subject: string, seconds = SECONDS): MessageRun => {
      const layer = new MessageLayer(node, onlyNeeded(workspace, distribution, subject), CHANGES);
      return { node, layer, distribution, subject, seconds };
    };
    const ensemble = run(production, 'production');
    const zookeeper = { title: 'the leading ZooKeeper member', find: () => ensemble.layer.leader() };
    const rows = await checkAll({ ...ensemble, leader: zookeeper });
    if (rows.every(({ faults }) => faults.length === 0)) {
      const exposing = { node, distribution: production, part: 'message-layer', subject: 'production' };
      rows.push(await checkExposed(exposing), ...(await proveExposed(exposing, 'kafka/zookeeper')));
    }
    await ensemble.layer.remove();

    const kraft = run(synthesizeKraft(workspace), 'production, KRaft');
    const controller = { title: 'the leading controller member', find: () => kraft.layer.activeController() };
    rows.push(...(await checkAll({ ...kraft, leader: controller })));
    await kraft.layer.remove();

    const broken = (title: string, breakages: readonly Breakage[]) =>
      run(
        development.changed(workspace.file(`broken/${title}/development`), (manifests) =>
          breakages.reduce((changed, { change }) => change(changed), manifests),
        ),
        title,
        PROOF_SECONDS,
      );
    rows.push(...(await prove(broken)));
    return rows;
  } finally {
    await node.stop();
  }
}

async function checkAll(run: MessageRun): Promise<Row[]> {
  const start = await checkStart(run);
  return start.faults.length > 0 ? [start] : [start, await checkTopicsAgain(run), ...(await checkLosses(run))];
}

/** What is wrong from the beginning is found first, and then, without that, what is wrong later. */
async function prove(broken: (title: string, breakages: readonly Breakage[]) => MessageRun): Promise<Row[]> {
  const later = [TOPIC_LEFT_OUT, NEVER_DONE, FORGETFUL];
  const proof = proofOf('message-layer', 'development');
  const separated = await checkStart(broken('separated', [SEPARATED, ...later]));
  const run = { ...broken('forgetful', later), seconds: SECONDS };
  const [started, again, ...losses] = [await checkStart(run), await checkTopicsAgain(run), ...(await checkLosses(run))];
  return [
    proof(SEPARATED, separated.faults),
    proof(TOPIC_LEFT_OUT, started.faults),
    proof(NEVER_DONE, again.faults),
    proof(
      FORGETFUL,
      losses.flatMap(({ faults }) => faults),
    ),
  ];
}

/** Its files, with what is needed alone. */
function onlyNeeded(workspace: Workspace, distribution: Distribution, name: string): Distribution {
  const directory = workspace.file(`message-layer/${name}/${distribution.name}`);
  const needed = distribution.changed(directory, (manifests) => manifests.filter(isNeeded));
  needed.files.filter((file) => readManifests(file).length === 0).forEach((file) => fs.rmSync(file));
  return needed;
}

/** Production, with controllers instead of ZooKeeper. */
function synthesizeKraft(workspace: Workspace): Distribution {
  const directory = workspace.file('message-layer/kraft');
  const app = new WmsApp({ outdir: directory });
  const environment = Environment.production({ services: { registry: 'registry.example.com/wms', tag: '1.4.2' } });
  new WmsPlatform(app, 'production', { environment, kafka: { mode: KafkaMode.kraft() } });
  app.synth();
  return new Distribution('production', directory);
}
