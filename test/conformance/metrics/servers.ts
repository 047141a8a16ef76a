import { poll } from '../poll';
import { Failure } from '../failure';
import { toolDirectory } from '../tools';
import { freePort, Workspace } from '../workspace';
import { Distribution } from '../distribution';
import * as fs from 'fs';
import * as path from 'path';
import { stringify } from 'yaml';
import { argumentsOf, MetricsFiles } from './files';

/** The programs that metrics are proven with, by the name of their module in `tools/`. */
export const METRICS_TOOLS = ['alertmanager', 'prometheus'];

/** A rule as Prometheus tells of it. */
export interface EvaluatedRule {
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

/** Node of a query's syntax tree. */
interface Syntax {
  readonly name?: string;
  readonly matchers?: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  readonly [part: string]: unknown;
}

/**
 * Prometheus and Alertmanager as their pods start them, at free ports of the loopback address, with an environment's rules.
 * There is no API server that would tell of pods: Prometheus scrapes itself and Alertmanager.
 */
export class MetricsServers {
  public static async start(
    workspace: Workspace,
    distribution: Distribution,
    files: MetricsFiles,
  ): Promise<MetricsServers> {
    const [prometheusPort, alertmanagerPort] = [await freePort(), await freePort()];
    const [prometheus, alertmanager] = [`127.0.0.1:${prometheusPort}`, `127.0.0.1:${alertmanagerPort}`];
    const directory = path.dirname(path.dirname(files.prometheus));
    const config = path.join(directory, 'config', 'loopback.yaml');
    const targets = (target: string) => ({ static_configs: [{ targets: [target] }] });
    fs.writeFileSync(
      config,
      stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        alerting: { alertmanagers: [targets(alertmanager)] },
        rule_files: ['../rules/*.yaml'],
        scrape_configs: [
          { job_name: 'observability/prometheus', ...targets(prometheus) },
          { job_name: 'observability/alertmanager', ...targets(alertmanager) },
        ],
      }),
    );
    const data = (name: string) => path.join(directory, `${name}-data`);
    const programs = {
      alertmanager: path.join(await toolDirectory('alertmanager'), 'alertmanager'),
      prometheus: path.join(await toolDirectory('prometheus'), 'prometheus'),
    };
    workspace.start(`alertmanager-${distribution.name}`, programs.alertmanager, [
      ...argumentsOf(distribution, 'alertmanager', {
        '/etc/alertmanager/config': path.dirname(files.alertmanager),
        '=/alertmanager/': `=${data('alertmanager')}/`,
      }),
      `--web.listen-address=${alertmanager}`,
    ]);
    workspace.start(`prometheus-${distribution.name}`, programs.prometheus, [
      ...argumentsOf(distribution, 'prometheus', {
        '/etc/prometheus/config/prometheus.yaml': config,
        '=/prometheus/': `=${data('prometheus')}/`,
      }),
      `--web.listen-address=${prometheus}`,
    ]);
    const servers = new MetricsServers(`http://${prometheus}`, `http://${alertmanager}`);
    for (const [name, url] of Object.entries({ prometheus: servers.prometheus, alertmanager: servers.alertmanager })) {
      const ready = await poll(60, async () => ((await answerOf(`${url}/-/ready`))?.ok ? true : undefined));
      if (!ready) {
        throw new Failure(`${name} is not ready: ${workspace.logTail(`${name}-${distribution.name}`, 1)}`);
      }
    }
    return servers;
  }

  private constructor(
    private readonly prometheus: string,
    private readonly alertmanager: string,
  ) {}

  /** All rules, when each of them has been evaluated. */
  public async rules(): Promise<EvaluatedRule[]> {
    const evaluated = async () => {
      const { groups } = await this.ask<{ groups: { rules: EvaluatedRule[] }[] }>('rules');
      const rules = groups.flatMap((group) => group.rules);
      return rules.length > 0 && rules.every(({ health }) => health !== 'unknown') ? rules : undefined;
    };
    return (await poll(60, evaluated)) ?? [];
  }

  /** The names of all metrics that it has, when it has scraped both. */
  public async names(): Promise<string[]> {
    await poll(30, async () => {
      const { activeTargets } = await this.ask<{ activeTargets: { health: string }[] }>('targets');
      return activeTargets.length === 2 && activeTargets.every(({ health }) => health === 'up') ? true : undefined;
    });
    return this.ask<string[]>('label/__name__/values');
  }

  /** The names of the metrics in a query, by Prometheus' own parser. */
  public async namesIn(query: string): Promise<NamePattern[]> {
    return namesOf(await this.ask<Syntax>(`parse_query?query=${encodeURIComponent(query)}`));
  }

  /** Sends an alert as Prometheus does, and asks for it: the receivers that Alertmanager would tell. */
  public async receiversOf(severity: string): Promise<string[]> {
    const alert = { labels: { alertname: `Conformance-${severity}`, severity }, annotations: {} };
    const url = `${this.alertmanager}/api/v2/alerts`;
    await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify([alert]),
    });
    const receivers = await poll(20, async () => {
      const answer = await answerOf(url);
      const alerts = ((await answer?.json()) ?? []) as {
        labels: { alertname: string };
        receivers: { name: string }[];
      }[];
      return alerts
        .find(({ labels }) => labels.alertname === alert.labels.alertname)
        ?.receivers.map(({ name }) => name);
    });
    return receivers ?? [];
  }

  private async ask<T>(what: string): Promise<T> {
    const answer = await answerOf(`${this.prometheus}/api/v1/${what}`);
    const { status, data, error } = (await answer?.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') {
      throw new Failure(`Prometheus does not answer ${what.slice(0, 60)}: ${error ?? status}`);
    }
    return data;
  }
}

/** A metric's name, or what several names match. */
export interface NamePattern {
  readonly text: string;
  readonly matches: (name: string) => boolean;
}

function namesOf(syntax: unknown): NamePattern[] {
  if (Array.isArray(syntax)) {
    return syntax.flatMap(namesOf);
  }
  if (typeof syntax !== 'object' || syntax === null) {
    return [];
  }
  const { matchers = [], ...rest } = syntax as Syntax;
  const own = matchers
    .filter(({ name }) => name === '__name__')
    .map(({ type, value }) => {
      const pattern = new RegExp(`^(?:${value})$`);
      return { text: value, matches: (name: string) => (type === '=~' ? pattern.test(name) : name === value) };
    });
  return [...own, ...Object.values(rest).flatMap(namesOf)];
}

async function answerOf(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url);
  } catch {
    return undefined;
  }
}
