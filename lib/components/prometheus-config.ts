import { Duration, Size, Yaml } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';

/** How long Prometheus keeps samples, and where. */
export interface MetricsRetention {
  readonly storage: Size;
  readonly retention: Duration;
  /** How many samples a second are expected; none where nobody says. */
  readonly samplesPerSecond?: number;
}

/** What Prometheus' configuration is made from. */
export interface PrometheusConfigProps extends MetricsRetention {
  readonly environmentName: string;
  readonly scrapeInterval: Duration;
  /** `host:port` of the Alertmanager. */
  readonly alertmanager: string;
  readonly scrapeConfigs: readonly object[];
}

/** The part of the volume that blocks and write-ahead log may take; compaction writes new blocks before it drops old ones. */
const VOLUME_PART = 0.8;

/** What a sample takes on disk (Prometheus' manual: one to two bytes). */
const BYTES_PER_SAMPLE = 2;

/** Exemplars kept in memory, about 100 bytes each. */
const EXEMPLARS = 100_000;

/** Where its files are in the pod. */
export const PROMETHEUS_PATHS = {
  config: '/etc/prometheus/config',
  rules: '/etc/prometheus/rules',
  data: '/prometheus',
} as const;

/** The most that Prometheus keeps, in mebibytes. */
function retentionMebibytes({ storage }: MetricsRetention): number {
  return Math.floor(storage.toMebibytes() * VOLUME_PART);
}

/** Refuses a retention that does not fit into the volume. */
export function checkRetention(scope: IConstruct, props: MetricsRetention): void {
  const { retention, samplesPerSecond, storage } = props;
  if (retention.toSeconds() < 2 * 3600) {
    throw invalid(scope, `retention is ${retention.toHumanString()}; allowed: at least 2 hours, the length of a block`);
  }
  if (samplesPerSecond === undefined) {
    return;
  }
  if (!Number.isFinite(samplesPerSecond) || samplesPerSecond <= 0) {
    throw invalid(scope, `samplesPerSecond is ${samplesPerSecond}; allowed: a number above 0`);
  }
  const most = Math.floor((retentionMebibytes(props) * 2 ** 20) / BYTES_PER_SAMPLE / retention.toSeconds());
  if (samplesPerSecond > most) {
    throw invalid(
      scope,
      `samplesPerSecond is ${samplesPerSecond}, which ${storage.asString()} keep for less than ` +
        `${retention.toHumanString()}; allowed: at most ${most}, a larger volume or a shorter retention`,
    );
  }
}

/** A duration as Prometheus writes them. */
function span(duration: Duration): string {
  const seconds = duration.toSeconds();
  return seconds % 86400 === 0 ? `${seconds / 86400}d` : `${seconds}s`;
}

/** `prometheus.yaml`. */
export function prometheusConfig(props: PrometheusConfigProps): string {
  const { environmentName, retention, scrapeInterval, alertmanager, scrapeConfigs } = props;
  const interval = span(scrapeInterval);
  return Yaml.stringify({
    global: {
      scrape_interval: interval,
      evaluation_interval: interval,
      external_labels: { environment: environmentName },
    },
    storage: {
      tsdb: { retention: { time: span(retention), size: `${retentionMebibytes(props)}MB` } },
      exemplars: { max_exemplars: EXEMPLARS },
    },
    alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
    rule_files: ['../rules/*.yaml'],
    scrape_configs: scrapeConfigs,
  });
}
