import { Manifest } from '../../manifest';
import { Node } from '../node/node';
import { pause, poll } from '../poll';

/** A record that the brokers have acknowledged. */
export interface Acknowledged {
  /** When the producer has learnt of it, in milliseconds. */
  readonly timestamp: number;
  readonly partition: number;
  readonly value: string;
}

/** Between questions, in milliseconds, so that they take less of the machine than what is asked for. */
const ASKING = 2000;

/** How many records a second, over all partitions. */
const RATE = 60;

/** A write that takes longer has failed; the topology's time to be back for Kafka is 300 s. */
const SETTINGS = ['acks=all', 'enable.idempotence=true', 'retries=2147483647', 'delivery.timeout.ms=400000'];

/** Writes and reads records as a service does: in its place, under its policy, at its address of Kafka. */
export class Records {
  public constructor(
    private readonly node: Node,
    private readonly service: Manifest,
    private readonly image: string,
    private readonly topic: string,
    private readonly address: string,
  ) {}

  /** Starts to write, and waits until it does. */
  public async write(pod: string): Promise<boolean> {
    const settings = SETTINGS.map((line) => `${line}\\n`).join('');
    const server = `--bootstrap-server ${this.address}`;
    // Keys go around, so that each partition is written to all the time.
    const how = `--topic ${this.topic} --throughput ${RATE} --repeating-keys 30 --acks -1`;
    const script = [
      `printf '${settings}' >/tmp/producer.properties`,
      `exec /opt/kafka/bin/kafka-verifiable-producer.sh ${server} ${how} --producer.config /tmp/producer.properties`,
    ];
    await this.start(pod, script.join('\n'));
    const enough = async () => {
      await pause(ASKING);
      return (await this.acknowledged(pod)).length > RATE ? true : undefined;
    };
    return (await poll(300, enough)) ?? false;
  }

  /** What has been acknowledged so far, in the order of time. */
  public async acknowledged(pod: string): Promise<Acknowledged[]> {
    const said = await this.log(pod);
    return said
      .filter((line) => line.includes('producer_send_success'))
      .map((line) => JSON.parse(line) as Acknowledged)
      .sort((a, b) => a.timestamp - b.timestamp);
  }

  /** Ends to write, when all that has been written is answered. */
  public async end(pod: string): Promise<string[]> {
    await this.node.exec(this.namespace, pod, ['bash', '-c', 'kill 1']);
    const ended = await this.waitEnded(pod);
    const errors = (await this.log(pod)).filter((line) => line.includes('producer_send_error'));
    return [
      ...(ended ? [] : ['the producer does not end']),
      ...(errors.length > 0 ? [`${errors.length} records were refused: ${errors[0]}`] : []),
    ];
  }

  /** Every record of the topic, from the first. */
  public async read(pod: string): Promise<Set<string>> {
    const tool = (name: string) => `/opt/kafka/bin/${name} --bootstrap-server ${this.address} --topic ${this.topic}`;
    const script = [
      `total=$(${tool('kafka-get-offsets.sh')} | awk -F: '{ total += $3 } END { print total }')`,
      `exec ${tool('kafka-console-consumer.sh')} --from-beginning --max-messages "$total" --timeout-ms 300000`,
    ];
    await this.start(pod, script.join('\n'));
    await this.waitEnded(pod);
    return new Set((await this.log(pod)).filter((line) => /^\d+$/.test(line)));
  }

  private get namespace(): string {
    return this.service.metadata.namespace as string;
  }

  private async start(pod: string, script: string): Promise<void> {
    const { metadata, spec } = this.service;
    const { securityContext, containers } = spec.template.spec;
    const labels = spec.template.metadata.labels;
    await this.node.applyObjects([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: pod, namespace: metadata.namespace, labels },
        spec: {
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext,
          containers: [
            {
              name: 'client',
              image: this.image,
              imagePullPolicy: 'Never',
              command: ['bash', '-c', script],
              env: [{ name: 'KAFKA_HEAP_OPTS', value: '-Xmx128m' }],
              resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
              securityContext: containers[0].securityContext,
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: {} }],
        },
      },
    ]);
  }

  private async waitEnded(pod: string): Promise<boolean> {
    const ended = await poll(300, async () => {
      await pause(ASKING);
      return ['Succeeded', 'Failed'].includes(await this.phase(pod)) ? true : undefined;
    });
    return ended ?? false;
  }

  private async phase(pod: string): Promise<string> {
    return this.node.kubectlOk(['get', 'pod', '-n', this.namespace, pod, '-o', 'jsonpath={.status.phase}']);
  }

  private async log(pod: string): Promise<string[]> {
    const { stdout } = await this.node.kubectl(['logs', '-n', this.namespace, pod]);
    return stdout.split('\n').filter(Boolean);
  }
}

/** The longest time, in seconds, that any partition waited for its next acknowledged record, from a moment to another. */
export function longestWait(records: readonly Acknowledged[], from: number, to: number): number {
  const partitions = [...new Set(records.map(({ partition }) => partition))];
  const waits = partitions.flatMap((partition) => {
    const times = records.filter((r) => r.partition === partition).map(({ timestamp }) => timestamp);
    const moments = [from, ...times.filter((time) => time > from && time < to), to];
    return moments.slice(1).map((moment, i) => moment - moments[i]);
  });
  return Math.max(0, ...waits) / 1000;
}
