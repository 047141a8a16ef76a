import * as fs from 'fs';
import * as path from 'path';
import { parse, stringify } from 'yaml';
import { AlertReceiver, Alerting } from '../../../lib';
import { alertmanagerConfig } from '../../../lib/components/alertmanager-config';
import { alertCases, promtoolTests, rulesIn } from '../../rules/cases';
import { breaks, Breakage } from '../breakage';
import { Distribution } from '../distribution';
import { MetricsFiles, writeFiles } from '../metrics/files';
import { MetricsServers } from '../metrics/servers';
import { Row } from '../report';
import { runCommand } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';

const NAMES = path.join(__dirname, '..', 'metrics', 'metric-names.yaml');

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
    await names(subject, servers, files),
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

/** Every name in a rule is recorded by another, exposed by a program that runs here, or listed with its source. */
async function names(subject: string, servers: MetricsServers, { rules }: MetricsFiles): Promise<Row> {
  const scraped = await servers.names();
  const lists = parse(fs.readFileSync(NAMES, 'utf8')) as Record<string, { names: string[] }>;
  const listed = Object.values(lists).flatMap((list) => list.names);
  const all = rules.flatMap((file) => rulesIn(fs.readFileSync(file, 'utf8')));
  const recorded = all.flatMap(({ record }) => (record ? [record] : []));
  const known = [...scraped, ...listed, ...recorded];
  const patterns = (await Promise.all(all.map(async ({ expr }) => servers.namesIn(expr)))).flat();
  const used = new Map(patterns.map((pattern) => [pattern.text, pattern]));
  const unused = listed.filter((name) => ![...used.values()].some(({ matches }) => matches(name)));
  const real = [...used.values()].filter(({ matches }) => scraped.some(matches)).length;
  return row('every metric of a rule exists', subject, `${used.size} names, ${real} of them scraped`, [
    ...[...used.values()].filter(({ matches }) => !known.some(matches)).map(({ text }) => `nobody exposes ${text}`),
    ...unused.map((name) => `no rule uses ${name}, which is listed`),
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
    /^nobody exposes pg_upp$/,
  ),
];

function changesFile(title: string, object: string, file: string, from: RegExp, to: string, says: RegExp): Breakage {
  return breaks(title, object, ({ data }) => (data[file] = data[file].replace(from, () => to)), says);
}
