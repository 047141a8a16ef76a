import { parse } from 'yaml';
import { Manifest, Part } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Distribution } from '../distribution';
import { dashboardQueries } from '../metrics/dashboards';
import { asksNodes, jobOf, jobsOf } from '../metrics/targets';
import { Change, Node } from '../node/node';
import { pause, poll } from '../poll';
import { PROGRAM, TELEMETRY_IMAGE } from './images';

const NAMESPACE = 'observability';

/** What runs; the others of the layer have no program here, or are proven elsewhere. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  [NAMESPACE]: ['otel-collector', 'prometheus', 'tempo', 'loki'],
  'node-log-agent': ['node-log-agent'],
};

/** The pod that asks in Grafana's place. */
const READER = 'grafana-conformance';

const INSTANCE = 'app.kubernetes.io/instance';

/** What one node of this kind does otherwise. */
const CHANGES: readonly Change[] = [
  {
    reason: 'what is no part of the way of traces, logs and metrics',
    change: (m) => {
      const [pod] = podsOf([m]);
      const instance = String(pod?.metadata.labels?.[INSTANCE]);
      return pod && !RUNS[m.metadata.namespace as string]?.includes(instance) ? undefined : m;
    },
  },
];

/** A service that has told of something it did: every signal has its name, and is of its trace. */
export interface Sender {
  readonly name: string;
  readonly trace: string;
}

/** A target of Prometheus. */
export interface Target {
  readonly scrapePool: string;
  readonly health: string;
  readonly scrapeUrl: string;
  readonly lastError: string;
}

/** Traces, logs and metrics of an environment, as they go their way on a node. */
export class TelemetryLayer {
  public constructor(
    private readonly node: Node,
    private readonly distribution: Distribution,
  ) {}

  /** The same, from other manifests. */
  public with(distribution: Distribution): TelemetryLayer {
    return new TelemetryLayer(this.node, distribution);
  }

  /** Applies it, and waits until it is ready; a sentence for what is refused or not ready. */
  public async start(seconds: number): Promise<string[]> {
    const refused = await this.node.apply(this.distribution, CHANGES);
    return refused.length > 0 ? refused : this.node.waitReady(this.workloads, seconds);
  }

  /** Applies it, and has some workloads' pods read their files anew. */
  public async restart(names: readonly string[], seconds: number): Promise<void> {
    await this.node.apply(this.distribution, CHANGES);
    const changed = this.workloads.filter(({ metadata }) => names.includes(metadata.name as string));
    for (const { kind, metadata } of changed) {
      const name = `${kind.toLowerCase()}/${metadata.name}`;
      await this.node.kubectlOk(['rollout', 'restart', '-n', metadata.namespace as string, name]);
    }
    await this.node.waitReady(changed, seconds);
  }

  /**
   * Has a pod in order-service's place tell of something, under its policy, at the address that it is told. Like a service,
   * which waits for requests, it does so once it is known: of a pod that the API server has no address of yet, the collector
   * knows nothing.
   */
  public async send({ name, trace }: Sender): Promise<void> {
    const { metadata, spec } = this.named('Deployment', 'order-service');
    const namespace = metadata.namespace as string;
    const [container] = spec.template.spec.containers;
    const metrics = this.portOfMetrics(`${namespace}/order-service`);
    const port = container.ports.find((p: Part) => p.name === metrics);
    await this.node.applyObjects([
      this.pod({ ...metadata, labels: spec.template.metadata.labels }, name, spec.template.spec, {
        args: ['serve', name, trace, String(port.containerPort)],
        ports: [port],
        envFrom: container.envFrom,
      }),
    ]);
    await this.node.kubectlOk(['wait', 'pod', '-n', namespace, name, '--for=condition=Ready', '--timeout=60s']);
    await pause(3000);
    await this.node.exec(namespace, name, [PROGRAM, 'ask', `http://127.0.0.1:${port.containerPort}/send`]);
  }

  /** Starts a pod in Grafana's place. */
  public async startReader(): Promise<string[]> {
    const { metadata, spec } = this.named('Deployment', 'grafana');
    const pod = this.pod({ ...metadata, labels: spec.template.metadata.labels }, READER, spec.template.spec, {
      args: ['wait'],
    });
    await this.node.applyObjects([pod]);
    const running = await poll(60, async () => {
      const pods = await this.node.pods(NAMESPACE, spec.selector.matchLabels);
      return pods.some(({ status }) => status.phase === 'Running') ? true : undefined;
    });
    return running ? [] : [`${READER} does not run`];
  }

  /** What a store answers in Grafana's place, at the address that Grafana is given; nothing where it does not answer. */
  public async ask<T>(source: string, path: string, query: Record<string, string> = {}): Promise<T | undefined> {
    const parameters = new URLSearchParams(query).toString();
    const url = `${this.sourceNamed(source).url}${path}${parameters && `?${parameters}`}`;
    const command = ['exec', '-n', NAMESPACE, READER, '--', PROGRAM, 'ask', url];
    const { code, stdout } = await this.node.kubectl(command);
    return code === 0 ? (JSON.parse(stdout) as T) : undefined;
  }

  /** What the dashboards ask Loki. */
  public get logQueries(): string[] {
    return dashboardQueries(this.distribution, 'loki').map(({ query }) => query);
  }

  /** Where Grafana looks for the trace of an exemplar. */
  public get exemplarLabels(): string[] {
    const { exemplarTraceIdDestinations } = this.sourceNamed('Prometheus').jsonData;
    return exemplarTraceIdDestinations.map(({ name }: Part) => name as string);
  }

  /** The names of all metrics that Prometheus has. */
  public async metricNames(): Promise<readonly string[]> {
    const answer = await this.ask<{ data: string[] }>('Prometheus', '/api/v1/label/__name__/values');
    return answer?.data ?? [];
  }

  /** The jobs of Prometheus that have somebody to ask here. */
  public get jobs(): string[] {
    const pods = this.workloads.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    return jobsOf(this.distribution)
      .filter((job) => asksNodes(job) || pods.includes(job.job_name))
      .map(({ job_name }) => job_name);
  }

  /** The last words of everybody on the way. */
  public async lastWords(): Promise<string> {
    const said = await Promise.all(
      this.workloads.map(async ({ kind, metadata }) => {
        const name = `${kind.toLowerCase()}/${metadata.name}`;
        const args = ['logs', '-n', metadata.namespace as string, name, '--tail=2'];
        const { stdout, stderr } = await this.node.kubectl(args);
        return `${name}: ${(stdout || stderr).trim().slice(0, 400)}`;
      }),
    );
    return said.join('; ');
  }

  private get workloads(): Manifest[] {
    return podsOf(this.distribution.manifests)
      .map(({ owner }) => owner)
      .filter((owner) => CHANGES.every(({ change }) => change(owner)));
  }

  /** The name of the port that a job asks. */
  private portOfMetrics(job: string): string | undefined {
    const rules = jobOf(this.distribution, job).relabel_configs;
    return rules.find((rule) => rule.source_labels?.includes('__meta_kubernetes_pod_container_port_name'))?.regex;
  }

  private sourceNamed(name: string): Part {
    const { datasources } = parse(this.named('ConfigMap', 'grafana').data['datasources.yaml']);
    return datasources.find((source: Part) => source.name === name);
  }

  private named(kind: string, name: string): Manifest {
    return this.distribution.manifests.find((m) => m.kind === kind && m.metadata.name === name)!;
  }

  private pod({ namespace, labels }: Part, name: string, spec: Part, container: Part): object {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        restartPolicy: 'OnFailure',
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 1,
        securityContext: spec.securityContext,
        containers: [
          {
            name: spec.containers[0].name,
            image: TELEMETRY_IMAGE,
            imagePullPolicy: 'Never',
            resources: spec.containers[0].resources,
            securityContext: spec.containers[0].securityContext,
            ...container,
          },
        ],
      },
    };
  }
}
