import { scrapeConfigs, ScrapeJobsProps } from '../../lib/components/scrape-jobs';
import { Endpoint, EndpointKind, Pods } from '../../lib';
import { ScrapeTarget } from '../../lib/connections/scraper';
import { Part } from '../manifest';

const endpoint = (workload: string, box = workload, port = 8001) =>
  new Endpoint({
    pods: new Pods('wms-platform', { box, workload, component: 'api' }),
    name: 'http',
    kind: EndpointKind.HTTP,
    port,
    host: 'host',
  });

function target(workload: string, props: Partial<ScrapeTarget> = {}, box?: string): [string, ScrapeTarget] {
  const application = endpoint(workload, box);
  const all: ScrapeTarget = {
    application,
    endpoint: application,
    path: '/metrics',
    honorLabels: false,
    alsoAsked: false,
    runs: () => true,
    ...props,
  };
  return [`wms-platform/${workload}`, all];
}

const PROPS: ScrapeJobsProps = {
  jobs: [target('order-service')],
  guests: { namespace: 'wms-platform', component: 'api', portName: 'http', path: '/metrics' },
  namespaces: ['wms-platform', 'kafka'],
};

const configs = (props: Partial<ScrapeJobsProps> = {}) => scrapeConfigs({ ...PROPS, ...props }) as Part[];
const job = (name: string, props: Partial<ScrapeJobsProps> = {}) =>
  configs(props).find(({ job_name }: Part) => job_name === name);

const LABEL = '__meta_kubernetes_pod_label_app_kubernetes_io_';

describe('the scrape jobs', () => {
  it('are one for each page, one for guests, and two for the kubelets', () => {
    expect(configs().map(({ job_name }) => job_name)).toEqual([
      'wms-platform/order-service',
      'guests',
      'kubelet',
      'cadvisor',
    ]);
  });

  it('have no anchors when they are written: no part stands twice', () => {
    const parts = configs({ jobs: [target('a'), target('b')] }).flatMap((config) => config.relabel_configs ?? []);
    expect(new Set(parts).size).toBe(parts.length);
  });

  it('leave out what runs no pods', () => {
    expect(job('wms-platform/order-service', { jobs: [target('order-service', { runs: () => false })] })).toBe(
      undefined,
    );
  });
});

describe('the job of a page', () => {
  it('keeps the port of the pods that declared it, as long as they run, with namespace and pod as labels', () => {
    expect(job('wms-platform/frontend', { jobs: [target('frontend', { path: '/stats' }, 'temporal')] })).toEqual({
      job_name: 'wms-platform/frontend',
      metrics_path: '/stats',
      kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: ['wms-platform'] } }],
      relabel_configs: [
        { source_labels: [`${LABEL}name`, `${LABEL}instance`], regex: 'temporal;frontend', action: 'keep' },
        { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'http', action: 'keep' },
        {
          source_labels: ['__meta_kubernetes_pod_phase'],
          regex: 'Pending|Succeeded|Failed|Completed',
          action: 'drop',
        },
        { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
        { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      ],
    });
  });

  it('asks the sidecar where that serves the page', () => {
    const jobs = [target('order-service', { endpoint: endpoint('order-service', 'order-service', 15020) })];
    expect(job('wms-platform/order-service', { jobs }).relabel_configs).toContainEqual({
      source_labels: ['__address__'],
      regex: '(.+):\\d+',
      target_label: '__address__',
      replacement: '$1:15020',
    });
    expect(JSON.stringify(job('wms-platform/order-service'))).not.toContain('__address__');
  });

  it('lets the labels of the page win where it tells of others', () => {
    const jobs = [target('order-service', { honorLabels: true })];
    expect(job('wms-platform/order-service', { jobs }).honor_labels).toBe(true);
    expect(job('wms-platform/order-service')).not.toHaveProperty('honor_labels');
  });
});

describe('the job of guests', () => {
  it('finds services that have no job of their own, and calls each as if it had', () => {
    const { relabel_configs: steps, ...rest } = job('guests', { jobs: [target('order-service'), target('a')] });
    expect(rest).toEqual({
      job_name: 'guests',
      metrics_path: '/metrics',
      sample_limit: 20_000,
      kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: ['wms-platform'] } }],
    });
    expect(steps).toEqual([
      { source_labels: [`${LABEL}part_of`, `${LABEL}component`], regex: 'wms-platform;api', action: 'keep' },
      { source_labels: [`${LABEL}instance`], regex: 'a|order-service', action: 'drop' },
      { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'http', action: 'keep' },
      expect.objectContaining({ action: 'drop' }),
      {
        source_labels: ['__meta_kubernetes_namespace', `${LABEL}instance`],
        separator: '/',
        target_label: 'job',
      },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
    ]);
  });

  it('drops nobody where the platform has no service there', () => {
    const guests = { ...PROPS.guests, namespace: 'elsewhere' };
    expect(JSON.stringify(job('guests', { guests }))).not.toContain('order-service');
  });

  it('asks their sidecars where they have some', () => {
    const guests = { ...PROPS.guests, sidecar: { port: 15020, path: '/stats/prometheus' } };
    expect(job('guests', { guests })).toMatchObject({ metrics_path: '/stats/prometheus' });
    expect(JSON.stringify(job('guests', { guests }))).toContain('$1:15020');
  });
});

describe('the jobs of the kubelets', () => {
  it.each([
    ['kubelet', '/metrics', 'kubelet_volume_stats_available_bytes', 'kubelet_runtime_operations_total'],
    ['cadvisor', '/metrics/cadvisor', 'container_memory_working_set_bytes', 'container_tasks_state'],
  ])('%s reads %s, of the platform alone', (name, path, kept, dropped) => {
    const { metric_relabel_configs: filters, ...rest } = job(name);
    expect(rest).toMatchObject({
      scheme: 'https',
      metrics_path: path,
      authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
      kubernetes_sd_configs: [{ role: 'node' }],
    });
    expect(filters[1]).toEqual({ source_labels: ['namespace'], regex: 'wms-platform|kafka', action: 'keep' });
    const names = new RegExp(`^(?:${filters[0].regex})$`);
    expect(kept).toMatch(names);
    expect(dropped).not.toMatch(names);
  });
});
