import { App, Chart } from 'cdk8s';
import { ClusterEnvironmentProps, DevelopmentProps, Environment, Mesh, WmsPlatform, WmsPlatformBase } from '../lib';
import { chartId } from '../lib/topology/namespaces';
import { Manifest, manifestsOf } from './manifest';

export const SERVICE_IMAGES = { registry: 'registry.example.com/wms', tag: '1.4.2' };

/** Production without its mesh, which is tested by itself. */
export function production(props: Partial<ClusterEnvironmentProps> = {}): Environment {
  return Environment.production({ services: SERVICE_IMAGES, mesh: Mesh.off(), ...props });
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

export function allManifests(app: App): Manifest[] {
  return app.charts.flatMap(manifestsOf);
}

/** The manifests of one of the platform's namespaces. */
export function namespaceManifests(app: App, namespace: string): Manifest[] {
  return manifestsOf(app.node.findChild(chartId(namespace)));
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
