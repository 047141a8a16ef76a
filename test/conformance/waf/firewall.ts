import * as fs from 'fs';
import * as path from 'path';
import { pathToFileURL } from 'url';
import { nameOf, Part } from '../../manifest';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { poll } from '../poll';
import { Cage } from '../node/cage';
import { Workspace } from '../workspace';
import { CoreRuleSet } from './core-rule-set';
import { Outcome, Request, StandIn } from './exchange';

/** The address of somebody who is no proxy of the platform. */
export const STRANGER = '198.51.100.9';

/** A line of the firewall's logs. */
export interface LogLine {
  readonly [field: string]: Part;
}

/** The container that the manifests run as a firewall, as far as it can run without its image. */
interface Container {
  readonly image: string;
  readonly host: string;
  readonly command: readonly string[];
  readonly user: number;
  readonly files: Readonly<Record<string, string>>;
  readonly port: number;
  readonly health: { readonly port: number; readonly path: string };
}

/** The firewall of an environment, started as its pod is, in a network of its own with the services behind it. */
export class Firewall {
  /** Starts it; it ends with the workspace at the latest. */
  public static async start(workspace: Workspace, distribution: Distribution, ruleSet: CoreRuleSet): Promise<Firewall> {
    const container = containerOf(distribution);
    const cage = await Cage.open(workspace);
    // On one machine, whoever has the firewall's own port cannot have it too; none of its routes leads there.
    const services = servicesOf(distribution).filter(({ port }) => port !== container.port);
    const firewall = new Firewall(cage, container, services);
    await cage.runOk('ip', ['link', 'set', 'lo', 'up']);
    // The addresses that its clients come from.
    for (const network of ['10.1.0.0/16', `${STRANGER}/32`]) {
      await cage.runOk('ip', ['route', 'add', 'local', network, 'dev', 'lo']);
    }
    for (const [name, content] of Object.entries(container.files)) {
      fs.chmodSync(cage.file(`files/${name}`, content), 0o644);
    }
    fs.chmodSync(cage.file('files'), 0o755);
    await cage.runOk('bash', [script('root.sh'), firewall.root, cage.file('files'), ruleSet.directory]);
    const { user, command } = container;
    cage.start('firewall', 'bash', [
      script('run.sh'),
      firewall.root,
      `${user}`,
      firewall.output,
      firewall.errors,
      ...command,
    ]);
    return firewall;
  }

  private constructor(
    private readonly cage: Cage,
    private readonly container: Container,
    private readonly services: readonly StandIn[],
  ) {}

  /** The host name that the manifests make public. */
  public get host(): string {
    return this.container.host;
  }

  /** The paranoia level that it is set to. */
  public get paranoiaLevel(): number {
    const [, level] = /blocking_paranoia_level=(\d)/.exec(this.container.files['modsecurity.conf']) ?? [];
    return Number(level);
  }

  /** The image that the manifests name. */
  public get image(): string {
    return this.container.image;
  }

  /** Sends requests to it, as clients behind its ingress controller do. */
  public async send(requests: readonly Request[]): Promise<Outcome> {
    const { port, health } = this.container;
    const input = JSON.stringify({ services: this.services, port, health, requests });
    const loader = pathToFileURL(require.resolve('tsx')).href;
    const stdout = await this.cage.runOk(process.execPath, ['--import', loader, script('traffic.ts')], { input });
    const outcome = JSON.parse(stdout) as Outcome;
    if (outcome.health.status === 0) {
      throw new Failure(`the firewall does not start: ${this.lastError()}`);
    }
    return outcome;
  }

  /**
   * What it has logged: requests, what ModSecurity says of those that it refuses, and messages of nginx. A request is
   * logged after it is answered, so the lines of the last ones are waited for.
   */
  public async log(requests: number): Promise<LogLine[]> {
    const complete = await poll(10, () => {
      const lines = this.lines();
      return Promise.resolve(lines.filter((line) => line.request_id).length >= requests ? lines : undefined);
    });
    return complete ?? this.lines();
  }

  private lines(): LogLine[] {
    const text = [this.output, this.errors].map((file) => fs.readFileSync(file, 'utf8')).join('');
    return text.split('\n').filter(Boolean).map(logLine);
  }

  /** What its processes hold in memory together, in MiB. */
  public async memory(): Promise<number> {
    const sum = 'for p in $(pgrep -x nginx); do grep ^Pss: /proc/$p/smaps_rollup; done';
    const kibibytes = [...(await this.cage.runOk('bash', ['-c', sum])).matchAll(/\d+/g)].map(Number);
    return Math.round(kibibytes.reduce((total, one) => total + one, 0) / 1024);
  }

  /** Ends it, and all that is around it. */
  public async stop(): Promise<void> {
    await this.cage.stop();
  }

  private get root(): string {
    return path.join(this.cage.directory, 'root');
  }

  private get output(): string {
    return path.join(this.cage.directory, 'output');
  }

  private get errors(): string {
    return path.join(this.cage.directory, 'errors');
  }

  private lastError(): string {
    const errors = fs.existsSync(this.errors) ? fs.readFileSync(this.errors, 'utf8') : this.cage.logTail('firewall');
    return errors.trim().split('\n').pop() || 'it says nothing';
  }
}

/** A message of nginx begins with its time; what has a brace at its begin or end is JSON, or was. */
function logLine(line: string): LogLine {
  if (!/^[{"]|\}$/.test(line)) {
    return { message: line };
  }
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { torn: line };
  }
}

function script(name: string): string {
  return path.join(__dirname, name);
}

function containerOf({ manifests }: Distribution): Container {
  const find = (name: string) => {
    const found = manifests.find((manifest) => nameOf(manifest) === name);
    if (!found) {
      throw new Failure(`the manifests have no ${name}`);
    }
    return found;
  };
  const pod: Part = find('Deployment ingress/waf').spec.template.spec;
  const nginx: Part = pod.containers.find((container: Part) => container.name === 'nginx');
  const portNamed = (name: string): number => nginx.ports.find((port: Part) => port.name === name).containerPort;
  const { path: page, port } = nginx.readinessProbe.httpGet;
  return {
    image: nginx.image,
    host: find('Ingress ingress/public-api').spec.rules[0].host,
    command: nginx.command,
    user: pod.securityContext.runAsUser,
    files: find('ConfigMap ingress/waf').data,
    port: portNamed('http'),
    health: { port: portNamed(port), path: page },
  };
}

/** The Services of the platform's namespaces, each at an address of its own. */
function servicesOf({ manifests }: Distribution): StandIn[] {
  return manifests
    .filter(({ kind, metadata }) => kind === 'Service' && metadata.namespace === 'wms-platform')
    .flatMap(({ metadata, spec }, index) =>
      spec.ports.map(({ port }: Part) => ({
        host: `${metadata.name}.${metadata.namespace}.svc.cluster.local`,
        address: `127.0.1.${index + 1}`,
        port,
      })),
    );
}
