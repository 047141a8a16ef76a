import { Duration, Yaml } from 'cdk8s';
import { LONGEST_LINE_BYTES } from './otel-collector-config';
import { IngestionLimits } from './telemetry-volume';

/** Where Loki has its volume. */
export const LOKI_DIRECTORY = '/loki';

/** What Loki's configuration is made from. */
export interface LokiConfigProps {
  readonly port: number;
  readonly retention: Duration;
  readonly limits: IngestionLimits;
  readonly cacheMebibytes: number;
  /** How much of the write-ahead log is held in memory while it is read after a crash. */
  readonly replayMebibytes: number;
}

/**
 * What makes a stream: few values each. All else that a line comes with is structured metadata, which is searched
 * without being an index.
 */
export const STREAM_LABELS = ['service.name', 'k8s.namespace.name', 'k8s.container.name'];

/** Any date before the first line: the schema is in force from there on. */
const SCHEMA_FROM = '2024-01-01';

const MEBIBYTE = 1024 * 1024;

/** All of Loki's parts in one process, on one volume. */
export function lokiConfig(props: LokiConfigProps): string {
  const { port, retention, limits, cacheMebibytes, replayMebibytes } = props;
  return Yaml.stringify({
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    // Its own parts reach each other inside the pod.
    server: {
      http_listen_port: port,
      grpc_listen_address: '127.0.0.1',
      log_format: 'json',
      log_level: 'info',
    },
    common: {
      instance_addr: '127.0.0.1',
      path_prefix: LOKI_DIRECTORY,
      replication_factor: 1,
      ring: { kvstore: { store: 'inmemory' } },
      storage: {
        filesystem: { chunks_directory: `${LOKI_DIRECTORY}/chunks`, rules_directory: `${LOKI_DIRECTORY}/rules` },
      },
    },
    schema_config: {
      configs: [
        {
          from: SCHEMA_FROM,
          store: 'tsdb',
          object_store: 'filesystem',
          schema: 'v13',
          index: { prefix: 'index_', period: '24h' },
        },
      ],
    },
    compactor: {
      working_directory: `${LOKI_DIRECTORY}/compactor`,
      retention_enabled: true,
      delete_request_store: 'filesystem',
    },
    distributor: { otlp_config: { default_resource_attributes_as_index_labels: STREAM_LABELS } },
    ingester: {
      chunk_encoding: 'zstd',
      wal: {
        dir: `${LOKI_DIRECTORY}/wal`,
        flush_on_shutdown: true,
        replay_memory_ceiling: `${replayMebibytes}MB`,
      },
    },
    chunk_store_config: {
      chunk_cache_config: { embedded_cache: { enabled: true, max_size_mb: cacheMebibytes } },
    },
    query_range: {
      cache_results: true,
      results_cache: { cache: { embedded_cache: { enabled: true, max_size_mb: Math.ceil(cacheMebibytes / 2) } } },
    },
    querier: { max_concurrent: 4 },
    limits_config: {
      retention_period: `${retention.toHours()}h`,
      allow_structured_metadata: true,
      ingestion_rate_strategy: 'local',
      ingestion_rate_mb: megabytes(limits.bytesPerSecond),
      ingestion_burst_size_mb: megabytes(limits.burstBytes),
      max_line_size: `${LONGEST_LINE_BYTES / 1024}KB`,
      max_line_size_truncate: true,
      // An agent that was away for some days still brings what it has not sent.
      reject_old_samples_max_age: '168h',
      volume_enabled: true,
    },
  });
}

/** In Loki's unit, which is a mebibyte, to the third digit and never above. */
function megabytes(bytes: number): number {
  return Math.floor((bytes / MEBIBYTE) * 1000) / 1000;
}
