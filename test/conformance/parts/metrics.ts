import * as fs from 'fs';
import * as path from 'path';
import { parse, stringify } from 'yaml';
import { AlertReceiver, Alerting } from '../../../lib';
import { alertmanagerConfig } from '../../../lib/components/alertmanager-config';
import { alertCases, promtoolTests, Rule, rulesIn } from '../../rules/cases';
import { breaks, Breakage } from '../breakage';
import { Distribution } from '../distribution';
import { dashboardQueries, otherQueries } from '../metrics/dashboards';
import { MetricsFiles, writeFiles } from '../metrics/files';
import { metricLists, namesOfList, PROVING_PARTS } from '../metrics/names';
import { MetricsServers, NamePattern } from '../metrics/servers';
import { Row } from '../report';
import { runCommand } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';

/** The metrics of an environment: Prometheus' and Alertmanager's own programs take its files. */
export async function checkMetrics(workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  const files = writeFiles(distribution, workspace.file(`metrics-${Date.now()}-${distribution.name}`));
  return [await configurations(distribution.name, files), ...(await alertsAndNames(workspace, distribution, files))];
}

/** Every kind of receiver that an environment can have. */
export async function checkReceivers(workspace: Workspace): Promise<Row> {
  const mailbox = { to: 'operators@example.com', from: 'wms@example.com', host: 'smtp.example.com' };
  const receivers = {
    webhook: AlertReceiver.webhook({ url: 'https://alerts.example.com/wms' }),
    pagerDuty: AlertReceiver.pagerDuty(),
    slack: AlertReceiver.slack({ channel: '#wms-alerts' }),
    email: AlertReceiver.email(mailbox),
  };
  const amtool = path.join(await toolDirectory('alertmanager'), 'amtool');
  const faults = await Promise.all(
    Object.entries(receivers).map(async ([name, critical]) => {
      const file = workspace.file(`receivers/${name}.yaml`, alertmanagerConfig(Alerting.to({ critical })));
      return check(amtool, ['check-config', file]);
    }),
  );
  const kinds = Object.keys(receivers);
  return row('amtool takes every kind of receiver', 'receivers', kinds.join(', '), faults.flat());
}

async function configurations(subject: string, { prometheus, rules, alertmanager }: MetricsFiles): Promise<Row> {
  const promtool = path.join(await toolDirectory('prometheus'), 'promtool');
  const amtool = path.join(await toolDirectory('alertmanager'), 'amtool');
  const faults = [
    // The files that it names are in the pod.
    ...(await check(promtool, ['check', 'config', '--syntax-only', '--lint-fatal', prometheus])),
    ...(await check(promtool, ['check', 'rules', '--lint-fatal', ...rules])),
    ...(await check(amtool, ['check-config', alertmanager])),
  ];
  const jobs = (parse(fs.readFileSync(prometheus, 'utf8')) as { scrape_configs: object[] }).scrape_configs.length;
  return row('promtool and amtool take its files', subject, `${jobs} jobs, ${rules.length} files of rules`, faults);
}

async function alertsAndNames(workspace: Workspace, distribution: Distribution, files: MetricsFiles): Promise<Row[]> {
  const subject = distribution.name;
  if (subject !== 'production') {
    return [];
  }
  const servers = await MetricsServers.start(workspace, distribution, files);
  const rules = await servers.rules();
  const unwell = rules.filter(({ health }) => health !== 'ok').map(({ name, lastError }) => `${name}: ${lastError}`);
  const receivers = await servers.receiversOf('critical');
  return [
    await firing(subject, files),
    row('Prometheus evaluates every rule', subject, `${rules.length} rules`, [
      ...unwell,
      ...(rules.length > 0 ? [] : ['it has no rules']),
    ]),
    row(
      'Alertmanager takes an alert',
      subject,
      `for ${receivers.join(', ')}`,
      receivers.length > 0 ? [] : ['it does not'],
    ),
    await names(
      subject,
      servers,
      distribution,
      files.rules.flatMap((file) => rulesIn(fs.readFileSync(file, 'utf8'))),
    ),
  ];
}

/** Every alert fires with its text in its case, and is silent in the other. */
async function firing(subject: string, { rules }: MetricsFiles): Promise<Row> {
  const promtool = path.join(await toolDirectory('prometheus'), 'promtool');
  const cases = alertCases();
  let count = 0;
  const tests = rules.map((file) => {
    const own = rulesIn(fs.readFileSync(file, 'utf8'));
    count += own.filter(({ alert }) => alert).length;
    const test = path.join(path.dirname(path.dirname(file)), `test-${path.basename(file)}`);
    fs.writeFileSync(test, stringify(promtoolTests(file, own, cases)));
    return test;
  });
  const { code, stdout, stderr } = await runCommand(promtool, ['test', 'rules', ...tests]);
  const said = `${stdout}\n${stderr}`;
  const failed = [...said.matchAll(/name: (.+?),?\n([\s\S]*?)(?=\n\s*name: |\n\n|$)/g)].map(
    ([, name, what]) => `${name}: ${what.replace(/\s+/g, ' ').trim().slice(0, 300)}`,
  );
  const faults = code === 0 ? [] : failed.length > 0 ? failed : [said.trim()];
  return row('every alert fires, and is silent', subject, `${count} alerts`, faults);
}

/**
 * Every name in a rule or dashboard is recorded by a rule, exposed by a program that runs here, or listed, with the part in
 * which a real one is asked for it or with its source alone.
 */
async function names(
  subject: string,
  servers: MetricsServers,
  distribution: Distribution,
  rules: Rule[],
): Promise<Row> {
  const scraped = await servers.names();
  const lists = Object.values(metricLists());
  const listed = lists.flatMap(namesOfList);
  const recorded = rules.flatMap(({ record }) => (record ? [record] : []));
  const known = [...scraped, ...listed, ...recorded];
  const queries = [
    ...rules.map(({ expr, alert, record }) => ({ place: alert ?? record!, query: expr })),
    ...dashboardQueries(distribution),
  ];
  const used = new Map<string, NamePattern & { readonly place: string }>();
  for (const { place, query } of queries) {
    for (const pattern of await servers.namesIn(query)) {
      used.set(pattern.text, { ...pattern, place: used.get(pattern.text)?.place ?? place });
    }
  }
  const all = [...used.values()];
  const among = (names: readonly string[]) => all.filter(({ matches }) => names.some(matches)).length;
  const proven = lists.filter((list) => list.proven).flatMap(({ names }) => names);
  const figures = `${all.length} names: ${among(scraped)} scraped here, ${among(proven)} in other parts`;
  return row('every metric of a rule or dashboard exists', subject, figures, [
    ...all.filter(({ matches }) => !known.some(matches)).map(({ text, place }) => `nobody exposes ${text} (${place})`),
    ...listed
      .filter((name) => !all.some(({ matches }) => matches(name)))
      .map((name) => `no rule or dashboard uses ${name}, which is listed`),
    ...lists.flatMap(({ proven: part }) =>
      part === undefined || PROVING_PARTS.includes(part) ? [] : [`no part ${part} proves what metrics exist`],
    ),
    ...otherQueries(distribution).map((place) => `${place}: what it asks for is not looked into`),
  ]);
}

async function check(program: string, args: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCommand(program, args);
  const said = `${stdout}\n${stderr}`.trim().replace(/\s+/g, ' ');
  return code === 0 ? [] : [`${path.basename(program)} ${args[0]}: ${said.slice(-400)}`];
}

function row(what: string, subject: string, figures: string, faults: readonly string[]): Row {
  return { part: 'metrics', check: what, subject, figures, faults };
}

const RULES = 'ConfigMap observability/prometheus-rules';

/** Rules and configurations that are wrong. */
export const METRICS_BREAKAGES: readonly Breakage[] = [
  changesFile(
    'a job of unknown settings',
    'ConfigMap observability/prometheus',
    'prometheus.yaml',
    /metrics_path:/,
    'metrics_paht:',
    /^promtool check: .*metrics_paht/,
  ),
  changesFile(
    'an alert that never fires',
    RULES,
    'mongodb.yaml',
    /expr: mongodb_up == 0/,
    'expr: mongodb_up < 0',
    /^MongoDbMemberDown fires: /,
  ),
  changesFile(
    'an alert that always fires',
    RULES,
    'kafka.yaml',
    /expr: max by \(namespace\) \(kafka_brokers\) < 3/,
    'expr: max by (namespace) (kafka_brokers) < 4',
    /^KafkaBrokerMissing is silent: /,
  ),
  changesFile(
    'a metric that nobody exposes',
    RULES,
    'postgresql.yaml',
    /expr: pg_up == 0/,
    'expr: pg_upp == 0',
    /^nobody exposes pg_upp \(PostgreSqlDown\)$/,
  ),
  changesFile(
    'a metric of a dashboard that nobody exposes',
    'ConfigMap observability/grafana-dashboard-kafka',
    'kafka.json',
    /max\(kafka_brokers\)/,
    'max(kafka_broker)',
    /^nobody exposes kafka_broker \(kafka\.json, Brokers\)$/,
  ),
  changesFile(
    'a metric that only a list still names',
    'ConfigMap observability/grafana-dashboard-ingress',
    'ingress.json',
    /nginx_connections_active/,
    'nginx_up',
    /^no rule or dashboard uses nginx_connections_active, which is listed$/,
  ),
];

function changesFile(title: string, object: string, file: string, from: RegExp, to: string, says: RegExp): Breakage {
  return breaks(title, object, ({ data }) => (data[file] = data[file].replace(from, () => to)), says);
}
