import * as fs from 'fs';
import * as path from 'path';
import { pathToFileURL } from 'url';
import { Environment, OidcProvider, Tls, WmsApp, WmsPlatform } from '../../../lib';
import { Manifest, nameOf, Part } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { INTERNET_ADDRESS, NODE_ADDRESS } from '../node/addresses';
import { Change, Node } from '../node/node';
import { loadStandIn, standInPod } from '../node/stand-ins';
import { poll } from '../poll';
import { runCommand } from '../run-command';
import { Workspace } from '../workspace';
import type { Visit, Visited } from './browser';
import { loadEdgeImages } from './images';

const NAMESPACE = 'ingress';

const ISSUER_HOST = 'login.example.com';

/** What answers in place of a service and a page. */
const ECHOES = [
  { workload: 'wms-platform/order-service', port: 8001 },
  { workload: 'temporal/temporal-ui', port: 8080 },
];

/** Whom the provider knows, and their groups. */
export const PEOPLE = { vera: ['wms-viewers'], otto: ['wms-operators'], nora: [] as string[] };

const READY_SECONDS = 240;

/** The way from the internet to a service and to a page, on a real node: as it is written but for the changes. */
export class Edge {
  /** Development with a provider of identities, and with certificates: what an operator would make of them, the suite does. */
  public static distribution(workspace: Workspace): Distribution {
    const directory = workspace.file('edge');
    const app = new WmsApp({ outdir: directory });
    const oidc = new OidcProvider({ issuer: `https://${ISSUER_HOST}` });
    const tls = Tls.certManager({ acme: { email: 'platform@example.com' } });
    new WmsPlatform(app, 'development', { environment: Environment.development({ oidc, tls }) });
    app.synth();
    return new Distribution('development', directory);
  }

  /** Loads the images, and starts the provider. */
  public static async prepare(workspace: Workspace, node: Node, distribution: Distribution): Promise<Edge> {
    const { manifests } = distribution;
    const identity = await selfSigned(node, 'provider', [ISSUER_HOST]);
    await loadStandIn(node, []);
    await loadEdgeImages(
      workspace,
      node,
      {
        ingressController: imageOf(manifests, 'ingress-controller', 'traefik'),
        waf: imageOf(manifests, 'waf', 'nginx'),
        oidcProxy: imageOf(manifests, 'oidc-proxy-temporal', 'oauth2-proxy'),
      },
      identity.certificate,
    );
    const clients = podsOf(manifests)
      .filter(({ owner }) => owner.metadata.name.startsWith('oidc-proxy-'))
      .map(({ owner, spec }) => clientOf(manifests, owner, spec.containers[0].args));
    const settings = {
      issuer: `https://${ISSUER_HOST}`,
      address: INTERNET_ADDRESS,
      ...identity,
      clients,
      people: PEOPLE,
    };
    const file = node.file('provider.json', JSON.stringify(settings));
    node.startOnInternet('provider', [process.execPath, path.join(__dirname, 'provider.mjs'), file]);
    return new Edge(node, distribution);
  }

  private count = 0;

  private constructor(
    private readonly node: Node,
    private readonly distribution: Distribution,
  ) {}

  /** The same from other manifests, on the same node. */
  public with(distribution: Distribution): Edge {
    return new Edge(this.node, distribution);
  }

  /** The host of the APIs, or of a page. */
  public host(name: string): string {
    const { spec } = this.distribution.manifests.find((m) => nameOf(m) === 'Ingress ingress/public-api')!;
    return spec.rules.map(({ host }: Part) => host as string).find((host: string) => host.startsWith(`${name}.`))!;
  }

  /** Applies all that runs here, and waits for it; a sentence for each fault. */
  public async start(): Promise<string[]> {
    const [refused] = await this.node.apply(this.distribution, CHANGES);
    if (refused) {
      throw new Failure(`the node takes the edge not: ${refused}`);
    }
    await this.node.applyObjects([...ECHOES.map((echo) => this.echo(echo)), await this.publicCertificate()]);
    const workloads = podsOf(this.distribution.manifests)
      .map(({ owner }) => owner)
      .filter(({ metadata }) => metadata.namespace === NAMESPACE);
    const faults = await this.node.waitReady(workloads, READY_SECONDS);
    // Ready pods are known to the ingress controller and to the network a moment later.
    await poll(faults.length > 0 ? 1 : 60, async () => {
      const [{ status }] = await this.visit([{ name: 'first', url: `https://${this.host('api')}/api/v1/orders` }]);
      return status === 200 ? true : undefined;
    });
    return faults;
  }

  /** Takes the service away that the API leads to. */
  public async removeService(): Promise<void> {
    await this.node.kubectlOk(['delete', 'pod', '-n', 'wms-platform', 'order-service-echo', '--wait']);
  }

  /** Makes visits from the internet, one after another, each with cookies of its own. */
  public async visit(visits: readonly Visit[]): Promise<Visited[]> {
    const hosts = ['api', 'grafana', 'temporal'].map((name) => this.host(name));
    const places = Object.fromEntries([
      ...[...hosts, 'other.example.com'].flatMap((host) => [
        [`${host}:80`, [NODE_ADDRESS, 30080]],
        [`${host}:443`, [NODE_ADDRESS, 30443]],
        [`${host}:30443`, [NODE_ADDRESS, 30443]],
      ]),
      [`${ISSUER_HOST}:443`, [INTERNET_ADDRESS, 443]],
    ]);
    const file = this.node.file(`visits-${this.count++}.json`, JSON.stringify({ places, visits }));
    const loader = pathToFileURL(require.resolve('tsx')).href;
    const browser = [process.execPath, '--import', loader, path.join(__dirname, 'browser.ts'), file];
    return JSON.parse(await this.node.fromInternet(browser)) as Visited[];
  }

  /** What a workload's containers have logged. */
  public async log(workload: string): Promise<string> {
    const args = ['logs', '-n', NAMESPACE, '-l', `app.kubernetes.io/instance=${workload}`, '--tail=-1'];
    return (await this.node.kubectl(args)).stdout;
  }

  /** What cert-manager puts where the Certificate says, but of no authority. */
  private async publicCertificate(): Promise<Manifest> {
    const { metadata, spec } = this.distribution.manifests.find(
      (m) => nameOf(m) === `Certificate ${NAMESPACE}/public-tls`,
    )!;
    const { certificate, key } = await selfSigned(this.node, metadata.name, spec.dnsNames);
    const data = { 'tls.crt': fs.readFileSync(certificate, 'utf8'), 'tls.key': fs.readFileSync(key, 'utf8') };
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { namespace: NAMESPACE, name: spec.secretName },
      stringData: data,
    };
  }

  private echo({ workload, port }: (typeof ECHOES)[number]): Manifest {
    const [namespace, name] = workload.split('/');
    const { metadata } = podsOf(this.distribution.manifests).find(
      ({ owner }) => nameOf(owner) === `Deployment ${workload}`,
    )!;
    const pod = standInPod(namespace, `${name}-echo`, metadata.labels, [{ name: 'http', containerPort: port }]);
    pod.spec.containers[0].command = ['stand-in', 'echo', `${port}`];
    return pod;
  }
}

/** What one node of this kind does otherwise. */
const CHANGES: readonly Change[] = [
  {
    reason: 'what is not on the way',
    change: (m) => (podsOf([m]).length > 0 && m.metadata.namespace !== NAMESPACE ? undefined : m),
  },
  {
    reason: "the authority for connections inside, as cert-manager's namespace is not here",
    change: (m) => (m.metadata.namespace === 'cert-manager' ? undefined : m),
  },
  {
    reason: "the firewall's exporter, whose program is not here",
    change: (m) => {
      if (nameOf(m) === 'Deployment ingress/waf') {
        const { spec } = m.spec.template;
        spec.containers = spec.containers.filter(({ name }: Part) => name !== 'exporter');
      }
      return m;
    },
  },
  {
    reason: 'the names of the internet, which nobody knows here',
    change: (m) => {
      if (m.kind === 'Deployment' && m.metadata.name.startsWith('oidc-proxy-')) {
        m.spec.template.spec.hostAliases = [{ ip: INTERNET_ADDRESS, hostnames: [ISSUER_HOST] }];
      }
      return m;
    },
  },
];

function imageOf(manifests: readonly Manifest[], workload: string, container: string): string {
  const pod = podsOf(manifests).find(({ owner }) => nameOf(owner) === `Deployment ${NAMESPACE}/${workload}`)!;
  return pod.spec.containers.find(({ name }: Part) => name === container).image as string;
}

/** A page's client, as its login is told. */
function clientOf(manifests: readonly Manifest[], owner: Manifest, args: readonly string[]) {
  const valueOf = (flag: string) =>
    args
      .find((arg) => arg.startsWith(`--${flag}=`))!
      .split('=')
      .slice(1)
      .join('=');
  const secret = manifests.find((m) => nameOf(m) === `Secret ${NAMESPACE}/${owner.metadata.name}`)!;
  return { id: valueOf('client-id'), secret: secret.stringData['client-secret'], redirect: valueOf('redirect-url') };
}

async function selfSigned(
  node: Node,
  name: string,
  hosts: readonly string[],
): Promise<{ certificate: string; key: string }> {
  const [certificate, key] = [node.file(`${name}.crt`), node.file(`${name}.key`)];
  const { code, stderr } = await runCommand('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/', '-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (code !== 0) {
    throw new Failure(`openssl makes no certificate: ${stderr.trim().split('\n').pop()}`);
  }
  return { certificate, key };
}
