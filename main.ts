import * as path from 'path';
import { parseArgs } from 'util';
import { ArgoCd, Environment, WmsApp, WmsPlatform } from './lib';
import { summarize } from './lib/summary';

const REPOSITORY = 'https://github.com/temporal-wms/cdk8s-wms-platform.git';

const services = { registry: 'registry.example.com/wms', tag: '1.4.2' };

const environments = [
  Environment.development(),
  Environment.staging({ services }),
  Environment.production({ services }),
];

/** Builds the platform of every environment, and writes all of them or those that are named. */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quiet: { type: 'boolean', default: false } },
  });
  const dist = process.env.CDK8S_OUTDIR ?? path.join(__dirname, 'dist');

  const apps = new Map(
    environments.map((environment) => {
      const app = new WmsApp({ outdir: path.join(dist, environment.name) });
      new WmsPlatform(app, environment.name, { environment });
      return [environment.name, app];
    }),
  );
  const argocd = new WmsApp({ outdir: path.join(dist, 'argocd') });
  new ArgoCd(argocd, 'argocd', {
    repoUrl: REPOSITORY,
    environments: [...apps].map(([name, app]) => ({ name, app, path: `dist/${name}` })),
  });
  apps.set('argocd', argocd);

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

try {
  main();
} catch (error) {
  console.error(`synth: ${(error as Error).message}`);
  process.exitCode = 1;
}
