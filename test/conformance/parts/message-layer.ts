import * as fs from 'fs';
import { Environment, KafkaMode, WmsApp, WmsPlatform } from '../../../lib';
import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Distribution, readManifests } from '../distribution';
import { Failure } from '../failure';
import { loadMessageImages } from '../message-layer/images';
import { MessageLayer } from '../message-layer/layer';
import { longestWait, Records } from '../message-layer/records';
import { Change, Node } from '../node/node';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** The service in whose place records are written, and its topic, which the topology draws. */
const NAMESPACE = 'wms-platform';
const SERVICE = 'order-service';
const TOPIC = 'wms.orders.events';

/** The topology's time to be back for Kafka, in seconds. */
const RTO_SECONDS = 300;

/** How long a machine that has much else to do may take to start everything, in seconds; alone it takes a minute. */
const SECONDS = 900;

/** The broker that leads the drawing's first partition. */
const VICTIM = 'kafka-0';

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

/** Whether an object belongs to the message layer, or to the service that writes. */
function isNeeded({ kind, metadata }: Manifest): boolean {
  const named = (names: readonly string[]) => names.includes(metadata.name);
  switch (metadata.namespace) {
    case undefined:
      return ['PriorityClass', 'StorageClass'].includes(kind) || (kind === 'Namespace' && named(['kafka', NAMESPACE]));
    case NAMESPACE:
      return kind === 'NetworkPolicy' && named([SERVICE, 'default-deny']);
    default:
      return metadata.namespace === 'kafka';
  }
}

/** Three brokers and what keeps their metadata run on a real node as production's manifests say, and lose no record. */
export async function checkMessageLayer(workspace: Workspace, written: Distribution): Promise<Row[]> {
  const node = await Node.start(workspace);
  try {
    await loadMessageImages(node, {
      zookeeper: imageOf(written.manifests, 'zookeeper'),
      kafka: imageOf(written.manifests, 'kafka'),
    });
    const rows = await checkMode(workspace, node, written, 'production', 'ZooKeeper', (layer) => layer.leader());
    await new MessageLayer(node, written, CHANGES).remove();
    const kraft = synthesizeKraft(workspace);
    rows.push(
      ...(await checkMode(workspace, node, kraft, 'production, KRaft', 'controller', (layer) =>
        layer.activeController(),
      )),
    );
    return rows;
  } finally {
    await node.stop();
  }
}

async function checkMode(
  workspace: Workspace,
  node: Node,
  distribution: Distribution,
  subject: string,
  quorum: string,
  leaderOf: (layer: MessageLayer) => Promise<string>,
): Promise<Row[]> {
  const row = (check: string, figures: string, faults: readonly string[]): Row => ({
    part: 'message-layer',
    check,
    subject,
    figures,
    faults,
  });
  const layer = new MessageLayer(node, onlyNeeded(workspace, distribution, quorum), CHANGES);
  const began = Date.now();
  const [refused] = await layer.apply();
  if (refused) {
    throw new Failure(`the node takes the message layer not: ${refused}`);
  }
  const since = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const unready = await layer.waitReady(SECONDS);
  const readyAfter = since();
  const { says, faults } = await layer.waitTopics(unready.length > 0 ? 1 : SECONDS);
  const rows = [
    row('servers find each other, topics are made', `ready after ${readyAfter}, topics after ${since()}; ${says}`, [
      ...unready,
      ...faults,
      ...(unready.length + faults.length > 0 ? [] : await misplaced(layer)),
    ]),
  ];
  if (rows[0].faults.length > 0) {
    return rows;
  }
  await layer.runTopicsAgain();
  const again = await layer.waitTopics(SECONDS);
  rows.push(
    row('the job for the topics again', again.says, [
      ...again.faults,
      ...(again.says.endsWith('nothing changed') ? [] : ['it has changed something']),
    ]),
  );
  rows.push(...(await losses(node, layer, distribution, quorum, leaderOf, row)));
  return rows;
}

/** A producer writes while a broker and then the leader of the quorum are killed and come back. */
async function losses(
  node: Node,
  layer: MessageLayer,
  distribution: Distribution,
  quorum: string,
  leaderOf: (layer: MessageLayer) => Promise<string>,
  row: (check: string, figures: string, faults: readonly string[]) => Row,
): Promise<Row[]> {
  const { manifests } = distribution;
  const service = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === SERVICE)!;
  const settings = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === SERVICE)!;
  const records = new Records(node, service, imageOf(manifests, 'kafka'), TOPIC, settings.data.KAFKA_BROKERS);
  const name = quorum.toLowerCase();
  const writer = `writer-${name}`;
  if (!(await records.write(writer))) {
    return [row('a producer writes', '', ['no record is acknowledged'])];
  }
  const rows: Row[] = [];
  const victims: [string, string][] = [
    [`a broker is killed and comes back`, VICTIM],
    [`the leading ${quorum} member is killed and comes back`, await leaderOf(layer)],
  ];
  for (const [check, victim] of victims) {
    const killed = Date.now();
    await layer.kill(victim);
    // The pod is there again under its name, and then ready.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const faults = await layer.waitReady(SECONDS);
    const ready = Date.now();
    // Its partitions are led by it again after a while; meanwhile and after that, writing goes on.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const acknowledged = await records.acknowledged(writer);
    const wait = longestWait(acknowledged, killed, Date.now() - 2000);
    const figures = `${wait.toFixed(1)} s without an acknowledged write, ${victim} ready after ${((ready - killed) / 1000).toFixed(0)} s`;
    rows.push(
      row(check, figures, [
        ...faults,
        ...(wait > RTO_SECONDS ? [`it takes longer than the topology's ${RTO_SECONDS} s`] : []),
        ...(victim === VICTIM && wait < 0.5 ? ['nothing was interrupted, so nothing is proven'] : []),
      ]),
    );
  }
  const faults = await records.end(writer);
  const acknowledged = await records.acknowledged(writer);
  const read = await records.read(`reader-${name}`);
  const lost = acknowledged.filter(({ value }) => !read.has(value));
  rows.push(
    row('every acknowledged record is read back', `${acknowledged.length} acknowledged, ${read.size} read`, [
      ...faults,
      ...(lost.length > 0 ? [`${lost.length} are lost, the first is ${lost[0].value}`] : []),
    ]),
  );
  return rows;
}

/** Its files, with what is needed alone. */
function onlyNeeded(workspace: Workspace, distribution: Distribution, name: string): Distribution {
  const directory = workspace.file(`message-layer-${name}`);
  const needed = distribution.changed(directory, (manifests) => manifests.filter(isNeeded));
  needed.files.filter((file) => readManifests(file).length === 0).forEach((file) => fs.rmSync(file));
  return needed;
}

/** What is otherwise than declared among the topics, and where their replicas are. */
async function misplaced(layer: MessageLayer): Promise<string[]> {
  const declared = layer.declaredTopics;
  const there = await layer.topics();
  return [
    ...[...declared].flatMap(([name, placement]) => {
      const found = there.get(name);
      if (!found) {
        return [`there is no topic ${name}`];
      }
      return placement === '-' || placement === found ? [] : [`${name} is on ${found} instead of ${placement}`];
    }),
    ...[...there.keys()].filter((name) => !declared.has(name)).map((name) => `nobody declares the topic ${name}`),
  ];
}

function imageOf(manifests: readonly Manifest[], set: string): string {
  const found = manifests.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === set)!;
  return found.spec.template.spec.containers[0].image as string;
}

/** Production, with controllers instead of ZooKeeper. */
function synthesizeKraft(workspace: Workspace): Distribution {
  const directory = workspace.file('message-layer-kraft');
  const app = new WmsApp({ outdir: directory });
  const environment = Environment.production({ services: { registry: 'registry.example.com/wms', tag: '1.4.2' } });
  new WmsPlatform(app, 'production', { environment, kafka: { mode: KafkaMode.kraft() } });
  app.synth();
  return new Distribution('production', directory);
}
