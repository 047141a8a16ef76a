import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { Endpoint } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { invalid } from '../errors';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { named } from '../workload/labels';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { StatefulSet } from '../workload/stateful-set';
import { NOBODY } from '../workload/users';
import { configVolume } from '../workload/volumes';
import { checkRetention, prometheusConfig, PROMETHEUS_PATHS } from './prometheus-config';

/** What differs from the topology's figures for Prometheus. */
export interface PrometheusOptions {
  /**
   * The size of its volume.
   *
   * @default - the topology's 100Gi, scaled as the environment is sized
   */
  readonly storage?: Size;

  /**
   * What it asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;

  /**
   * How long it keeps samples, as far as they fit into four fifths of its volume.
   *
   * @default Duration.days(15)
   */
  readonly retention?: Duration;

  /**
   * How often it scrapes, and evaluates its rules.
   *
   * @default - every 30 seconds; every minute where the environment is sized for one machine
   */
  readonly scrapeInterval?: Duration;

  /**
   * How many samples a second it is expected to take. Where it is given, a volume too small for the retention is refused;
   * one sample takes two bytes.
   *
   * @default - nothing is checked, and the oldest samples go when the volume is full
   */
  readonly samplesPerSecond?: number;
}

/** What Prometheus is made from. */
export interface PrometheusProps {
  /** The box of the topology it is. */
  readonly box: Box;

  /** The size of its volume. */
  readonly storage: Size;

  /**
   * The StorageClass of the volume.
   *
   * @default - the cluster's default
   */
  readonly storageClassName?: string;

  /** What it asks for and may use. */
  readonly resources: Resources;

  /** How long it keeps samples. */
  readonly retention: Duration;

  /** How often it scrapes. */
  readonly scrapeInterval: Duration;

  /**
   * How many samples a second it is expected to take.
   *
   * @default - not known
   */
  readonly samplesPerSecond?: number;

  /** Where alerts go. */
  readonly alertmanager: Endpoint;

  /**
   * What it scrapes, known when everything that serves metrics is.
   *
   * @internal
   */
  readonly _scrapeConfigs: () => object[];

  /**
   * Its rules: files by their names, known when everything that serves metrics is.
   *
   * @internal
   */
  readonly _ruleFiles: () => Record<string, string>;
}

/** Reading the write-ahead log of a large server takes its time. */
const START_SECONDS = 900;

/**
 * Prometheus: scrapes every page of metrics that the platform's workloads declare, evaluates the platform's rules, and
 * takes what Tempo makes of spans. One server, as the topology has it: while its pod moves, nothing is scraped.
 */
export class Prometheus extends Construct implements IConnectable {
  /** Its one member. */
  public readonly statefulSet: StatefulSet;

  /** Where it is asked, and written to. */
  public readonly http: Endpoint;

  /** @throws on bad resources, an interval below a second, and a retention that its volume cannot meet */
  public constructor(scope: Construct, id: string, props: PrometheusProps) {
    super(scope, id);
    const { box, storage, storageClassName, scrapeInterval } = props;
    if (scrapeInterval.toMilliseconds() < 1000) {
      throw invalid(this, `scrapeInterval is ${scrapeInterval.toHumanString()}; allowed: at least a second`);
    }
    checkRetention(this, props);
    const identity = box.pods._identity;
    const name = identity.workload;
    const config = new ConfigMap(this, 'config', { name, identity });
    config.addLate(() => ({ 'prometheus.yaml': this.config(props) }));
    const rules = new ConfigMap(this, 'rules', { name: `${name}-rules`, identity });
    rules.addLate(props._ruleFiles);
    this.statefulSet = new StatefulSet(this, 'stateful-set', {
      pods: box.pods,
      ...named(identity),
      user: NOBODY,
      kubernetesApi: true,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      // It writes its newest samples to the volume before it ends.
      terminationGracePeriod: Duration.minutes(5),
      podAnnotations: { ...config.hashAnnotation, ...rules.hashAnnotation },
      volumeClaims: [{ name: 'data', size: storage, storageClassName }],
      volumes: [configVolume('config', config), configVolume('rules', rules)],
      containers: [this.container(props)],
    });
    this.http = this.statefulSet.serve(box.endpointNamed('http'));
    this.statefulSet.addMetrics(this.http);
  }

  /** Its main endpoint: `http`. */
  public get endpoint(): Peer {
    return this.http;
  }

  private config(props: PrometheusProps): string {
    const { environmentName } = clusterContext(this);
    const { alertmanager, _scrapeConfigs } = props;
    return prometheusConfig({
      ...props,
      environmentName,
      alertmanager: alertmanager.address,
      scrapeConfigs: _scrapeConfigs(),
    });
  }

  private container({ resources }: PrometheusProps) {
    const { config, rules, data } = PROMETHEUS_PATHS;
    return {
      name: 'prometheus',
      image: clusterContext(this).images.of('prometheus'),
      args: [
        `--config.file=${config}/prometheus.yaml`,
        `--storage.tsdb.path=${data}/data`,
        // For the metrics that Tempo makes of spans, with the traces they come from.
        '--web.enable-remote-write-receiver',
        '--enable-feature=exemplar-storage',
      ],
      resources,
      ports: [{ name: 'http', port: 9090 }],
      startupProbe: httpProbe('http', '/-/ready', {
        periodSeconds: 5,
        timeoutSeconds: 3,
        failureThreshold: START_SECONDS / 5,
      }),
      livenessProbe: httpProbe('http', '/-/healthy', { periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 6 }),
      readinessProbe: httpProbe('http', '/-/ready', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 }),
      volumeMounts: [
        { name: 'config', mountPath: config, readOnly: true },
        { name: 'rules', mountPath: rules, readOnly: true },
        { name: 'data', mountPath: data },
      ],
    };
  }
}
