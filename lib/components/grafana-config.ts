import { Yaml } from 'cdk8s';

/** Where Grafana's pod has things. */
export const GRAFANA_PATHS = {
  config: '/etc/grafana-wms',
  provisioning: '/etc/grafana-wms/provisioning',
  dashboards: '/etc/grafana-wms/dashboards',
  credentials: '/etc/grafana-credentials',
  data: '/var/lib/grafana',
} as const;

/** The keys of its Secret, which are files of its pod. */
export const GRAFANA_CREDENTIALS = { password: 'admin-password', key: 'secret-key' } as const;

/** How a proxy that has logged people in tells Grafana who they are. */
export interface GrafanaAuthProxy {
  /**
   * The header with their e-mail address.
   *
   * @default X-Forwarded-Email
   */
  readonly emailHeader?: string;

  /**
   * The networks the proxy is in. Whoever is in them and may connect to Grafana can be anybody: connect nothing but the
   * proxy and what scrapes metrics.
   */
  readonly networks: string[];

  /**
   * What they may do: Viewer, Editor or Admin.
   *
   * @default Viewer
   */
  readonly role?: string;
}

/** The roles that Grafana knows. */
export const GRAFANA_ROLES = ['Viewer', 'Editor', 'Admin'];

/** What Grafana's settings are made from. */
export interface GrafanaConfigProps {
  readonly port: number;
  /** The dashboard that people see first. */
  readonly home: string;
  /** Where people reach it; its own Service where nobody says. */
  readonly url: string;
  readonly authProxy?: GrafanaAuthProxy;
}

/** `grafana.ini`. All that it shows is provisioned, so its database is thrown away with its pod. */
export function grafanaIni({ port, home, url, authProxy }: GrafanaConfigProps): string {
  const sections: Record<string, Record<string, string | number | boolean>> = {
    server: { http_port: port, root_url: url },
    database: { type: 'sqlite3', wal: true },
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    // Without a way out of the cluster, each of these would wait for an answer that does not come.
    plugins: { preinstall_disabled: true, plugin_admin_enabled: false },
    news: { news_feed_enabled: false },
    snapshots: { external_enabled: false },
    security: {
      admin_user: 'admin',
      admin_password: fileContent(GRAFANA_CREDENTIALS.password),
      secret_key: fileContent(GRAFANA_CREDENTIALS.key),
      disable_gravatar: true,
      cookie_secure: url.startsWith('https:'),
      cookie_samesite: 'strict',
      content_security_policy: true,
    },
    users: {
      allow_sign_up: false,
      allow_org_create: false,
      auto_assign_org: true,
      auto_assign_org_role: authProxy?.role ?? GRAFANA_ROLES[0],
    },
    'auth.anonymous': { enabled: false },
    ...(authProxy ? { 'auth.proxy': proxySection(authProxy) } : {}),
    dashboards: {
      default_home_dashboard_path: `${GRAFANA_PATHS.dashboards}/${home}.json`,
      min_refresh_interval: '10s',
    },
    // Alerts are Prometheus' and its Alertmanager's.
    unified_alerting: { enabled: false },
    metrics: { enabled: true },
    log: { mode: 'console', level: 'info' },
    'log.console': { format: 'json' },
  };
  return Object.entries(sections)
    .map(([name, settings]) => `[${name}]\n${lines(settings)}`)
    .join('\n');
}

/** The data sources' ids, which dashboards refer to them by. */
export const DATA_SOURCES = { metrics: 'prometheus', traces: 'tempo', logs: 'loki' } as const;

/** How long before and after a span its logs are looked for. */
const AROUND = { spanStartTimeShift: '-5m', spanEndTimeShift: '5m' };

/** What spans and metrics made of them have in common. */
const SERVICE_TAG = { key: 'service.name', value: 'service' };

/** Grafana replaces `$` by variables of its environment; a doubled one stays. */
const escaped = (text: string) => text.replaceAll('$', '$$$$');

/**
 * The data sources, each of which leads to the others: a trace to its logs and its metrics, a line to its trace, a sample
 * to a trace of it, a metric of a service to its logs.
 */
export function dataSources(addresses: { metrics: string; traces: string; logs: string }): string {
  const source = (kind: keyof typeof DATA_SOURCES, name: string) => ({
    name,
    uid: DATA_SOURCES[kind],
    type: DATA_SOURCES[kind],
    access: 'proxy',
    url: `http://${addresses[kind]}`,
    editable: false,
  });
  return Yaml.stringify({
    apiVersion: 1,
    prune: true,
    datasources: [
      {
        ...source('metrics', 'Prometheus'),
        isDefault: true,
        jsonData: {
          httpMethod: 'POST',
          // Tempo's own exemplars have the one, the services' the other.
          exemplarTraceIdDestinations: ['traceID', 'trace_id'].map((name) => ({
            name,
            datasourceUid: DATA_SOURCES.traces,
          })),
        },
        correlations: [
          {
            targetUID: DATA_SOURCES.logs,
            label: 'Logs of the service',
            description: 'What the service of this series has logged',
            type: 'query',
            config: {
              field: 'service',
              target: { expr: escaped('{service_name="${__data.fields.service}"}') },
            },
          },
        ],
      },
      {
        ...source('traces', 'Tempo'),
        jsonData: {
          tracesToLogsV2: {
            datasourceUid: DATA_SOURCES.logs,
            ...AROUND,
            tags: [{ key: 'service.name', value: 'service_name' }],
            customQuery: true,
            query: escaped('{${__tags}} | trace_id="${__trace.traceId}"'),
          },
          tracesToMetrics: {
            datasourceUid: DATA_SOURCES.metrics,
            ...AROUND,
            tags: [SERVICE_TAG],
            queries: [
              { name: 'Requests', query: escaped('sum(rate(traces_spanmetrics_calls_total{$__tags}[5m]))') },
              {
                name: 'Errors',
                query: escaped(
                  'sum(rate(traces_spanmetrics_calls_total{$__tags, status_code="STATUS_CODE_ERROR"}[5m]))',
                ),
              },
            ],
          },
          serviceMap: { datasourceUid: DATA_SOURCES.metrics },
          nodeGraph: { enabled: true },
          lokiSearch: { datasourceUid: DATA_SOURCES.logs },
        },
      },
      {
        ...source('logs', 'Loki'),
        jsonData: {
          derivedFields: [
            {
              name: 'Trace',
              matcherType: 'label',
              matcherRegex: 'trace_id',
              url: escaped('${__value.raw}'),
              datasourceUid: DATA_SOURCES.traces,
              urlDisplayLabel: 'Open the trace',
            },
          ],
        },
      },
    ],
  });
}

/** Where dashboards are found. Nobody changes them but by a new version of the platform. */
export function dashboardProviders(): string {
  return Yaml.stringify({
    apiVersion: 1,
    providers: [
      {
        name: 'wms',
        folder: 'WMS platform',
        type: 'file',
        disableDeletion: true,
        allowUiUpdates: false,
        updateIntervalSeconds: 60,
        options: { path: GRAFANA_PATHS.dashboards },
      },
    ],
  });
}

/** Grafana reads the file when it starts. */
function fileContent(key: string): string {
  return `$__file{${GRAFANA_PATHS.credentials}/${key}}`;
}

function proxySection({ emailHeader = 'X-Forwarded-Email', networks }: GrafanaAuthProxy) {
  return {
    enabled: true,
    header_name: emailHeader,
    header_property: 'email',
    auto_sign_up: true,
    enable_login_token: false,
    whitelist: networks.join(', '),
  };
}

function lines(settings: Record<string, string | number | boolean>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}
