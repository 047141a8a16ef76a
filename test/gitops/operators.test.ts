import * as fs from 'fs';
import * as path from 'path';
import { App } from 'cdk8s';
import { parse } from 'yaml';
import { ArgoCd, CloudProvider, Environment, Mesh, SecretsBackend, Tls, WmsApp, WmsPlatform } from '../../lib';
import { OPERATOR_VERSIONS } from '../../lib/gitops/operators';
import { SERVICE_IMAGES } from '../fixtures';
import { find, findAll, Manifest, manifestsOf } from '../manifest';

function argoCd(environment: Environment, cluster?: string): Manifest[] {
  const app = new WmsApp({ outdir: path.join('unwritten', environment.name) });
  new WmsPlatform(app, environment.name, { environment });
  const environments = [{ name: environment.name, app, path: `dist/${environment.name}`, cluster }];
  const repoUrl = 'https://github.com/example/platform.git';
  return manifestsOf(new ArgoCd(new App(), 'argocd', { repoUrl, environments }));
}

const staging = Environment.staging({ services: SERVICE_IMAGES });
const operatorsOf = (manifests: Manifest[]) =>
  findAll(manifests, 'Application').filter(({ spec }) => spec.project === 'wms-operators');

describe('the operators of an environment', () => {
  const manifests = argoCd(staging, 'gke-1');

  it('are Applications, in the order in which they need each other, before every environment', () => {
    const waves = operatorsOf(manifests).map(({ metadata }) => [
      metadata.name,
      Number(metadata.annotations['argocd.argoproj.io/sync-wave']),
    ]);
    expect(waves).toEqual([
      ['wms-staging-cert-manager', -3],
      ['wms-staging-external-secrets', -3],
      ['wms-staging-istio-base', -3],
      ['wms-staging-istio-cni', -2],
      ['wms-staging-istiod', -1],
    ]);
  });

  it('come from their charts, to the environment’s cluster', () => {
    expect(find(manifests, 'Application', 'wms-staging-istio-cni').spec).toEqual({
      project: 'wms-operators',
      source: {
        repoURL: 'https://blob.istio.io/istio-release/charts',
        chart: 'cni',
        targetRevision: OPERATOR_VERSIONS.istio,
        helm: {
          valuesObject: {
            global: { hub: 'docker.io/istio', istioNamespace: 'istio-system', platform: 'gke' },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      },
      destination: { name: 'gke-1', namespace: 'istio-cni' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
        managedNamespaceMetadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
        syncOptions: ['CreateNamespace=true', 'RespectIgnoreDifferences=true', 'ServerSideApply=true'],
      },
    });
  });

  it('may come from those repositories, to those namespaces, with the kinds of their charts alone', () => {
    const { spec } = find(manifests, 'AppProject', 'wms-operators');
    expect(spec.sourceRepos).toEqual([
      'https://blob.istio.io/istio-release/charts',
      'https://charts.external-secrets.io',
      'https://charts.jetstack.io',
    ]);
    expect(spec.destinations).toEqual(
      ['cert-manager', 'external-secrets', 'istio-cni', 'istio-system'].map((namespace) => ({
        name: 'gke-1',
        namespace,
      })),
    );
    expect(JSON.stringify(spec)).not.toContain('*');
  });

  it('follow the mesh: its revision, its control plane and its trust domain', () => {
    const mesh = Mesh.on({ revision: 'canary', controlPlaneNamespace: 'istio-control', trustDomain: 'example.org' });
    const provider = CloudProvider.aws({ region: 'us-east-1' });
    const production = argoCd(Environment.production({ services: SERVICE_IMAGES, mesh, provider }));
    expect(find(production, 'Application', 'wms-production-istio-base').spec.source.helm.valuesObject).toMatchObject({
      defaultRevision: 'canary',
    });
    expect(find(production, 'Application', 'wms-production-istiod').spec).toMatchObject({
      source: {
        helm: {
          valuesObject: {
            revision: 'canary',
            global: { hub: 'docker.io/istio', istioNamespace: 'istio-control' },
            meshConfig: { trustDomain: 'example.org' },
          },
        },
      },
      destination: { name: 'production', namespace: 'istio-control' },
    });
  });

  it('are those whose objects it uses', () => {
    const secrets = SecretsBackend.plain();
    const bare = Environment.staging({ services: SERVICE_IMAGES, mesh: Mesh.off(), tls: Tls.none(), secrets });
    expect(operatorsOf(argoCd(bare))).toEqual([]);
    expect(findAll(argoCd(bare), 'AppProject')).toHaveLength(1);
    const encrypted = Environment.staging({ services: SERVICE_IMAGES, mesh: Mesh.off(), secrets });
    expect(operatorsOf(argoCd(encrypted)).map(({ metadata }) => metadata.name)).toEqual(['wms-staging-cert-manager']);
  });

  it('have the versions that the imported classes are made from, and that the docs name', () => {
    const root = path.join(__dirname, '..', '..');
    const pinned = parse(fs.readFileSync(path.join(root, 'imports', 'crds.yaml'), 'utf8')) as {
      module: string;
      version: string;
    }[];
    const version = (module: string) => pinned.find((entry) => entry.module.includes(module))!.version;
    expect(OPERATOR_VERSIONS).toEqual({
      certManager: version('cert-manager'),
      externalSecrets: version('external-secrets').slice(1),
      istio: version('istio.io').slice(1),
    });
    const docs = fs.readFileSync(path.join(root, 'docs', 'prerequisites.md'), 'utf8');
    for (const each of Object.values(OPERATOR_VERSIONS)) {
      expect(docs).toContain(`--version ${each} `);
    }
  });
});
