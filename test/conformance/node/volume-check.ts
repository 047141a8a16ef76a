import { Manifest } from '../../manifest';
import { poll } from '../poll';
import { Row } from '../report';
import { Node } from './node';
import { STAND_IN_IMAGE } from './stand-ins';

const NAMESPACE = 'volumes';

/** A pod of the run's own finds what an earlier one has written to the same claim, as another user of the same group. */
export async function checkVolumes(node: Node): Promise<Row> {
  await node.applyObjects([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: NAMESPACE },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } },
    },
  ]);
  const first = await keep(node, 'first', 1000, 'written by the first');
  const second = await keep(node, 'second', 1001, 'written by the second');
  const wanted = 'written by the first';
  return {
    part: 'node',
    check: 'volumes outlive their pods',
    subject: "a claim of the run's own",
    figures: '2 pods',
    faults: [first, second].filter((said) => said !== wanted).map((said) => `'${said}' instead of '${wanted}'`),
  };
}

/** Runs a pod that writes to a volume what is not there yet, and tells what is there then. */
async function keep(node: Node, name: string, user: number, text: string): Promise<string> {
  await node.applyObjects([
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        securityContext: { runAsNonRoot: true, runAsUser: user, runAsGroup: user, fsGroup: 2000 },
        containers: [
          {
            name: 'keep',
            image: STAND_IN_IMAGE,
            imagePullPolicy: 'Never',
            command: ['stand-in', 'keep', '/data/kept', text],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
      },
    },
  ]);
  const get = ['get', 'pod', '-n', NAMESPACE, name, '-o', 'json'];
  const ended = await poll(60, async () => {
    const { status } = JSON.parse(await node.kubectlOk(get)) as Manifest;
    return ['Succeeded', 'Failed'].includes(status.phase) ? true : undefined;
  });
  const said = ended ? await node.kubectlOk(['logs', '-n', NAMESPACE, name]) : 'it does not end';
  await node.kubectlOk(['delete', 'pod', '-n', NAMESPACE, name]);
  return said.trim();
}
