import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { Loki, TelemetryStoreProps } from '../../lib';
import { find, manifestsOf, namesOf } from '../manifest';
import { observabilityChart, RESOURCES } from './observability-layer';

function make(props: Partial<TelemetryStoreProps> = {}) {
  const { chart, box } = observabilityChart();
  const loki = new Loki(chart, 'loki', {
    box: box('loki'),
    storage: Size.gibibytes(100),
    retention: Duration.days(14),
    storageClassName: 'wms-ssd',
    resources: RESOURCES,
    ...props,
  });
  const manifests = manifestsOf(chart);
  const { spec } = find(manifests, 'StatefulSet', 'loki');
  const config = parse(find(manifests, 'ConfigMap', 'loki').data['loki.yaml']);
  return { loki, manifests, spec, container: spec.template.spec.containers[0], config };
}

describe('Loki', () => {
  const { loki, manifests, spec, container, config } = make();

  it('is one pod with a volume of the SSD class', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap loki',
      'NetworkPolicy loki',
      'Service loki',
      'Service loki-headless',
      'ServiceAccount loki',
      'StatefulSet loki',
    ]);
    expect(spec.replicas).toBe(1);
    expect(spec.volumeClaimTemplates).toMatchObject([
      { spec: { storageClassName: 'wms-ssd', resources: { requests: { storage: '100Gi' } } } },
    ]);
    expect(spec.template.spec.securityContext).toMatchObject({ runAsUser: 10001, fsGroup: 10001 });
    expect(container.image).toBe('docker.io/grafana/loki:3.7.6');
  });

  it('serves its API and its metrics at one port', () => {
    expect(loki.endpoint.name).toBe('observability/loki:http');
    expect(config.server.http_listen_port).toBe(3100);
    expect(loki.statefulSet.metrics.map(({ endpoint, path }) => [endpoint.port, path])).toEqual([[3100, '/metrics']]);
    expect(container.readinessProbe.httpGet).toEqual({ path: '/ready', port: 'http' });
  });

  it('deletes what is older than its retention', () => {
    expect(config.limits_config.retention_period).toBe('336h');
    expect(config.compactor).toMatchObject({ retention_enabled: true, delete_request_store: 'filesystem' });
    expect(make({ retention: Duration.days(3) }).config.limits_config.retention_period).toBe('72h');
  });

  it('takes no more than its volume holds for that time', () => {
    const { ingestion_rate_mb: rate, ingestion_burst_size_mb: burst } = config.limits_config;
    const stored = (rate * 2 ** 20 * 14 * 86400) / 4;
    expect(stored).toBeLessThanOrEqual(100 * 2 ** 30 * 0.8);
    expect(stored).toBeGreaterThan(100 * 2 ** 30 * 0.79);
    expect(burst).toBeGreaterThan(rate * 600);
  });

  it('keeps what a line comes with as structured metadata, but for what makes a stream', () => {
    expect(config.limits_config.allow_structured_metadata).toBe(true);
    expect(config.distributor.otlp_config.default_resource_attributes_as_index_labels).toEqual([
      'service.name',
      'k8s.namespace.name',
      'k8s.container.name',
    ]);
  });

  it('keeps its caches and its log within its memory', () => {
    expect(config.chunk_store_config.chunk_cache_config.embedded_cache.max_size_mb).toBe(100);
    expect(config.ingester.wal.replay_memory_ceiling).toBe('300MB');
    expect(container.env).toEqual([{ name: 'GOMEMLIMIT', value: '900MiB' }]);
  });

  it.each([
    [
      'a volume too small',
      { storage: Size.gibibytes(2) },
      'storage 2Gi is too small to keep 14 days; allowed: at least',
    ],
    [
      'a rate that does not fit',
      { expectedRate: Size.mebibytes(1) },
      'a retention of 14 days cannot be met with 1048576 bytes a second on 100Gi; allowed: at most 3 days',
    ],
  ])('is refused with %s', (_title, props, message) => {
    expect(() => make(props)).toThrow(`[test/loki] ${message}`);
  });
});
