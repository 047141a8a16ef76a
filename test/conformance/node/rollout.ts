import { nameOf } from '../../manifest';
import { Row } from '../report';
import { locateRunning } from './places';
import { Running } from './running';
import { ask, Flowed } from './stand-ins';

const SERVER = 'wms-platform/labor-service';
const CLIENT = 'wms-platform/orchestrator';

/** As long as a new pod takes to be ready and an old one to go. */
const SECONDS = 25;

/** Requests flow while a service is rolled out anew: its new pods are ready and its old ones are drained, none is lost. */
export async function checkRollout({ node, distribution, edges }: Running): Promise<Row> {
  const { manifests } = distribution;
  const [namespace, name] = SERVER.split('/');
  const places = await locateRunning(node, manifests);
  const client = places.find((place) => place.name === CLIENT)!;
  const { port } = edges.arrows.find(({ from, to }) => from === CLIENT && to === SERVER)!;
  const [before] = await node.pods(namespace, places.find((place) => place.name === SERVER)!.labels);
  const flowing = ask<Flowed>(node, namespace, client.pod, [
    ...['flow', `http://${name}.${namespace}.svc.cluster.local:${port}`, String(SECONDS)],
  ]);
  await node.kubectlOk(['rollout', 'restart', '-n', namespace, `deployment/${name}`]);
  const workload = manifests.find((m) => nameOf(m) === `Deployment ${SERVER}`)!;
  const { requests, lost, why } = await flowing;
  const faults = await node.waitReady([workload], 30);
  const stays = (await node.list('pods')).some(({ metadata }) => metadata.uid === before.metadata.uid);
  return {
    part: 'node',
    check: 'a rollout loses no request',
    subject: distribution.name,
    figures: `${requests} requests`,
    faults: [
      ...faults,
      ...(lost > 0 ? [`${lost} of ${requests} requests are lost: ${why}`] : []),
      ...(stays ? [`${before.metadata.name} has not ended`] : []),
      ...(requests === 0 ? ['no request was made'] : []),
    ],
  };
}
