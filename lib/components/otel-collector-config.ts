import { Duration, Yaml } from 'cdk8s';

/** Which traces are kept, decided when all spans of a trace are there. Those with an error are always kept. */
export interface TailSampling {
  /** How many of the traces without an error, that are not slow either, are kept, in per cent. */
  readonly keptPercentage: number;

  /**
   * Traces that take at least so long are kept too.
   *
   * @default Duration.millis(500)
   */
  readonly slowerThan?: Duration;
}

/** The ports of the collector's pods beside OTLP's. */
export const COLLECTOR_PORTS = { metrics: 8888, health: 13133 } as const;

/** What the gateway's configuration is made from. */
export interface GatewayConfigProps {
  readonly otlpPort: number;
  /** `host:port` of Tempo's OTLP gRPC. */
  readonly traces: string;
  /** `host:port` of Loki. */
  readonly logs: string;
  readonly memory: CollectorMemory;
  readonly sampling?: TailSampling;
}

/** Above `limitMebibytes` less `spikeMebibytes` the collector refuses what comes in, and its clients try again. */
export interface CollectorMemory {
  readonly limitMebibytes: number;
  readonly spikeMebibytes: number;
}

/** The attributes of a pod that its telemetry gets, beside those that it has. */
const POD_ATTRIBUTES = [
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.pod.uid',
  'k8s.node.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.job.name',
  'service.name',
];

/** How long a trace waits for its last span. */
const DECISION_SECONDS = 10;

/** The gateway: OTLP in, traces to Tempo, logs to Loki, both with the attributes of the pod they are from. */
export function gatewayConfig({ otlpPort, traces, logs, memory, sampling }: GatewayConfigProps): string {
  return Yaml.stringify({
    extensions: healthCheck(),
    receivers: { otlp: { protocols: { grpc: { endpoint: `0.0.0.0:${otlpPort}` } } } },
    processors: {
      memory_limiter: memoryLimiter(memory),
      k8s_attributes: {
        auth_type: 'serviceAccount',
        extract: { metadata: POD_ATTRIBUTES },
        // What the node's agent sends is from other pods than its own, which it names.
        pod_association: [
          { sources: [{ from: 'resource_attribute', name: 'k8s.pod.uid' }] },
          { sources: [{ from: 'connection' }] },
        ],
      },
      ...(sampling ? { tail_sampling: tailSampling(sampling) } : {}),
      batch: { send_batch_size: 1024, send_batch_max_size: 2048, timeout: '1s' },
    },
    exporters: {
      'otlp_grpc/tempo': { endpoint: traces, tls: { insecure: true }, ...persistence('5m') },
      'otlp_http/loki': { endpoint: `http://${logs}/otlp`, ...persistence('15m') },
    },
    service: {
      extensions: ['health_check'],
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'k8s_attributes', ...(sampling ? ['tail_sampling'] : []), 'batch'],
          exporters: ['otlp_grpc/tempo'],
        },
        logs: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'k8s_attributes', 'batch'],
          exporters: ['otlp_http/loki'],
        },
      },
      telemetry: ownTelemetry(),
    },
  });
}

/** What the configuration of a node's log agent is made from. */
export interface NodeLogAgentConfigProps {
  /** The namespaces whose pods' logs it reads. */
  readonly namespaces: readonly string[];
  /** `host:port` of the gateway. */
  readonly gateway: string;
  readonly memory: CollectorMemory;
}

/** Where the node keeps the logs of pods, and where the agent remembers how far it has read them. */
export const NODE_LOG_PATHS = { logs: '/var/log/pods', offsets: '/var/lib/wms-node-log-agent' } as const;

/** Longer lines are cut. Loki takes no longer ones. */
export const LONGEST_LINE_BYTES = 256 * 1024;

/** Where a line's JSON is while it is looked at; the line itself stays as it was written. */
const PARSED = 'attributes.parsed';

/**
 * A node's log agent: the lines of the platform's pods, with the pod they are from, their severity and their trace.
 *
 * Nothing waits in its memory: a line counts as read once the gateway has taken it.
 */
export function nodeLogAgentConfig({ namespaces, gateway, memory }: NodeLogAgentConfigProps): string {
  return Yaml.stringify({
    extensions: { ...healthCheck(), file_storage: { directory: NODE_LOG_PATHS.offsets } },
    receivers: {
      file_log: {
        // <namespace>_<pod>_<uid>/<container>/<restarts>.log
        include: namespaces.map((namespace) => `${NODE_LOG_PATHS.logs}/${namespace}_*/*/*.log`),
        include_file_path: true,
        include_file_name: false,
        // A pod's first lines, too, are written before its file is found.
        start_at: 'beginning',
        poll_interval: '1s',
        // A long line comes in parts, which may end in a space.
        preserve_trailing_whitespaces: true,
        max_log_size: LONGEST_LINE_BYTES,
        storage: 'file_storage',
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
        operators: [
          { type: 'container' },
          {
            type: 'json_parser',
            parse_to: PARSED,
            if: 'body matches "^{.*}$"',
            on_error: 'send_quiet',
          },
          {
            type: 'severity_parser',
            parse_from: `${PARSED}.level`,
            if: 'attributes?.parsed?.level != nil',
            on_error: 'send_quiet',
          },
          {
            type: 'trace_parser',
            trace_id: { parse_from: `${PARSED}.traceId` },
            span_id: { parse_from: `${PARSED}.spanId` },
            if: 'attributes?.parsed?.traceId != nil',
            on_error: 'send_quiet',
          },
          { type: 'remove', field: PARSED, if: 'attributes?.parsed != nil', on_error: 'send_quiet' },
          ...['log.file.path', 'logtag'].map((name) => ({
            type: 'remove',
            field: `attributes["${name}"]`,
            on_error: 'send_quiet',
          })),
        ],
      },
    },
    processors: { memory_limiter: memoryLimiter(memory) },
    exporters: {
      'otlp_grpc/gateway': {
        endpoint: gateway,
        tls: { insecure: true },
        sending_queue: { enabled: false },
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
      },
    },
    service: {
      extensions: ['health_check', 'file_storage'],
      pipelines: {
        logs: { receivers: ['file_log'], processors: ['memory_limiter'], exporters: ['otlp_grpc/gateway'] },
      },
      telemetry: ownTelemetry(),
    },
  });
}

function healthCheck() {
  return { health_check: { endpoint: `0.0.0.0:${COLLECTOR_PORTS.health}` } };
}

function memoryLimiter({ limitMebibytes, spikeMebibytes }: CollectorMemory) {
  return { check_interval: '1s', limit_mib: limitMebibytes, spike_limit_mib: spikeMebibytes };
}

/** What a store refuses for a while waits in memory, and is tried again. */
function persistence(longest: string) {
  return {
    sending_queue: { queue_size: 200 },
    retry_on_failure: { initial_interval: '1s', max_interval: '30s', max_elapsed_time: longest },
  };
}

function tailSampling({ keptPercentage, slowerThan = Duration.millis(500) }: TailSampling) {
  return {
    decision_wait: `${DECISION_SECONDS}s`,
    num_traces: 20_000,
    policies: [
      { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
      { name: 'slow', type: 'latency', latency: { threshold_ms: slowerThan.toMilliseconds() } },
      { name: 'rest', type: 'probabilistic', probabilistic: { sampling_percentage: keptPercentage } },
    ],
  };
}

function ownTelemetry() {
  return {
    logs: { encoding: 'json', level: 'info' },
    metrics: {
      readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port: COLLECTOR_PORTS.metrics } } } }],
    },
  };
}
