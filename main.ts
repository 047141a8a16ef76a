import * as path from 'path';
import { parseArgs } from 'util';
import { ArgoCd, CloudProvider, Environment, OidcProvider, Tls, WmsApp, WmsPlatform } from './lib';
import { summarize } from './lib/summary';

const REPOSITORY = 'https://github.com/temporal-wms/cdk8s-wms-platform.git';

const services = { registry: 'registry.example.com/wms', tag: '1.4.2' };

const oidc = new OidcProvider({ issuer: 'https://login.example.com' });

export const ENVIRONMENTS: readonly Environment[] = [
  Environment.development(),
  Environment.staging({ services, oidc, tls: Tls.certManager({ acme: { email: 'platform@example.com' } }) }),
  Environment.production({
    services,
    oidc,
    provider: CloudProvider.aws({ region: 'us-east-1', accountId: '123456789012' }),
  }),
];

/** One app for each environment, and one for Argo CD, which applies them. */
export function buildApps(dist: string): Map<string, WmsApp> {
  const apps = new Map<string, WmsApp>();
  for (const environment of ENVIRONMENTS) {
    const app = new WmsApp({ outdir: path.join(dist, environment.name) });
    new WmsPlatform(app, environment.name, { environment });
    apps.set(environment.name, app);
  }
  const argocd = new WmsApp({ outdir: path.join(dist, 'argocd') });
  new ArgoCd(argocd, 'argocd', {
    repoUrl: REPOSITORY,
    environments: [...apps].map(([name, app]) => ({ name, app, path: `dist/${name}` })),
  });
  return apps.set('argocd', argocd);
}

/** Writes all of them, or those that are named. */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quiet: { type: 'boolean', default: false } },
  });
  const apps = buildApps(process.env.CDK8S_OUTDIR ?? path.join(__dirname, 'dist'));
  const unknown = positionals.filter((name) => !apps.has(name));
  if (unknown.length > 0) {
    throw new Error(`unknown environment '${unknown.join("', '")}'; allowed: ${[...apps.keys()].join(', ')}`);
  }
  const selected = [...apps].filter(([name]) => positionals.length === 0 || positionals.includes(name));
  WmsApp.synthAll(selected.map(([, app]) => app));
  if (!values.quiet) {
    selected.forEach(([name, app]) => console.log(`${summarize(name, app)}\n`));
  }
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    console.error(`synth: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
