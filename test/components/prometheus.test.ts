import { App, Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { Endpoint, EndpointKind, Pods, Prometheus, PrometheusProps } from '../../lib';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { chartOf } from '../connections/fixtures';
import { find, manifestsOf, namesOf, Part } from '../manifest';
import { RESOURCES } from '../workload/fixtures';

function make(props: Partial<PrometheusProps> = {}) {
  const chart = chartOf(new App(), 'observability');
  const box = Box._fromTopology(chart, BOXES.prometheus, { state: PodsState.PENDING });
  const alertmanager = new Endpoint({
    pods: new Pods('observability', { box: 'alertmanager', workload: 'alertmanager', component: 'alerts' }),
    name: 'http',
    kind: EndpointKind.HTTP,
    port: 9093,
    host: 'alertmanager.observability.svc',
  });
  const all: Required<PrometheusProps> = {
    box,
    storage: Size.gibibytes(50),
    storageClassName: 'fast',
    resources: RESOURCES,
    retention: Duration.days(10),
    scrapeInterval: Duration.seconds(20),
    samplesPerSecond: 100,
    alertmanager,
    _scrapeConfigs: () => [{ job_name: 'orders' }],
    _ruleFiles: () => ({ 'orders.yaml': 'groups: []\n' }),
    ...props,
  };
  const prometheus = new Prometheus(chart, 'prometheus', all);
  const manifests = manifestsOf(chart);
  return { prometheus, box, manifests, spec: find(manifests, 'StatefulSet', 'prometheus').spec };
}

describe('Prometheus', () => {
  const { prometheus, box, manifests, spec } = make();
  const pod = spec.template.spec;
  const [container] = pod.containers;

  it('is one member with all that belongs to it', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap prometheus',
      'ConfigMap prometheus-rules',
      'NetworkPolicy prometheus',
      'Service prometheus',
      'Service prometheus-headless',
      'ServiceAccount prometheus',
      'StatefulSet prometheus',
    ]);
    expect(spec.replicas).toBe(1);
  });

  it('runs the pods of its box, answers at its endpoint, and serves its own metrics there', () => {
    expect(prometheus.statefulSet.pods).toBe(box.pods);
    expect(prometheus.endpoint).toBe(box.endpointNamed('http'));
    expect(prometheus.statefulSet.metrics).toEqual([{ endpoint: prometheus.http, path: '/metrics' }]);
  });

  it('has a volume of its size and class, and keeps what fits into it', () => {
    expect(spec.volumeClaimTemplates).toMatchObject([
      { spec: { storageClassName: 'fast', resources: { requests: { storage: '50Gi' } } } },
    ]);
    const config = parse(find(manifests, 'ConfigMap', 'prometheus').data['prometheus.yaml']);
    expect(config.storage.tsdb.retention).toEqual({ time: '10d', size: '40960MB' });
    expect(config.global.scrape_interval).toBe('20s');
    expect(config.scrape_configs).toEqual([{ job_name: 'orders' }]);
    expect(config.alerting.alertmanagers[0].static_configs[0].targets).toEqual(['alertmanager.observability.svc:9093']);
  });

  it('has its rules in files of their own, where the configuration looks for them', () => {
    expect(find(manifests, 'ConfigMap', 'prometheus-rules').data).toEqual({ 'orders.yaml': 'groups: []\n' });
    const mounts = Object.fromEntries(container.volumeMounts.map((m: Part) => [m.name, m.mountPath]));
    expect(mounts).toEqual({
      config: '/etc/prometheus/config',
      rules: '/etc/prometheus/rules',
      data: '/prometheus',
    });
  });

  it('is started anew by other rules and another configuration', () => {
    const hashes = (props: Partial<PrometheusProps>) => make(props).spec.template.metadata.annotations;
    const before = spec.template.metadata.annotations;
    expect(hashes({})).toEqual(before);
    expect(hashes({ _ruleFiles: () => ({}) })['checksum/prometheus-rules']).not.toBe(
      before['checksum/prometheus-rules'],
    );
    expect(hashes({ _scrapeConfigs: () => [] })['checksum/prometheus']).not.toBe(before['checksum/prometheus']);
  });

  it('takes what others write, with exemplars', () => {
    expect(container.args).toEqual(
      expect.arrayContaining(['--web.enable-remote-write-receiver', '--enable-feature=exemplar-storage']),
    );
  });

  it('has time to read its log when it starts, and to write it when it ends', () => {
    const { periodSeconds, failureThreshold } = container.startupProbe;
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(900);
    expect(pod.terminationGracePeriodSeconds).toBe(300);
    expect(container.readinessProbe.httpGet.path).toBe('/-/ready');
    expect(container.livenessProbe.httpGet.path).toBe('/-/healthy');
  });

  it('asks the API server, as its account', () => {
    expect(pod).toMatchObject({ serviceAccountName: 'prometheus', automountServiceAccountToken: true });
    expect(pod.securityContext.runAsUser).toBe(65534);
  });

  it.each([
    [{ scrapeInterval: Duration.millis(999) }, 'scrapeInterval is 999 millis; allowed: at least a second'],
    [{ samplesPerSecond: 1e9 }, 'samplesPerSecond is 1000000000, which 50Gi keep for less than 10 days'],
  ])('refuses %j', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });
});
