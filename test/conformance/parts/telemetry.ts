import { randomBytes } from 'crypto';
import { Manifest } from '../../manifest';
import { Distribution } from '../distribution';
import { checkCollected, proveCollected } from '../metrics/exposed';
import { Node } from '../node/node';
import { poll } from '../poll';
import { proofOf } from '../proof';
import { Row } from '../report';
import { TELEMETRY_BREAKAGES } from '../telemetry/breakages';
import { loadTelemetryImages } from '../telemetry/images';
import { Sender, Target, TelemetryLayer } from '../telemetry/layer';
import { Workspace } from '../workspace';

/** How long a signal may take to be found; Prometheus asks once a minute. */
const SECONDS = 150;

/** What has not arrived within this is taken not to arrive. */
const BRIEF = 20;

/** What every signal of a sender must carry. */
const POD = { namespace: 'wms-platform', service: 'order-service', called: 'inventory-service' };

type MakeRow = (check: string, figures: string, faults: readonly string[]) => Row;

/** Collector, log agent, Tempo, Loki and Prometheus run on a real node as written: what a pod tells is found by query. */
export async function checkTelemetry(workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  const node = await Node.start(workspace);
  const row: MakeRow = (check, figures, faults) => ({
    part: 'telemetry',
    check,
    subject: distribution.name,
    figures,
    faults,
  });
  try {
    await loadTelemetryImages(node, distribution.manifests);
    const layer = new TelemetryLayer(node, distribution);
    const began = Date.now();
    const unready = [...(await layer.start(180)), ...(await layer.startReader())];
    const seconds = ((Date.now() - began) / 1000).toFixed(0);
    const started = row('collector, log agent and stores start as written', `ready after ${seconds} s`, unready);
    if (unready.length > 0) {
      return [{ ...started, faults: [...unready, await layer.lastWords()] }];
    }
    const sender = newSender('order-service-first');
    await layer.send(sender);
    const traced = await spanFaults(layer, sender);
    const sent = await logFaults(layer, sender, `${sender.name} by OTLP`);
    const written = await logFaults(layer, sender, `${sender.name} by output`, { severity_text: 'WARN' });
    const rows = [
      started,
      row('a span is found by TraceQL', 'with the attributes of its pod', traced),
      row('a log record is found by LogQL', 'with the attributes of its pod, by its trace', sent),
      row('a line that a container writes is found by LogQL', 'with its severity, by its trace', written),
      await dashboardLogs(layer, sender, row),
      row('requests and who calls whom are counted from spans', 'in Prometheus', await spanMetricFaults(layer, sender)),
      row('an exemplar leads to the trace', 'in Prometheus', await exemplarFaults(layer, sender)),
      row('a metric of a pod is found by PromQL', 'in Prometheus', await metricFaults(layer, sender)),
      await targets(layer, row),
      await checkCollected('telemetry', distribution.name, () => layer.metricNames()),
    ];
    return rows.some(({ faults }) => faults.length > 0) ? rows : [...rows, ...(await prove(workspace, layer))];
  } finally {
    await node.stop();
  }

  /** Feeds the checks with what they must find. */
  async function prove(space: Workspace, layer: TelemetryLayer): Promise<Row[]> {
    const { traces, lines, targets: jobs } = TELEMETRY_BREAKAGES;
    const directory = space.file('telemetry/broken/development');
    const change = (manifests: Manifest[]) =>
      [traces, lines, jobs].reduce((changed, breakage) => breakage.change(changed), manifests);
    const broken = layer.with(distribution.changed(directory, change));
    await broken.restart(['otel-collector', 'node-log-agent', 'prometheus'], 120);
    const sender = newSender('order-service-second');
    await broken.send(sender);
    const proof = proofOf('telemetry', distribution.name);
    return [
      proof(traces, await spanFaults(broken, sender, BRIEF)),
      proof(lines, await logFaults(broken, sender, `${sender.name} by output`, {}, BRIEF)),
      proof(jobs, (await targets(broken, row, BRIEF)).faults),
      await proveCollected('telemetry', distribution.name, () => broken.metricNames()),
    ];
  }
}

/** A trace's number begins with no zero: Tempo leaves those out. */
function newSender(name: string): Sender {
  return { name, trace: `f${randomBytes(16).toString('hex').slice(1)}` };
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

async function spanFaults(layer: TelemetryLayer, { name, trace }: Sender, seconds = SECONDS): Promise<string[]> {
  const query = `{ resource.service.name = "${POD.service}" && resource.k8s.pod.name = "${name}" && name = "${name}" }`;
  const found = await poll(seconds, async () => {
    const answer = await layer.ask<{ traces?: { traceID: string }[] }>('Tempo', '/api/search', { q: query });
    return answer?.traces?.[0]?.traceID;
  });
  if (!found) {
    return [`no span of ${name} is found: ${await layer.lastWords()}`];
  }
  const whole = await layer.ask<{ batches: { resource: { attributes: Attribute[] } }[] }>(
    'Tempo',
    `/api/traces/${found}`,
  );
  const pods = (whole?.batches ?? []).map(({ resource }) =>
    Object.fromEntries(resource.attributes.map(({ key, value }) => [key, value.stringValue])),
  );
  const attributes = pods.find((pod) => pod['service.name'] === POD.service);
  return differences(
    { ...attributes, trace: found },
    { trace, 'k8s.namespace.name': POD.namespace, 'k8s.pod.name': name, 'service.name': POD.service },
  );
}

/** Asked as Grafana asks, from a trace to its lines. */
async function logFaults(
  layer: TelemetryLayer,
  { name, trace }: Sender,
  text: string,
  more: Record<string, string> = {},
  seconds = SECONDS,
): Promise<string[]> {
  const query = `{service_name="${POD.service}"} | trace_id="${trace}" |= "${text}"`;
  const found = await poll(seconds, async () => (await linesOf(layer, query))?.[0]);
  const wanted = { k8s_namespace_name: POD.namespace, k8s_pod_name: name, ...more };
  return found ? differences(found, wanted) : [`no line '${text}' is found: ${await layer.lastWords()}`];
}

/** Loki takes what the dashboards ask; a warning of the service is on its own and on the platform's. */
async function dashboardLogs(layer: TelemetryLayer, { trace }: Sender, row: MakeRow): Promise<Row> {
  const queries = layer.logQueries;
  const faults: string[] = [];
  let shown = 0;
  for (const query of queries) {
    const streams = await linesOf(layer, query);
    if (!streams) {
      faults.push(`Loki does not take ${query}`);
    }
    shown += streams?.some(({ trace_id }) => trace_id === trace) ? 1 : 0;
  }
  return row("Loki takes the dashboards' queries", `${queries.length} queries`, [
    ...faults,
    ...(shown === 2 ? [] : [`a warning of ${POD.service} is shown by ${shown} dashboards instead of 2`]),
  ]);
}

async function linesOf(layer: TelemetryLayer, query: string): Promise<Record<string, string>[] | undefined> {
  const path = '/loki/api/v1/query_range';
  const answer = await layer.ask<{ data: { result: { stream: Record<string, string> }[] } }>('Loki', path, { query });
  return answer?.data.result.map(({ stream }) => stream);
}

async function spanMetricFaults(layer: TelemetryLayer, { name }: Sender): Promise<string[]> {
  const counted = { service: POD.service, k8s_namespace_name: POD.namespace, source: 'tempo' };
  const edge = { client: POD.service, server: POD.called, source: 'tempo' };
  return [
    ...(await seriesFaults(
      layer,
      `traces_spanmetrics_calls_total{span_name="${name}",service="${POD.service}"}`,
      counted,
    )),
    ...(await seriesFaults(layer, 'traces_service_graph_request_total', edge)),
  ];
}

/** From the curve of a service's answers one gets to a trace. */
async function exemplarFaults(layer: TelemetryLayer, { name, trace }: Sender): Promise<string[]> {
  const query = `traces_spanmetrics_latency_bucket{span_name="${name}"}`;
  const now = Math.floor(Date.now() / 1000);
  const found = await poll(SECONDS, async () => {
    const parameters = { query, start: `${now - 600}`, end: `${now + 600}` };
    const path = '/api/v1/query_exemplars';
    const answer = await layer.ask<{ data: { exemplars: { labels: Record<string, string> }[] }[] }>(
      'Prometheus',
      path,
      parameters,
    );
    return answer?.data[0]?.exemplars[0]?.labels;
  });
  const traces = layer.exemplarLabels.map((label) => found?.[label]).filter(Boolean);
  return traces.includes(trace) ? [] : [`${query} has no exemplar of the trace ${trace}, but ${JSON.stringify(found)}`];
}

function metricFaults(layer: TelemetryLayer, { name }: Sender): Promise<string[]> {
  const wanted = { namespace: POD.namespace, pod: name, job: `${POD.namespace}/${POD.service}` };
  return seriesFaults(layer, `conformance_sent_total{name="${name}"}`, wanted);
}

async function seriesFaults(layer: TelemetryLayer, query: string, wanted: Record<string, string>): Promise<string[]> {
  const found = await poll(SECONDS, async () => {
    const path = '/api/v1/query';
    const answer = await layer.ask<{ data: { result: { metric: Record<string, string> }[] } }>('Prometheus', path, {
      query,
    });
    return answer?.data.result[0]?.metric;
  });
  return found ? differences(found, wanted) : [`${query} is not found: ${await layer.lastWords()}`];
}

/** Each job that has pods or nodes here finds them, and whoever is found answers. */
async function targets(layer: TelemetryLayer, row: MakeRow, seconds = SECONDS): Promise<Row> {
  let faults: string[] = [];
  let active: Target[] = [];
  await poll(seconds, async () => {
    const answer = await layer.ask<{ data: { activeTargets: Target[] } }>('Prometheus', '/api/v1/targets');
    active = answer?.data.activeTargets ?? [];
    faults = [
      ...layer.jobs
        .filter((job) => !active.some(({ scrapePool }) => scrapePool === job))
        .map((job) => `${job} has no target`),
      ...active
        .filter(({ health }) => health !== 'up')
        .map(({ scrapePool, scrapeUrl, lastError }) => `${scrapePool} does not answer at ${scrapeUrl}: ${lastError}`),
    ];
    return faults.length === 0 ? true : undefined;
  });
  return row('Prometheus finds and scrapes pods and kubelet', `${active.length} targets`, faults);
}

function differences(found: Record<string, string | undefined>, wanted: Record<string, string>): string[] {
  return Object.entries(wanted)
    .filter(([key, value]) => found[key] !== value)
    .map(([key, value]) => `${key} is ${found[key] ?? 'not there'} instead of ${value}`);
}
