import { Duration, Yaml } from 'cdk8s';
import { IngestionLimits } from './telemetry-volume';

/** Where Tempo has its volume. */
export const TEMPO_DIRECTORY = '/var/tempo';

/** What Tempo's configuration is made from. */
export interface TempoConfigProps {
  readonly port: number;
  readonly otlpPort: number;
  readonly retention: Duration;
  readonly limits: IngestionLimits;
  /** Where Prometheus takes metrics. */
  readonly remoteWrite: string;
}

/** What spans are counted by, beside service, name, kind and status. Each has few values. */
const SPAN_METRICS_DIMENSIONS = ['k8s.namespace.name'];

/** The most time series that are made of spans. */
const MOST_SERIES = 50_000;

const ONE_PROCESS = { kvstore: { store: 'inmemory' } };

/** All of Tempo's parts in one process, on one volume. */
export function tempoConfig({ port, otlpPort, retention, limits, remoteWrite }: TempoConfigProps): string {
  return Yaml.stringify({
    usage_report: { reporting_enabled: false },
    stream_over_http_enabled: true,
    // Its own parts reach each other inside the pod.
    server: {
      http_listen_port: port,
      grpc_listen_address: '127.0.0.1',
      log_format: 'json',
      log_level: 'info',
    },
    distributor: {
      receivers: { otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${otlpPort}` } } } },
      ring: { ...ONE_PROCESS, instance_addr: '127.0.0.1' },
      // Without it, the collector takes a refusal for final.
      retry_after_on_resource_exhausted: '5s',
    },
    ingester: { lifecycler: { ring: ONE_PROCESS, address: '127.0.0.1' } },
    compactor: {
      // Nobody else will join its ring, and Tempo is not ready as long as it waits for that: a minute.
      ring: { ...ONE_PROCESS, instance_addr: '127.0.0.1', wait_stability_min_duration: '0s' },
      compaction: { block_retention: `${retention.toHours()}h`, compacted_block_retention: '10m' },
    },
    metrics_generator: {
      ring: { ...ONE_PROCESS, instance_addr: '127.0.0.1' },
      registry: { external_labels: { source: 'tempo' } },
      processor: {
        span_metrics: { dimensions: SPAN_METRICS_DIMENSIONS },
        service_graphs: { max_items: 10_000 },
      },
      storage: {
        path: `${TEMPO_DIRECTORY}/generator/wal`,
        remote_write: [{ url: remoteWrite, send_exemplars: true }],
      },
    },
    storage: {
      trace: {
        backend: 'local',
        wal: { path: `${TEMPO_DIRECTORY}/wal` },
        local: { path: `${TEMPO_DIRECTORY}/blocks` },
      },
    },
    overrides: {
      defaults: {
        ingestion: {
          rate_strategy: 'local',
          rate_limit_bytes: limits.bytesPerSecond,
          burst_size_bytes: limits.burstBytes,
        },
        metrics_generator: {
          processors: ['service-graphs', 'span-metrics'],
          max_active_series: MOST_SERIES,
        },
      },
    },
  });
}
