import { Breakage, breaks } from '../breakage';

/** What keeps signals from arriving, each at another place of their way. */
export const TELEMETRY_BREAKAGES: Readonly<Record<'traces' | 'lines' | 'targets', Breakage>> = {
  traces: breaks(
    'a collector that sends traces elsewhere',
    'ConfigMap observability/otel-collector',
    ({ data }) => (data['collector.yaml'] = data['collector.yaml'].replace(/(endpoint: tempo\S+):4317/, '$1:4318')),
    /^no span of \S+ is found/,
  ),
  lines: breaks(
    'a log agent that reads elsewhere',
    'ConfigMap node-log-agent/node-log-agent',
    ({ data }) => (data['collector.yaml'] = data['collector.yaml'].replaceAll('/var/log/pods/', '/var/log/none/')),
    /^no line .* is found/,
  ),
  targets: breaks(
    'a job that looks for other pods',
    'ConfigMap observability/prometheus',
    ({ data }) => (data['prometheus.yaml'] = data['prometheus.yaml'].replace('regex: loki;loki', 'regex: loki;lok')),
    /^observability\/loki has no target/,
  ),
};
