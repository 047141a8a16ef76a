import { CERTIFICATE_ENDS } from '../../lib/rules/ingress';
import { NAMESPACES } from '../../lib/topology/namespaces';
import { SERVICES, ServiceTopology } from '../../lib/topology/services';
import { Board, Panel, Query, Row } from './board';

const RATE = '[$__rate_interval]';

const panel = (title: string, unit: string, ...queries: Query[]): Panel => ({ title, unit, queries });
const figure = (title: string, unit: string, expression: string): Panel => ({
  title,
  unit,
  queries: [[expression, '']],
  figure: true,
});
const quantile = (part: number, metric: string, by: string, matchers = '') =>
  `histogram_quantile(${part}, sum by (${by}le) (rate(${metric}_bucket{${matchers}}${RATE})))`;

/** What the kubelet knows of the pods of a namespace. */
function pods(namespace: string, pod = '.*'): Row {
  const matchers = `namespace="${namespace}", pod=~"${pod}", container!=""`;
  return {
    title: 'Pods',
    panels: [
      panel('CPU', 'short', [`sum by (pod) (rate(container_cpu_usage_seconds_total{${matchers}}${RATE}))`, '{{pod}}']),
      panel('Memory', 'bytes', [`sum by (pod) (container_memory_working_set_bytes{${matchers}})`, '{{pod}}']),
      panel('Restarts in an hour', 'short', [
        `sum by (pod) (increase(kube_pod_container_status_restarts_total{namespace="${namespace}", pod=~"${pod}"}[1h]))`,
        '{{pod}}',
      ]),
    ],
  };
}

const errorLines = (selector: string) => `{${selector}} | detected_level=~"error|fatal|critical|warn"`;

const NAMESPACE_NAMES = Object.values(NAMESPACES)
  .map(({ name }) => name)
  .join('|');

const OVERVIEW: Board = {
  name: 'platform-overview',
  title: 'WMS / Platform overview',
  description: 'Whether the platform works: requests, errors, backlogs, and what is not up.',
  rows: [
    {
      title: 'Now',
      panels: [
        figure('Requests', 'reqps', `sum(rate(wms_http_requests_total[5m]))`),
        figure(
          'Errors',
          'percentunit',
          `sum(rate(wms_http_requests_total{status=~"5.."}[5m])) / sum(rate(wms_http_requests_total[5m]))`,
        ),
        figure('Targets that are down', 'short', 'count(up == 0) or vector(0)'),
        figure('Events waiting to be published', 'short', 'sum(wms_outbox_events_pending)'),
      ],
    },
    {
      title: 'Services',
      panels: [
        panel('Requests', 'reqps', [`sum by (service) (rate(wms_http_requests_total${RATE}))`, '{{service}}']),
        panel('Errors', 'reqps', [
          `sum by (service) (rate(wms_http_requests_total{status=~"5.."}${RATE}))`,
          '{{service}}',
        ]),
        panel('Slowest hundredth', 's', [
          quantile(0.99, 'wms_http_request_duration_seconds', 'service, '),
          '{{service}}',
        ]),
      ],
    },
    {
      title: 'Business',
      panels: [
        panel('Orders created', 'ops', [`sum by (priority) (rate(wms_orders_created_total${RATE}))`, '{{priority}}']),
        panel('Items picked', 'ops', [`sum by (zone) (rate(wms_items_picked_total${RATE}))`, '{{zone}}']),
        panel('Packages shipped', 'ops', [`sum by (carrier) (rate(wms_packages_shipped_total${RATE}))`, '{{carrier}}']),
      ],
    },
    {
      title: 'Cluster',
      panels: [
        panel('Pods that do not run', 'short', [
          `sum by (namespace) (kube_pod_status_phase{namespace=~"${NAMESPACE_NAMES}", phase=~"Pending|Unknown|Failed"})`,
          '{{namespace}}',
        ]),
        panel('Volumes used', 'percentunit', [
          '1 - kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes',
          '{{namespace}}/{{persistentvolumeclaim}}',
        ]),
        panel('Telemetry refused', 'ops', [
          'sum by (exporter) (rate({__name__=~"otelcol_exporter_send_failed_(spans|log_records)"}[5m]))',
          '{{exporter}}',
        ]),
      ],
    },
    {
      title: 'Logs',
      panels: [{ title: 'Warnings and errors', logs: errorLines('k8s_namespace_name="wms-platform"') }],
    },
  ],
};

/** The one template of all services. */
function serviceBoard({ name, database, temporal, worker }: ServiceTopology): Board {
  const own = `service="${name}"`;
  const sum = (metric: string, by: string, matchers = '') =>
    `sum by (${by}) (rate(${metric}{${own}${matchers}}${RATE}))`;
  return {
    name,
    title: `WMS / Service / ${name}`,
    description: `Requests, events, workflows, pods and logs of ${name}.`,
    rows: [
      {
        title: 'Requests',
        panels: [
          panel('By status', 'reqps', [sum('wms_http_requests_total', 'status'), '{{status}}']),
          panel(
            'Duration',
            's',
            [quantile(0.5, 'wms_http_request_duration_seconds', '', own), 'half'],
            [quantile(0.99, 'wms_http_request_duration_seconds', '', own), 'slowest hundredth'],
          ),
          panel('Errors by path', 'reqps', [
            sum('wms_http_requests_total', 'method, path', ', status=~"5.."'),
            '{{method}} {{path}}',
          ]),
          panel('Under way', 'short', [`sum(wms_http_requests_in_flight{${own}})`, 'requests']),
        ],
      },
      ...(database
        ? [
            {
              title: 'Events and database',
              panels: [
                panel('Published', 'ops', [
                  sum('wms_kafka_events_published_total', 'topic, status'),
                  '{{topic}} {{status}}',
                ]),
                panel('Waiting to be published', 'short', [`max(wms_outbox_events_pending{${own}})`, 'events']),
                panel('Not published', 'ops', [sum('wms_outbox_events_failed_total', 'event_type'), '{{event_type}}']),
                panel('Slowest hundredth of operations', 's', [
                  quantile(0.99, 'wms_mongodb_operation_duration_seconds', 'operation, ', own),
                  '{{operation}}',
                ]),
              ],
            },
          ]
        : []),
      ...(temporal || worker
        ? [
            {
              title: 'Workflows',
              panels: [
                panel('Completed', 'ops', [
                  sum('wms_temporal_workflows_completed_total', 'workflow_type, status'),
                  '{{workflow_type}} {{status}}',
                ]),
                panel('Activities completed', 'ops', [
                  sum('wms_temporal_activities_completed_total', 'activity_type, status'),
                  '{{activity_type}} {{status}}',
                ]),
                panel('Circuit breakers (2 is open)', 'short', [
                  `max by (name) (wms_circuit_breaker_state{${own}})`,
                  '{{name}}',
                ]),
              ],
            },
          ]
        : []),
      {
        title: 'As traces see it',
        panels: [
          panel('Calls', 'reqps', [
            `sum by (span_name) (rate(traces_spanmetrics_calls_total{${own}, span_kind="SPAN_KIND_SERVER"}${RATE}))`,
            '{{span_name}}',
          ]),
          panel('Slowest hundredth', 's', [
            quantile(0.99, 'traces_spanmetrics_latency', 'span_name, ', `${own}, span_kind="SPAN_KIND_SERVER"`),
            '{{span_name}}',
          ]),
          panel('Calls to others', 'reqps', [
            `sum by (server) (rate(traces_service_graph_request_total{client="${name}"}${RATE}))`,
            '{{server}}',
          ]),
        ],
      },
      pods(NAMESPACES.wmsPlatform.name, `${name}-.*`),
      { title: 'Logs', panels: [{ title: 'Lines', logs: `{service_name=~"${name}(-worker)?"}` }] },
    ],
  };
}

const MONGODB: Board = {
  name: 'mongodb',
  title: 'WMS / MongoDB',
  description: 'The replica set: its members, its load, how far secondaries are behind.',
  rows: [
    {
      title: 'Members',
      panels: [
        panel('Up', 'short', ['mongodb_up{job="mongodb/mongodb"}', '{{pod}}']),
        panel('State (1 is primary, 2 secondary)', 'short', [
          'max by (member_idx) (mongodb_rs_members_state)',
          '{{member_idx}}',
        ]),
        panel('Healthy', 'short', ['max by (member_idx) (mongodb_rs_members_health)', '{{member_idx}}']),
      ],
    },
    {
      title: 'Load',
      panels: [
        panel('Connections', 'short', ['sum by (pod, conn_type) (mongodb_ss_connections)', '{{pod}} {{conn_type}}']),
        panel('Operations', 'ops', [
          `sum by (legacy_op_type) (rate(mongodb_ss_opcounters${RATE}))`,
          '{{legacy_op_type}}',
        ]),
        panel(
          'Cache',
          'bytes',
          ['mongodb_ss_wt_cache_bytes_currently_in_the_cache', '{{pod}} used'],
          ['mongodb_ss_wt_cache_maximum_bytes_configured', '{{pod}} of'],
        ),
      ],
    },
    pods(NAMESPACES.mongodb.name),
    {
      title: 'Logs',
      panels: [{ title: 'Lines', logs: '{k8s_namespace_name="mongodb", k8s_container_name="mongodb"}' }],
    },
  ],
};

const KAFKA: Board = {
  name: 'kafka',
  title: 'WMS / Kafka and ZooKeeper',
  description: 'Brokers, partitions, how far consumers are behind, and the ensemble.',
  rows: [
    {
      title: 'Kafka',
      panels: [
        panel('Brokers', 'short', ['max(kafka_brokers)', 'brokers']),
        panel('Under-replicated partitions', 'short', [
          'sum by (topic) (kafka_topic_partition_under_replicated_partition)',
          '{{topic}}',
        ]),
        panel('Records', 'ops', [`sum by (topic) (rate(kafka_topic_partition_current_offset${RATE}))`, '{{topic}}']),
        panel('Consumers behind', 'short', [
          'sum by (consumergroup, topic) (kafka_consumergroup_lag)',
          '{{consumergroup}} {{topic}}',
        ]),
      ],
    },
    {
      title: 'ZooKeeper',
      panels: [
        panel('Outstanding requests', 'short', [
          'max by (pod) (outstanding_requests{job="kafka/zookeeper"})',
          '{{pod}}',
        ]),
        panel('Followers in step', 'short', ['max(synced_followers{job="kafka/zookeeper"})', 'followers']),
        panel('Connections', 'short', ['num_alive_connections{job="kafka/zookeeper"}', '{{pod}}']),
        panel('Nodes', 'short', ['max(znode_count{job="kafka/zookeeper"})', 'znodes']),
      ],
    },
    pods(NAMESPACES.kafka.name),
    { title: 'Logs', panels: [{ title: 'Warnings and errors', logs: errorLines('k8s_namespace_name="kafka"') }] },
  ],
};

const TEMPORAL: Board = {
  name: 'temporal',
  title: 'WMS / Temporal',
  description: "Temporal's four services, its store, and the workflows of the platform.",
  rows: [
    {
      title: 'Services',
      panels: [
        panel('Requests', 'reqps', [`sum by (service_name) (rate(service_requests${RATE}))`, '{{service_name}}']),
        panel('Errors', 'reqps', [`sum by (service_name) (rate(service_errors${RATE}))`, '{{service_name}}']),
        panel('Slowest hundredth', 's', [quantile(0.99, 'service_latency', 'service_name, '), '{{service_name}}']),
        panel('Shards', 'short', ['sum by (pod) (numshards_gauge{job="temporal/temporal-history"})', '{{pod}}']),
      ],
    },
    {
      title: 'Store',
      panels: [
        panel('Requests', 'reqps', [`sum by (operation) (rate(persistence_requests${RATE}))`, '{{operation}}']),
        panel('Slowest hundredth', 's', [quantile(0.99, 'persistence_latency', 'service_name, '), '{{service_name}}']),
        panel('PostgreSQL connections', 'short', [
          'sum by (datname) (pg_stat_database_numbackends{job="temporal/postgresql"})',
          '{{datname}}',
        ]),
        panel('PostgreSQL databases', 'bytes', [
          'max by (datname) (pg_database_size_bytes{job="temporal/postgresql"})',
          '{{datname}}',
        ]),
      ],
    },
    {
      title: 'Workflows',
      panels: [
        panel('Started', 'ops', [
          `sum by (workflow_type) (rate(wms_temporal_workflows_started_total${RATE}))`,
          '{{workflow_type}}',
        ]),
        panel('Completed', 'ops', [
          `sum by (workflow_type, status) (rate(wms_temporal_workflows_completed_total${RATE}))`,
          '{{workflow_type}} {{status}}',
        ]),
      ],
    },
    pods(NAMESPACES.temporal.name),
    { title: 'Logs', panels: [{ title: 'Warnings and errors', logs: errorLines('k8s_namespace_name="temporal"') }] },
  ],
};

const INGRESS: Board = {
  name: 'ingress',
  title: 'WMS / Ingress and WAF',
  description: 'What comes in from outside, what the firewall stops, and when certificates end.',
  rows: [
    {
      title: 'Ingress controller',
      panels: [
        panel('Requests', 'reqps', [
          `sum by (code) (rate(traefik_entrypoint_requests_total{entrypoint="websecure"}${RATE}))`,
          '{{code}}',
        ]),
        panel('Slowest hundredth', 's', [
          quantile(0.99, 'traefik_entrypoint_request_duration_seconds', '', 'entrypoint="websecure"'),
          'slowest hundredth',
        ]),
        panel('Certificates end in', 's', [`${CERTIFICATE_ENDS} - time()`, '{{sans}}']),
      ],
    },
    {
      title: 'Web application firewall',
      panels: [
        panel('Up', 'short', ['nginx_up', '{{pod}}']),
        panel('Requests', 'reqps', [`sum by (pod) (rate(nginx_http_requests_total${RATE}))`, '{{pod}}']),
        panel('Connections', 'short', ['nginx_connections_active', '{{pod}}']),
      ],
    },
    pods(NAMESPACES.ingress.name),
    {
      title: 'Logs',
      panels: [
        {
          title: 'What the firewall stopped',
          logs: '{k8s_namespace_name="ingress", k8s_container_name="nginx"} |= "ModSecurity"',
        },
      ],
    },
  ],
};

const MESH: Board = {
  name: 'mesh',
  title: 'WMS / Mesh',
  description:
    'Requests between sidecars, whether they are encrypted, and what they were refused. Empty where the mesh is off.',
  rows: [
    {
      title: 'Requests between workloads',
      panels: [
        panel('Requests', 'reqps', [
          `sum by (source_workload, destination_workload) (rate(istio_requests_total{reporter="destination"}${RATE}))`,
          '{{source_workload}} to {{destination_workload}}',
        ]),
        panel('Refused or failed', 'reqps', [
          `sum by (destination_workload, response_code) (rate(istio_requests_total{reporter="destination", response_code=~"403|5.."}${RATE}))`,
          '{{destination_workload}} {{response_code}}',
        ]),
        panel('Slowest hundredth', 'ms', [
          quantile(0.99, 'istio_request_duration_milliseconds', 'destination_workload, ', 'reporter="destination"'),
          '{{destination_workload}}',
        ]),
      ],
    },
    {
      title: 'Connections',
      panels: [
        panel('Requests without mutual TLS', 'reqps', [
          `sum by (destination_workload) (rate(istio_requests_total{reporter="destination", connection_security_policy!="mutual_tls"}${RATE}))`,
          '{{destination_workload}}',
        ]),
        panel('Bytes sent', 'Bps', [
          `sum by (destination_workload) (rate(istio_tcp_sent_bytes_total{reporter="destination"}${RATE}))`,
          '{{destination_workload}}',
        ]),
      ],
    },
    {
      title: 'As traces see it',
      panels: [
        panel('Calls', 'reqps', [
          `sum by (client, server) (rate(traces_service_graph_request_total${RATE}))`,
          '{{client}} to {{server}}',
        ]),
        panel('Failed calls', 'reqps', [
          `sum by (client, server) (rate(traces_service_graph_request_failed_total${RATE}))`,
          '{{client}} to {{server}}',
        ]),
      ],
    },
  ],
};

/** The part of requests that may fail, and how long the slowest hundredth may take (the platform's public objectives). */
const OBJECTIVES = { failures: 0.001, seconds: 0.5 };

const PUBLIC = SERVICES.filter(({ publicRoutes }) => publicRoutes)
  .map(({ name }) => name)
  .join('|');

const failing = (range: string) =>
  `sum by (service) (rate(wms_http_requests_total{service=~"${PUBLIC}", status=~"5.."}[${range}])) / ` +
  `sum by (service) (rate(wms_http_requests_total{service=~"${PUBLIC}"}[${range}]))`;

const SLOS: Board = {
  name: 'slos',
  title: 'WMS / Service level objectives',
  description: 'The public services: 99.9 % of requests succeed, 99 % take less than 500 ms.',
  rows: [
    {
      title: 'Availability',
      panels: [
        panel('Succeeded in 6 hours', 'percentunit', [`1 - (${failing('6h')})`, '{{service}}']),
        panel(
          'How many times too fast the budget burns',
          'short',
          [`(${failing('1h')}) / ${OBJECTIVES.failures}`, '{{service}} in an hour'],
          [`(${failing('6h')}) / ${OBJECTIVES.failures}`, '{{service}} in 6 hours'],
        ),
        panel('Budget left of 3 days', 'percentunit', [
          `1 - (${failing('3d')}) / ${OBJECTIVES.failures}`,
          '{{service}}',
        ]),
      ],
    },
    {
      title: 'Latency',
      panels: [
        panel(
          'Slowest hundredth',
          's',
          [quantile(0.99, 'wms_http_request_duration_seconds', 'service, ', `service=~"${PUBLIC}"`), '{{service}}'],
          [`vector(${OBJECTIVES.seconds})`, 'objective'],
        ),
        panel('Faster than the objective', 'percentunit', [
          `sum by (service) (rate(wms_http_request_duration_seconds_bucket{service=~"${PUBLIC}", le="${OBJECTIVES.seconds}"}[6h])) / ` +
            `sum by (service) (rate(wms_http_request_duration_seconds_count{service=~"${PUBLIC}"}[6h]))`,
          '{{service}}',
        ]),
      ],
    },
  ],
};

/** Every dashboard of the platform. */
export const BOARDS: readonly Board[] = [
  OVERVIEW,
  SLOS,
  ...SERVICES.map(serviceBoard),
  MONGODB,
  KAFKA,
  TEMPORAL,
  INGRESS,
  MESH,
];
