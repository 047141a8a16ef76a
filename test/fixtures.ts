import { App, Chart, Testing } from 'cdk8s';
import { ClusterEnvironmentProps, DevelopmentProps, Environment, WmsPlatform, WmsPlatformBase } from '../lib';
import { chartId } from '../lib/topology/namespaces';

/** What the tests read of a container. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
  readonly env?: { name: string; valueFrom: unknown }[];
  readonly ports?: { name: string; containerPort: number }[];
  readonly resources: { requests: Record<string, string>; limits: Record<string, string> };
}

/** What the tests read of a manifest. Which of it is there depends on the kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Record<string, string>;
    readonly annotations: Record<string, string>;
  };
  readonly data: Record<string, string>;
  readonly stringData: Record<string, string>;
  readonly rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  readonly spec: {
    readonly replicas?: number;
    readonly hard: Record<string, string>;
    readonly limits: unknown[];
    readonly target: { template: { data: Record<string, string> } };
    readonly egress: { to: unknown[]; ports: { port: number }[] }[];
    readonly ingress: { from: unknown[]; ports: { port: number }[] }[];
    readonly template: {
      readonly metadata: { annotations: Record<string, string> };
      readonly spec: { containers: Container[]; [field: string]: unknown };
    };
  };
}

export const SERVICE_IMAGES = { registry: 'registry.example.com/wms', tag: '1.4.2' };

export function production(props: Partial<ClusterEnvironmentProps> = {}): Environment {
  return Environment.production({ services: SERVICE_IMAGES, ...props });
}

export function development(props: DevelopmentProps = {}): Environment {
  return Environment.development(props);
}

/** A whole platform in an app of its own. */
export function platformOf(environment: Environment, services = {}): { app: App; platform: WmsPlatform } {
  const app = new App();
  return { app, platform: new WmsPlatform(app, environment.name, { environment, services }) };
}

/** A team's chart beside a platform that somebody else has deployed. */
export function guestChart(
  environment = production(),
  namespace = 'wms-platform',
): { app: App; chart: Chart; platform: WmsPlatformBase } {
  const app = new App();
  const chart = new Chart(app, 'test', { namespace });
  return { app, chart, platform: WmsPlatform.fromEnvironment(chart, 'platform', environment) };
}

export function manifestsOf(chart: Chart): Manifest[] {
  return Testing.synth(chart) as Manifest[];
}

export function allManifests(app: App): Manifest[] {
  return app.charts.flatMap(manifestsOf);
}

/** The manifests of one of the platform's namespaces. */
export function namespaceManifests(app: App, namespace: string): Manifest[] {
  return manifestsOf(app.node.findChild(chartId(namespace)) as Chart);
}

export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((m) => m.kind === kind && m.metadata.name === name);
  if (found.length !== 1) {
    throw new Error(`${found.length} of ${kind} ${name} among ${namesOf(manifests).join(', ')}`);
  }
  return found[0];
}

/** `Deployment order-service` of each manifest, sorted. */
export function namesOf(manifests: readonly Manifest[]): string[] {
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

export function kindsOf(manifests: readonly Manifest[]): string[] {
  return [...new Set(manifests.map(({ kind }) => kind))].sort();
}

/** A quantity in thousandths, whatever its unit: `1000m` and `1` are the same. */
export function amount(quantity: string): number {
  const [, digits, unit] = /^(\d+)(m|Ki|Mi|Gi|)$/.exec(quantity)!;
  const factors: Record<string, number> = {
    m: 1,
    '': 1000,
    Ki: 1000 * 2 ** 10,
    Mi: 1000 * 2 ** 20,
    Gi: 1000 * 2 ** 30,
  };
  return Number(digits) * factors[unit];
}
