import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Distribution } from '../distribution';
import { Change, Node } from '../node/node';
import { poll } from '../poll';

const NAMESPACE = 'temporal';

/** Temporal and its store, as they run on a node. */
export class WorkflowLayer {
  public constructor(
    private readonly node: Node,
    public readonly distribution: Distribution,
    private readonly changes: readonly Change[],
  ) {}

  /** The same, from other manifests. */
  public with(distribution: Distribution): WorkflowLayer {
    return new WorkflowLayer(this.node, distribution, this.changes);
  }

  public apply(): Promise<string[]> {
    return this.node.apply(this.distribution, this.changes);
  }

  /** Waits for all that runs for good. */
  public waitReady(seconds: number): Promise<string[]> {
    const workloads = this.workloads.filter(({ kind }) => kind !== 'Job');
    return this.node.waitReady(workloads, seconds);
  }

  /** Waits for the store alone. */
  public waitStore(seconds: number): Promise<string[]> {
    const stores = this.workloads.filter(({ kind }) => kind === 'StatefulSet');
    return this.node.waitReady(stores, seconds);
  }

  /** Waits until a job is done; a sentence where it is not. */
  public async waitJob(name: string, seconds: number): Promise<string[]> {
    const job = this.jobs.find(({ metadata }) => metadata.labels['app.kubernetes.io/instance'] === name)!;
    const done = await poll(seconds, async () => {
      const jobs = await this.node.list('jobs');
      const status = jobs.find(({ metadata }) => metadata.name === job.metadata.name)?.status;
      return status?.succeeded === 1 ? true : undefined;
    });
    return done ? [] : [`${name} is not done: ${await this.lastWords(name)}`];
  }

  public async deleteJobs(): Promise<void> {
    await this.node.kubectlOk(['delete', 'jobs', '-n', NAMESPACE, '--all', '--wait']);
  }

  public async deletePod(name: string, args: readonly string[]): Promise<void> {
    await this.node.kubectlOk(['delete', 'pod', '-n', NAMESPACE, name, '--wait=false', ...args]);
  }

  /** Takes the store's set and pod away. */
  public async deleteStore(): Promise<void> {
    await this.node.kubectlOk(['delete', 'statefulset', '-n', NAMESPACE, 'postgresql', '--wait']);
    await this.node.kubectlOk(['wait', 'pod', '-n', NAMESPACE, 'postgresql-0', '--for=delete', '--timeout=90s']);
  }

  /** The names of a workload's pods, the oldest first. */
  public async podsOf(name: string): Promise<string[]> {
    return (await this.running(name)).map(({ metadata }) => metadata.name as string);
  }

  /** How each container has ended that was started again. */
  public async restarts(): Promise<string[]> {
    const pods = (await this.node.list('pods')).filter(({ metadata }) => metadata.namespace === NAMESPACE);
    return pods.flatMap(({ metadata, status }) =>
      (status.containerStatuses ?? [])
        .filter(({ restartCount }: { restartCount: number }) => restartCount > 0)
        .map(({ name, lastState }: Manifest) => {
          const ended = lastState?.terminated ?? {};
          const words = String(ended.message ?? '')
            .trim()
            .split('\n')
            .pop()!;
          return `${metadata.name} container ${name} has ended with ${ended.exitCode}: ${words}`;
        }),
    );
  }

  /** `address:port` of each member, as the members have written it into the store and keep it there. */
  public async members(): Promise<string[]> {
    const query =
      "SELECT rpc_address || ':' || rpc_port FROM cluster_membership WHERE last_heartbeat > now() - interval '15 s'";
    return (await this.query(query)).split('\n').filter(Boolean).sort();
  }

  /** `address:port` of each pod that is to be a member. */
  public async expectedMembers(): Promise<string[]> {
    const services = podsOf(this.workloads).flatMap(({ metadata, spec }) => {
      const [port] = spec.containers.flatMap((c: Manifest) =>
        (c.ports ?? []).filter(({ name }: { name: string }) => name === 'tcp-membership'),
      );
      return port ? [{ name: metadata.labels['app.kubernetes.io/instance'] as string, port: port.containerPort }] : [];
    });
    const members = services.map(async ({ name, port }) =>
      (await this.running(name)).map(({ status }) => `${status.podIP}:${port}`),
    );
    return (await Promise.all(members)).flat().sort();
  }

  /** The versions of both schemas. */
  public async schema(): Promise<string> {
    const version = (database: string) => this.query('SELECT curr_version FROM schema_version', database);
    return `${(await version('temporal')).trim()} and ${(await version('temporal_visibility')).trim()}`;
  }

  /** Waits until containers have said something; the names of those that have not. */
  public async waitSaid(
    containers: readonly (readonly [workload: string, container: string])[],
    text: string,
    seconds: number,
  ): Promise<string[]> {
    let silent: string[] = [];
    await poll(seconds, async () => {
      silent = [];
      for (const [workload, container] of containers) {
        const selector = `app.kubernetes.io/instance=${workload}`;
        const args = ['logs', '-n', NAMESPACE, '-l', selector, '-c', container, '--tail=-1'];
        const { stdout } = await this.node.kubectl(args);
        silent.push(...(stdout.includes(text) ? [] : [`${workload} ${container}`]));
      }
      return silent.length === 0 ? true : undefined;
    });
    return silent;
  }

  private get workloads(): Manifest[] {
    return podsOf(this.distribution.manifests)
      .map(({ owner }) => owner)
      .filter(({ metadata }) => metadata.namespace === NAMESPACE);
  }

  private get jobs(): Manifest[] {
    return this.workloads.filter(({ kind }) => kind === 'Job');
  }

  private async running(name: string): Promise<Manifest[]> {
    const pods = await this.node.pods(NAMESPACE, { 'app.kubernetes.io/instance': name });
    return pods
      .filter(({ status }) => status.phase === 'Running')
      .sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
  }

  private query(statement: string, database = NAMESPACE): Promise<string> {
    const psql = ['psql', '-h', '/var/run/postgresql', '-U', 'postgres', '-XqtA', '-c', statement, database];
    return this.node.kubectlOk(['exec', '-n', NAMESPACE, 'postgresql-0', '-c', 'postgresql', '--', ...psql]);
  }

  private async lastWords(name: string): Promise<string> {
    const selector = `app.kubernetes.io/instance=${name}`;
    const args = ['logs', '-n', NAMESPACE, '-l', selector, '--all-containers', '--tail=3', '--prefix'];
    const { stdout, stderr } = await this.node.kubectl(args);
    return (stdout || stderr).trim().split('\n').join('; ');
  }
}
