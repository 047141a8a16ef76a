import { ScrapeTarget } from '../connections/scraper';

/** Where services of other teams are found: pods that no job of the platform's own is for. */
export interface GuestServices {
  readonly namespace: string;
  /** The role that services' pods have. */
  readonly component: string;
  /** The name of the port that they serve HTTP at, metrics among it. */
  readonly portName: string;
  readonly path: string;
  /** The sidecar's page, where they have sidecars. */
  readonly sidecar?: { readonly port: number; readonly path: string };
}

/** What of a page is read, and how often. */
export interface ScrapeJobsProps {
  readonly jobs: readonly (readonly [string, ScrapeTarget])[];
  readonly guests: GuestServices;
  /** The namespaces whose volumes and containers the kubelets tell of. */
  readonly namespaces: readonly string[];
}

type Relabeling = Record<string, string | string[]>;

const LABEL = '__meta_kubernetes_pod_label_app_kubernetes_io_';

/** A guest's page of more samples than this is refused: it would take the room of everybody else's. */
const GUEST_SAMPLES = 20_000;

/** The job that finds the services of other teams. */
export const GUESTS_JOB = 'guests';

/** What the kubelets tell of volumes. */
const VOLUME_METRICS = 'kubelet_volume_stats_(available_bytes|capacity_bytes|inodes|inodes_free)';

/** What the kubelets tell of containers. */
const CONTAINER_METRICS =
  'container_(cpu_usage_seconds_total|cpu_cfs_periods_total|cpu_cfs_throttled_periods_total|memory_working_set_bytes|' +
  'network_receive_bytes_total|network_transmit_bytes_total|oom_events_total)';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The jobs of Prometheus: one for each page of the platform, one for guests, two for the kubelets. */
export function scrapeConfigs({ jobs, guests, namespaces }: ScrapeJobsProps): object[] {
  return [
    ...jobs.filter(([, target]) => target.runs()).map(([name, target]) => podJob(name, target)),
    guestsJob(
      guests,
      jobs.map(([, { application }]) => application.pods).filter((pods) => pods.namespace === guests.namespace),
    ),
    kubeletJob('kubelet', '/metrics', VOLUME_METRICS, namespaces),
    kubeletJob('cadvisor', '/metrics/cadvisor', CONTAINER_METRICS, namespaces),
  ];
}

function podJob(name: string, { application, endpoint, path, honorLabels }: ScrapeTarget): object {
  const { box, workload } = application.pods._identity;
  return {
    job_name: name,
    metrics_path: path,
    ...(honorLabels ? { honor_labels: true } : {}),
    kubernetes_sd_configs: podsOf(application.pods.namespace),
    relabel_configs: [
      keep([`${LABEL}name`, `${LABEL}instance`], `${box};${workload}`),
      keep(['__meta_kubernetes_pod_container_port_name'], application.portName),
      running(),
      ...(endpoint.port === application.port ? [] : [atPort(endpoint.port)]),
      ...podLabels(),
    ],
  };
}

function guestsJob(guests: GuestServices, known: readonly { _identity: { workload: string } }[]): object {
  const { namespace, component, portName, path, sidecar } = guests;
  const workloads = [...new Set(known.map(({ _identity }) => _identity.workload))].sort();
  return {
    job_name: GUESTS_JOB,
    metrics_path: sidecar?.path ?? path,
    sample_limit: GUEST_SAMPLES,
    kubernetes_sd_configs: podsOf(namespace),
    relabel_configs: [
      keep([`${LABEL}part_of`, `${LABEL}component`], `wms-platform;${component}`),
      ...(workloads.length > 0 ? [drop([`${LABEL}instance`], workloads.join('|'))] : []),
      keep(['__meta_kubernetes_pod_container_port_name'], portName),
      running(),
      ...(sidecar ? [atPort(sidecar.port)] : []),
      { source_labels: ['__meta_kubernetes_namespace', `${LABEL}instance`], separator: '/', target_label: 'job' },
      ...podLabels(),
    ],
  };
}

function kubeletJob(name: string, path: string, metrics: string, namespaces: readonly string[]): object {
  return {
    job_name: name,
    scheme: 'https',
    metrics_path: path,
    authorization: { credentials_file: `${SERVICE_ACCOUNT}/token` },
    // Most clusters' kubelets sign their certificates themselves.
    tls_config: { insecure_skip_verify: true },
    kubernetes_sd_configs: [{ role: 'node' }],
    relabel_configs: [{ source_labels: ['__meta_kubernetes_node_name'], target_label: 'node' }],
    metric_relabel_configs: [keep(['__name__'], metrics), keep(['namespace'], namespaces.join('|'))],
  };
}

/** Jobs of one namespace share what finds its pods. */
function podsOf(namespace: string): object[] {
  return [{ role: 'pod', namespaces: { names: [namespace] } }];
}

/** What has no address yet, or none any more, is no target. */
function running(): Relabeling {
  return drop(['__meta_kubernetes_pod_phase'], 'Pending|Succeeded|Failed|Completed');
}

function podLabels(): Relabeling[] {
  return [
    { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
    { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
  ];
}

function keep(source_labels: string[], regex: string): Relabeling {
  return { source_labels, regex, action: 'keep' };
}

function drop(source_labels: string[], regex: string): Relabeling {
  return { source_labels, regex, action: 'drop' };
}

function atPort(port: number): Relabeling {
  return {
    source_labels: ['__address__'],
    regex: '(.+):\\d+',
    target_label: '__address__',
    replacement: `$1:${port}`,
  };
}
