import { Manifest } from '../../manifest';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { Node } from '../node/node';
import { pause } from '../poll';
import { Row } from '../report';
import { MessageLayer } from './layer';
import { longestWait, Records } from './records';

/** The service in whose place records are written, and its topic, which the topology draws. */
export const WRITER = { namespace: 'wms-platform', service: 'order-service', topic: 'wms.orders.events' };

/** The topology's time to be back for Kafka, in seconds. */
const RTO_SECONDS = 300;

/** The broker that leads the drawing's first partition. */
const VICTIM = 'kafka-0';

/** A message layer on a node, and what is checked of it. */
export interface MessageRun {
  readonly node: Node;
  readonly layer: MessageLayer;
  readonly distribution: Distribution;
  /** As rows name it. */
  readonly subject: string;
  /** The member that leads what keeps the brokers' metadata; nothing where there is one alone. */
  readonly leader?: { readonly title: string; readonly find: () => Promise<string> };
  /** How long anything may take, in seconds. */
  readonly seconds: number;
}

/** Servers start and find each other, and the job makes all topics, where they are declared to be. */
export async function checkStart({ layer, subject, seconds }: MessageRun): Promise<Row> {
  const began = Date.now();
  const [refused] = await layer.apply();
  if (refused) {
    throw new Failure(`the node takes the message layer not: ${refused}`);
  }
  const since = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const unready = await layer.waitReady(seconds);
  const readyAfter = since();
  const { says, faults } = await layer.waitTopics(unready.length > 0 ? 1 : seconds);
  const figures = `ready after ${readyAfter}, topics after ${since()}; ${says}`;
  const found = [...unready, ...faults];
  return row('servers find each other, topics are made', subject, figures, [
    ...found,
    ...(found.length > 0 ? [] : await misplaced(layer)),
  ]);
}

/** The job for the topics finds all as it should be. */
export async function checkTopicsAgain({ layer, subject, seconds }: MessageRun): Promise<Row> {
  await layer.runTopicsAgain();
  const { says, faults } = await layer.waitTopics(seconds);
  const changed = says.endsWith('nothing changed') ? [] : ['it has changed something'];
  return row('the job for the topics again', subject, says, [...faults, ...changed]);
}

/** A producer writes while a broker, and then the leader, are killed and come back. */
export async function checkLosses(run: MessageRun): Promise<Row[]> {
  const { node, distribution, subject, leader } = run;
  const { manifests } = distribution;
  const service = manifests.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === WRITER.service)!;
  const settings = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === WRITER.service)!;
  const image = imageOf(manifests, 'kafka');
  const records = new Records(node, service, image, WRITER.topic, settings.data.KAFKA_BROKERS);
  const name = subject.replace(/\W+/g, '-').toLowerCase();
  const writer = `writer-${name}`;
  if (!(await records.write(writer))) {
    return [row('a producer writes', subject, '', ['no record is acknowledged'])];
  }
  const rows = [await lose(run, records, writer, 'a broker', VICTIM)];
  if (leader) {
    rows.push(await lose(run, records, writer, leader.title, await leader.find()));
  }
  const faults = await records.end(writer);
  const acknowledged = await records.acknowledged(writer);
  const read = await records.read(`reader-${name}`);
  const lost = acknowledged.filter(({ value }) => !read.has(value));
  const figures = `${acknowledged.length} acknowledged, ${read.size} read`;
  rows.push(
    row('every acknowledged record is read back', subject, figures, [
      ...faults,
      ...(lost.length > 0 ? [`${lost.length} are lost, the first is ${lost[0].value}`] : []),
    ]),
  );
  return rows;
}

async function lose(run: MessageRun, records: Records, writer: string, title: string, victim: string): Promise<Row> {
  const { layer, subject, seconds } = run;
  const killed = Date.now();
  await layer.kill(victim);
  // The pod is there again under its name, and then ready.
  await pause(5000);
  const faults = await layer.waitReady(seconds);
  const ready = Date.now();
  // Its partitions are led by it again after a while; meanwhile and after that, writing goes on.
  await pause(5000);
  const acknowledged = await records.acknowledged(writer);
  const wait = longestWait(acknowledged, killed, Date.now() - 2000);
  const back = `${victim} ready after ${((ready - killed) / 1000).toFixed(0)} s`;
  return row(
    `${title} is killed and comes back`,
    subject,
    `${wait.toFixed(1)} s without an acknowledged write, ${back}`,
    [
      ...faults,
      ...(wait > RTO_SECONDS ? [`it takes longer than the topology's ${RTO_SECONDS} s`] : []),
      ...(victim === VICTIM && wait < 0.5 ? ['nothing was interrupted, so nothing is proven'] : []),
    ],
  );
}

/** The image of a set's server. */
export function imageOf(manifests: readonly Manifest[], set: string): string {
  const found = manifests.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === set)!;
  return found.spec.template.spec.containers[0].image as string;
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

function row(check: string, subject: string, figures: string, faults: readonly string[]): Row {
  return { part: 'message-layer', check, subject, figures, faults };
}
