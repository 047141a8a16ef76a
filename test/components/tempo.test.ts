import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { Tempo, TempoProps } from '../../lib';
import { find, manifestsOf, namesOf } from '../manifest';
import { observabilityChart, RESOURCES } from './observability-layer';

function make(props: Partial<TempoProps> = {}) {
  const { chart, box } = observabilityChart();
  const tempo = new Tempo(chart, 'tempo', {
    box: box('tempo'),
    storage: Size.gibibytes(100),
    retention: Duration.days(7),
    resources: RESOURCES,
    prometheus: box('prometheus').endpointNamed('http'),
    ...props,
  });
  const manifests = manifestsOf(chart);
  const { spec } = find(manifests, 'StatefulSet', 'tempo');
  const config = parse(find(manifests, 'ConfigMap', 'tempo').data['tempo.yaml']);
  return { tempo, manifests, spec, container: spec.template.spec.containers[0], config };
}

describe('Tempo', () => {
  const { tempo, manifests, spec, container, config } = make();

  it('is one pod with a volume', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap tempo',
      'NetworkPolicy tempo',
      'Service tempo',
      'Service tempo-headless',
      'ServiceAccount tempo',
      'StatefulSet tempo',
    ]);
    expect(spec.volumeClaimTemplates).toMatchObject([{ spec: { resources: { requests: { storage: '100Gi' } } } }]);
    expect(container).toMatchObject({
      image: 'docker.io/grafana/tempo:2.10.8',
      args: ['-config.file=/etc/tempo/tempo.yaml'],
    });
  });

  it('takes OTLP, answers queries, and shows its metrics', () => {
    expect([tempo.endpoint, tempo.otlp].map(({ name }) => name)).toEqual([
      'observability/tempo:http',
      'observability/tempo:grpc-otlp',
    ]);
    expect(config.distributor.receivers.otlp.protocols).toEqual({ grpc: { endpoint: '0.0.0.0:4317' } });
    expect(config.server.http_listen_port).toBe(3200);
    expect(tempo.statefulSet.metrics.map(({ endpoint }) => endpoint.port)).toEqual([3200]);
  });

  it('is ready without waiting for other members', () => {
    expect(config.compactor.ring.wait_stability_min_duration).toBe('0s');
  });

  it('deletes what is older than its retention', () => {
    expect(config.compactor.compaction.block_retention).toBe('168h');
    expect(make({ retention: Duration.days(2) }).config.compactor.compaction.block_retention).toBe('48h');
  });

  it('takes no more than its volume holds for that time, and says when to try again', () => {
    const { rate_limit_bytes: rate, burst_size_bytes: burst } = config.overrides.defaults.ingestion;
    const stored = (rate * 7 * 86400) / 2;
    expect(stored).toBeLessThanOrEqual(100 * 2 ** 30 * 0.75);
    expect(stored).toBeGreaterThan(100 * 2 ** 30 * 0.74);
    expect(burst).toBe(rate * 900);
    expect(config.distributor.retry_after_on_resource_exhausted).toBe('5s');
  });

  it('counts requests from spans, and writes that to Prometheus', () => {
    expect(config.metrics_generator.storage.remote_write).toEqual([
      { url: 'http://prometheus.observability.svc.cluster.local:9090/api/v1/write', send_exemplars: true },
    ]);
    expect(config.overrides.defaults.metrics_generator.processors).toEqual(['service-graphs', 'span-metrics']);
  });

  it.each([
    [
      'a volume too small',
      { storage: Size.gibibytes(2) },
      'storage 2Gi is too small to keep 7 days; allowed: at least',
    ],
    [
      'a rate that does not fit',
      { expectedRate: Size.mebibytes(1) },
      'a retention of 7 days cannot be met with 1048576 bytes a second on 100Gi; allowed: at most 1 days',
    ],
  ])('is refused with %s', (_title, props, message) => {
    expect(() => make(props)).toThrow(`[test/tempo] ${message}`);
  });
});
