import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Distribution } from '../distribution';
import { Change, Node } from '../node/node';

const NAMESPACE = 'kafka';

/** Kafka and what keeps its metadata, as they run on a node. */
export class MessageLayer {
  public constructor(
    private readonly node: Node,
    private readonly distribution: Distribution,
    private readonly changes: readonly Change[],
  ) {}

  public apply(): Promise<string[]> {
    return this.node.apply(this.distribution, this.changes);
  }

  /** Waits for all brokers and the members of what keeps their metadata; a sentence for each set that is not ready. */
  public waitReady(seconds: number): Promise<string[]> {
    return this.node.waitReady(this.sets, seconds);
  }

  /** Waits for the job that makes the topics; what it has said in the end, or a fault. */
  public async waitTopics(seconds: number): Promise<{ says: string; faults: string[] }> {
    const args = ['wait', 'job', '-n', NAMESPACE, '--all', '--for=condition=Complete', `--timeout=${seconds}s`];
    const { code } = await this.node.kubectl(args);
    const says = lastLine(await this.log('app.kubernetes.io/instance=kafka-topics'));
    return { says, faults: code === 0 ? [] : [`the job for the topics is not done: ${says}`] };
  }

  /** The job again, as a new one. */
  public async runTopicsAgain(): Promise<void> {
    await this.node.kubectlOk(['delete', 'jobs', '-n', NAMESPACE, '--all', '--wait']);
    await this.apply();
  }

  /** The topics that the job is told to make, by name, with the brokers of each partition where they are placed. */
  public get declaredTopics(): Map<string, string> {
    const list = this.distribution.manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'kafka-topics',
    )!.data['topics.list'] as string;
    const lines = list.trim().split('\n');
    return new Map(lines.map((line) => [line.split(' ')[0], line.split(' ')[3]]));
  }

  /** The topics that are there, by name, with the brokers of each partition. */
  public async topics(): Promise<Map<string, string>> {
    const said = await this.tool('kafka-topics.sh', ['--describe', '--exclude-internal']);
    const partitions = [...said.matchAll(/^\tTopic: (\S+)\tPartition: \d+\t.*Replicas: (\S+)/gm)];
    const topics = new Map<string, string>();
    for (const [, name, replicas] of partitions) {
      const before = topics.get(name);
      topics.set(name, `${before ? `${before},` : ''}${replicas.replaceAll(',', ':')}`);
    }
    return topics;
  }

  /** The member of ZooKeeper's ensemble that leads it. */
  public async leader(): Promise<string> {
    const script = 'exec 3<>/dev/tcp/127.0.0.1/2181; echo srvr >&3; cat <&3';
    for (const name of await this.membersOf('zookeeper')) {
      if ((await this.node.exec(NAMESPACE, name, ['bash', '-c', script])).includes('Mode: leader')) {
        return name;
      }
    }
    return 'none';
  }

  /** The controller that leads the others. */
  public async activeController(): Promise<string> {
    const said = await this.tool('kafka-metadata-quorum.sh', ['describe', '--status']);
    const id = Number(/^LeaderId:\s+(\d+)/m.exec(said)?.[1]);
    return `kafka-controller-${id - 101}`;
  }

  /** Ends a pod at once, without a word to its server. */
  public async kill(pod: string): Promise<void> {
    const args = ['delete', 'pod', '-n', NAMESPACE, pod, '--wait=false', '--grace-period=0', '--force'];
    await this.node.kubectlOk(args);
  }

  /** Takes everything away, volumes too. */
  public async remove(): Promise<void> {
    // Brokers that find no ZooKeeper any more would use up all the time they have to end.
    await this.node.kubectlOk(['delete', 'statefulsets', '-n', NAMESPACE, '--all', '--cascade=orphan']);
    await this.node.kubectlOk(['delete', 'pods', '-n', NAMESPACE, '--all', '--grace-period=0', '--force']);
    await this.node.kubectlOk(['delete', 'namespace', NAMESPACE, '--wait']);
  }

  private get sets(): Manifest[] {
    return podsOf(this.distribution.manifests)
      .map(({ owner }) => owner)
      .filter(({ kind, metadata }) => kind === 'StatefulSet' && metadata.namespace === NAMESPACE);
  }

  private async membersOf(name: string): Promise<string[]> {
    const pods = await this.node.pods(NAMESPACE, { 'app.kubernetes.io/instance': name });
    return pods.map(({ metadata }) => metadata.name as string);
  }

  private tool(name: string, args: readonly string[]): Promise<string> {
    // Without the server's own heap and log; among each other, brokers may use their own port alone.
    const environment = 'KAFKA_LOG4J_OPTS= KAFKA_HEAP_OPTS=-Xmx96m';
    const command = `${environment} /opt/kafka/bin/${name} --bootstrap-server $POD_NAME.kafka-headless:9094 "$@"`;
    return this.node.exec(NAMESPACE, 'kafka-0', ['bash', '-c', command, 'bash', ...args]);
  }

  private async log(selector: string): Promise<string> {
    const { stdout } = await this.node.kubectl(['logs', '-n', NAMESPACE, '-l', selector, '--tail=20']);
    return stdout;
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').pop()!;
}
