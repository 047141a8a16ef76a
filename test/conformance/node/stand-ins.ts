import * as fs from 'fs';
import * as path from 'path';
import { Manifest, Part } from '../../manifest';
import { Failure } from '../failure';
import { poll } from '../poll';
import { toolDirectory } from '../tools';
import { Node } from './node';

/** The image of stand-ins for boxes that do not run here. */
export const STAND_IN_IMAGE = 'conformance.invalid/stand-in:1';

/** The services' own images, which no registry serves. */
const SERVICE_IMAGE = /^docker\.io\/wms\/[a-z-]+:/;

/** Whether an image is one that a stand-in runs from. */
export function hasStandIn(image: string): boolean {
  return SERVICE_IMAGE.test(image);
}

/** Loads the stand-in under the names of the images that it stands in for. */
export async function loadStandIn(node: Node, images: readonly string[]): Promise<void> {
  const program = path.join(await toolDirectory('stand-in'), 'stand-in');
  await node.buildImage([STAND_IN_IMAGE, ...images], async (root) => {
    for (const directory of ['bin', 'app', 'tmp']) {
      fs.mkdirSync(path.join(root, directory));
    }
    await fs.promises.copyFile(program, path.join(root, 'bin', 'stand-in'));
    for (const name of ['app/api', 'app/worker', 'bin/sleep']) {
      fs.symlinkSync('/bin/stand-in', path.join(root, name));
    }
    // Everybody may write here, so that only a read-only root keeps a program from it.
    fs.chmodSync(path.join(root, 'app'), 0o777);
    return { Entrypoint: ['/app/api'], Env: ['PATH=/bin'] };
  });
}

/** A pod of the stand-in that answers on some ports under its name, or on none. */
export function standInPod(
  namespace: string,
  name: string,
  labels: Record<string, string>,
  ports: readonly Part[],
): Manifest {
  const numbers = ports.map(({ containerPort }) => String(containerPort));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'stand-in',
          image: STAND_IN_IMAGE,
          imagePullPolicy: 'Never',
          command: ['stand-in', 'serve', name, ...numbers],
          ports,
          // Little enough that many fit beside what is written.
          resources: {
            requests: { cpu: '1m', memory: '8Mi', 'ephemeral-storage': '1Mi' },
            limits: { cpu: '100m', memory: '64Mi', 'ephemeral-storage': '16Mi' },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}

/** What became of one call. */
export interface Reached {
  readonly target: string;
  readonly reached: boolean;
  /** Who answered, or why nobody did. */
  readonly says: string;
}

/** What a program in a pod may do. */
export interface Looked {
  readonly status: Record<string, string>;
  readonly writable: readonly string[];
  readonly token: boolean;
}

/** What became of many calls, one after another. */
export interface Flowed {
  readonly requests: number;
  readonly lost: number;
  readonly why: string;
}

/** Has the stand-in in a pod do something; where its container is being started again, once it is back. */
export async function ask<T>(node: Node, namespace: string, pod: string, args: readonly string[]): Promise<T> {
  const command = ['exec', '-n', namespace, pod, '--', 'stand-in', ...args];
  const answer = await poll(30, async () => {
    const { code, stdout, stderr } = await node.kubectl(command);
    return code !== 0 && stderr.includes('container not found') ? undefined : { code, stdout, stderr };
  });
  if (answer?.code !== 0) {
    throw new Failure(`${namespace}/${pod} does not answer to ${args[0]}: ${answer?.stderr.trim() ?? 'it has ended'}`);
  }
  return JSON.parse(answer.stdout) as T;
}

/** Has the host that stands for the internet call some targets. */
export async function askFromInternet(node: Node, targets: readonly string[]): Promise<Reached[]> {
  const program = path.join(await toolDirectory('stand-in'), 'stand-in');
  return JSON.parse(await node.fromInternet([program, 'reach', ...targets])) as Reached[];
}

/** Starts a server on the host that stands for the internet. */
export async function serveOnInternet(node: Node, ports: readonly number[]): Promise<void> {
  const program = path.join(await toolDirectory('stand-in'), 'stand-in');
  node.startOnInternet('internet', [program, 'serve', 'internet', ...ports.map(String)]);
}
