import { parse } from 'yaml';
import { NodeLogAgent, NodeLogAgentProps } from '../../lib';
import { find, manifestsOf, namesOf, Part } from '../manifest';
import { observabilityChart, RESOURCES } from './observability-layer';

function make(props: Partial<NodeLogAgentProps> = {}) {
  const { chart, box } = observabilityChart('node-log-agent');
  const agent = new NodeLogAgent(chart, 'node-log-agent', {
    box: box('nodeLogAgent'),
    maxNodes: 5,
    resources: RESOURCES,
    namespaces: ['kafka', 'wms-platform'],
    gateway: box('otelCollector').endpointNamed('grpc-otlp'),
    ...props,
  });
  const manifests = manifestsOf(chart);
  const pod = find(manifests, 'DaemonSet', 'node-log-agent').spec.template.spec;
  const config = parse(find(manifests, 'ConfigMap', 'node-log-agent').data['collector.yaml']);
  return { agent, manifests, pod, config, fileLog: config.receivers.file_log };
}

describe("a node's log agent", () => {
  const { agent, manifests, pod, config, fileLog } = make();

  it('is a DaemonSet without rights in the cluster', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap node-log-agent',
      'DaemonSet node-log-agent',
      'NetworkPolicy node-log-agent',
      'Service node-log-agent',
      'ServiceAccount node-log-agent',
    ]);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(agent.daemonSet._footprint.pods).toBe(5);
  });

  it("is root without capabilities, reads the pods' logs, and writes only where it has read to", () => {
    expect(pod.securityContext).toMatchObject({ runAsUser: 0, runAsNonRoot: false });
    expect(pod.containers[0].securityContext).toMatchObject({
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    expect(pod.volumes.filter((v: Part) => v.hostPath)).toEqual([
      { name: 'logs', hostPath: { path: '/var/log/pods', type: 'Directory' } },
      { name: 'offsets', hostPath: { path: '/var/lib/wms-node-log-agent', type: 'DirectoryOrCreate' } },
    ]);
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: 'config', mountPath: '/etc/otel-collector', readOnly: true },
      { name: 'logs', mountPath: '/var/log/pods', readOnly: true },
      { name: 'offsets', mountPath: '/var/lib/wms-node-log-agent' },
    ]);
    expect(config.extensions.file_storage).toEqual({ directory: '/var/lib/wms-node-log-agent' });
    expect(fileLog.storage).toBe('file_storage');
  });

  it('reads the logs of these namespaces alone', () => {
    expect(fileLog.include).toEqual(['/var/log/pods/kafka_*/*/*.log', '/var/log/pods/wms-platform_*/*/*.log']);
  });

  it('keeps what the gateway has not taken', () => {
    expect(config.service.pipelines.logs).toEqual({
      receivers: ['file_log'],
      processors: ['memory_limiter'],
      exporters: ['otlp_grpc/gateway'],
    });
    expect(config.exporters['otlp_grpc/gateway']).toMatchObject({
      endpoint: 'otel-collector.observability.svc.cluster.local:4317',
      sending_queue: { enabled: false },
      retry_on_failure: { max_elapsed_time: '0s' },
    });
    expect(fileLog.retry_on_failure).toEqual({ enabled: true, max_elapsed_time: '0s' });
  });

  it("takes severity and trace from the services' JSON", () => {
    expect(fileLog.operators.map(({ type }: Part) => type)).toEqual([
      'container',
      'json_parser',
      'severity_parser',
      'trace_parser',
      'remove',
      'remove',
      'remove',
    ]);
    expect(fileLog.operators[3]).toMatchObject({
      trace_id: { parse_from: 'attributes.parsed.traceId' },
      span_id: { parse_from: 'attributes.parsed.spanId' },
    });
  });

  it('is refused with a namespace that is none', () => {
    expect(() => make({ namespaces: ['*'] })).toThrow("[test/node-log-agent] '*' is no Namespace name; allowed:");
  });

  it('is refused with less memory than it needs', () => {
    expect(() => make({ resources: { ...RESOURCES, memoryRequest: '64Mi', memoryLimit: '64Mi' } })).toThrow(
      'resources.memoryLimit is 64Mi, too small; allowed: at least 128Mi',
    );
  });
});
