import { Duration } from 'cdk8s';
import { parse } from 'yaml';
import { OtelCollector, OtelCollectorProps } from '../../lib';
import { find, findAll, manifestsOf, namesOf } from '../manifest';
import { observabilityChart, RESOURCES } from './observability-layer';

function make(props: Partial<OtelCollectorProps> = {}) {
  const { chart, box } = observabilityChart();
  const collector = new OtelCollector(chart, 'otel-collector', {
    box: box('otelCollector'),
    replicas: 2,
    resources: RESOURCES,
    traces: box('tempo').endpointNamed('grpc-otlp'),
    logs: box('loki').endpointNamed('http'),
    ...props,
  });
  const manifests = manifestsOf(chart);
  const template = find(manifests, 'Deployment', 'otel-collector').spec.template;
  const config = parse(find(manifests, 'ConfigMap', 'otel-collector').data['collector.yaml']);
  return { collector, manifests, template, container: template.spec.containers[0], config };
}

describe('the collector', () => {
  const { collector, manifests, template, container, config } = make();

  it('is a Deployment with all that belongs to it', () => {
    expect(namesOf(manifests)).toEqual([
      'ClusterRole wms-otel-collector',
      'ClusterRoleBinding wms-otel-collector',
      'ConfigMap otel-collector',
      'Deployment otel-collector',
      'NetworkPolicy otel-collector',
      'PodDisruptionBudget otel-collector',
      'Service otel-collector',
      'ServiceAccount otel-collector',
    ]);
    expect(find(manifests, 'Deployment').spec.replicas).toBe(2);
  });

  it('takes OTLP where the services send it, and shows its own metrics', () => {
    expect(collector.endpoint.name).toBe('observability/otel-collector:grpc-otlp');
    expect(config.receivers).toEqual({ otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' } } } });
    expect(collector.deployment.metrics.map(({ endpoint, path }) => [endpoint.port, path])).toEqual([
      [8888, '/metrics'],
    ]);
  });

  it('sends traces to Tempo and logs to Loki, with the attributes of their pods, in batches', () => {
    const processors = ['memory_limiter', 'k8s_attributes', 'batch'];
    expect(config.service.pipelines).toEqual({
      traces: { receivers: ['otlp'], processors, exporters: ['otlp_grpc/tempo'] },
      logs: { receivers: ['otlp'], processors, exporters: ['otlp_http/loki'] },
    });
    expect(config.exporters['otlp_grpc/tempo'].endpoint).toBe('tempo.observability.svc.cluster.local:4317');
    expect(config.exporters['otlp_http/loki'].endpoint).toBe('http://loki.observability.svc.cluster.local:3100/otlp');
    expect(config.processors.k8s_attributes.pod_association.map((a: { sources: object[] }) => a.sources)).toEqual([
      [{ from: 'resource_attribute', name: 'k8s.pod.uid' }],
      [{ from: 'connection' }],
    ]);
  });

  it('refuses more before its memory is full', () => {
    expect(config.processors.memory_limiter).toEqual({ check_interval: '1s', limit_mib: 800, spike_limit_mib: 160 });
    expect(container.env).toEqual([{ name: 'GOMEMLIMIT', value: '900MiB' }]);
  });

  it('reads pods, and nothing else', () => {
    expect(find(manifests, 'ClusterRole').rules).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(find(manifests, 'ClusterRoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'otel-collector', namespace: 'observability' },
    ]);
    expect(template.spec.automountServiceAccountToken).toBe(true);
  });

  it('is asked for its health, and rolled by its configuration', () => {
    const httpGet = { path: '/', port: 'http-health' };
    expect(container).toMatchObject({
      startupProbe: { httpGet },
      livenessProbe: { httpGet },
      readinessProbe: { httpGet },
    });
    expect(config.extensions.health_check.endpoint).toBe('0.0.0.0:13133');
    const hash = (p: Partial<OtelCollectorProps>) => make(p).template.metadata.annotations['checksum/otel-collector'];
    expect(hash({})).toBe(hash({}));
    expect(hash({ resources: { ...RESOURCES, memoryLimit: '500Mi' } })).not.toBe(hash({}));
  });
});

describe('tail sampling', () => {
  it('keeps errors and slow traces whole, and a part of the rest', () => {
    const { config } = make({ replicas: 1, tailSampling: { keptPercentage: 5, slowerThan: Duration.seconds(2) } });
    expect(config.service.pipelines.traces.processors).toEqual([
      'memory_limiter',
      'k8s_attributes',
      'tail_sampling',
      'batch',
    ]);
    expect(config.processors.tail_sampling.policies).toEqual([
      { name: 'errors', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
      { name: 'slow', type: 'latency', latency: { threshold_ms: 2000 } },
      { name: 'rest', type: 'probabilistic', probabilistic: { sampling_percentage: 5 } },
    ]);
    expect(config.service.pipelines.logs.processors).not.toContain('tail_sampling');
  });

  it('takes half a second for slow where nothing is said', () => {
    const { config } = make({ replicas: 1, tailSampling: { keptPercentage: 0 } });
    expect(config.processors.tail_sampling.policies[1].latency).toEqual({ threshold_ms: 500 });
  });

  it.each([-1, 101, NaN])('refuses %d per cent', (keptPercentage) => {
    expect(() => make({ replicas: 1, tailSampling: { keptPercentage } })).toThrow(
      `[test/otel-collector] tailSampling.keptPercentage is ${keptPercentage}; allowed: a number from 0 to 100`,
    );
  });

  it('refuses more than one pod', () => {
    expect(() => make({ tailSampling: { keptPercentage: 5 } })).toThrow(
      '[test/otel-collector] tailSampling with 2 replicas would decide on parts of traces; ' +
        'allowed: replicas 1, or no tailSampling',
    );
  });
});

describe('a collector is refused', () => {
  it('with less memory than it needs', () => {
    expect(() => make({ resources: { ...RESOURCES, memoryRequest: '64Mi', memoryLimit: '100Mi' } })).toThrow(
      '[test/otel-collector] resources.memoryLimit is 100Mi, too small; allowed: at least 128Mi',
    );
  });

  it('without pods', () => {
    expect(() => make({ replicas: 0 })).toThrow(
      '[test/otel-collector] replicas is 0; allowed: a whole number of 1 or more',
    );
  });
});

it('One collector has no disruption budget', () => {
  expect(findAll(make({ replicas: 1 }).manifests, 'PodDisruptionBudget')).toEqual([]);
});
