import { Manifest } from '../../manifest';
import { Node } from '../node/node';
import { poll } from '../poll';
import { WORKFLOW_IMAGE } from './images';

/** What `workflow run` tells. */
export interface Ran {
  readonly completed: number;
  readonly seconds: number;
}

/** What `workflow beat` tells. */
export interface Beaten {
  readonly completed: number;
  readonly longestPause: number;
}

/** Runs workflows as the orchestrator does: in its place, under its policy, with its address of Temporal. */
export class Workflows {
  private count = 0;

  public constructor(
    private readonly node: Node,
    private readonly orchestrator: Manifest,
  ) {}

  /** Starts the program; the answer comes when it has ended. */
  public async start(
    args: readonly string[],
  ): Promise<{ pod: string; started: (seconds: number) => Promise<boolean> }> {
    const pod = `workflow-${this.count++}`;
    const { metadata, spec } = this.orchestrator;
    await this.node.applyObjects([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: pod, namespace: metadata.namespace, labels: spec.template.metadata.labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: spec.template.spec.securityContext,
          containers: [
            {
              name: 'workflow',
              image: WORKFLOW_IMAGE,
              imagePullPolicy: 'Never',
              command: ['workflow', ...args],
              envFrom: spec.template.spec.containers[0].envFrom,
              resources: spec.template.spec.containers[0].resources,
              securityContext: spec.template.spec.containers[0].securityContext,
            },
          ],
        },
      },
    ]);
    const started = async (seconds: number) =>
      (await poll(seconds, async () => ((await this.log(pod)).includes('started') ? true : undefined))) ?? false;
    return { pod, started };
  }

  /** What the program has told in the end; nothing where it has not ended. */
  public async told<T>(pod: string, seconds: number): Promise<T | undefined> {
    return poll(seconds, async () => {
      const line = (await this.log(pod)).split('\n').find((text) => text.startsWith('{'));
      return line ? (JSON.parse(line) as T) : undefined;
    });
  }

  /** What the program has written so far. */
  public async log(pod: string): Promise<string> {
    const { stdout } = await this.node.kubectl(['logs', '-n', this.orchestrator.metadata.namespace, pod]);
    return stdout;
  }
}
