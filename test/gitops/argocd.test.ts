import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { parseAllDocuments } from 'yaml';
import { WmsApp } from '../../lib/app';
import { ArgoCd, ArgoCdEnvironment, ArgoCdProps } from '../../lib/gitops/argocd';
import { Credential } from '../../lib/secrets/credential';
import { Secret } from '../../lib/secrets/secret';
import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { chartOf, setCluster, TestWorkload } from '../connections/fixtures';
import { find, findAll, Manifest, manifestsOf } from '../manifest';

const REPOSITORY = 'https://github.com/example/platform.git';

let dist: string;

beforeEach(() => {
  dist = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-'));
});

afterEach(() => {
  fs.rmSync(dist, { recursive: true });
});

/** An app with a workload in each namespace, a cluster-scoped object, and secrets of its backend. */
function environmentApp(name: string, namespaces: string[], secrets = SecretsBackend.plain()): WmsApp {
  const app = new WmsApp({ outdir: path.join(dist, name) });
  setCluster(app, { secrets });
  new k8s.KubeNamespace(new Chart(app, 'cluster'), 'namespace', { metadata: { name: namespaces[0] } });
  for (const namespace of namespaces) {
    const chart = chartOf(app, namespace);
    new TestWorkload(chart, 'server');
    const password = new Credential({ path: 'server', description: 'a password' });
    const identity = { box: 'server', workload: 'server', component: 'api' };
    new Secret(chart, 'secret', { name: 'server', identity, data: { PASSWORD: [password] } });
  }
  return app;
}

function argoCd(environments: ArgoCdEnvironment[], props: Partial<ArgoCdProps> = {}): ArgoCd {
  return new ArgoCd(new App(), 'argocd', { repoUrl: REPOSITORY, environments, ...props });
}

const environment = (name: string, app: WmsApp) => ({ name, app, path: `dist/${name}` });
const project = (chart: Chart) => find(chart, 'AppProject', 'wms-platform');

describe('Argo CD', () => {
  it('has one Application for each environment, and one project.', () => {
    const apps = ['staging', 'production'].map((name) => environment(name, environmentApp(name, ['kafka'])));
    expect(manifestsOf(argoCd(apps)).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'AppProject wms-platform',
      'Application wms-staging',
      'Application wms-production',
    ]);
  });

  it('applies an environment’s directory from the main branch to the cluster of its name.', () => {
    const chart = argoCd([environment('staging', environmentApp('staging', ['kafka']))]);
    expect(find(chart, 'Application', 'wms-staging')).toEqual({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'wms-staging',
        namespace: 'argocd',
        annotations: { 'argocd.argoproj.io/sync-wave': '0' },
        labels: {
          'app.kubernetes.io/name': 'wms-staging',
          'app.kubernetes.io/component': 'gitops',
          'app.kubernetes.io/part-of': 'wms-platform',
          'app.kubernetes.io/managed-by': 'cdk8s',
        },
      },
      spec: {
        project: 'wms-platform',
        source: {
          repoURL: REPOSITORY,
          targetRevision: 'main',
          path: 'dist/staging',
          directory: { include: '*.k8s.yaml' },
        },
        destination: { name: 'staging' },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
          syncOptions: [
            'PruneLast=true',
            'RespectIgnoreDifferences=true',
            'ServerSideApply=true',
            'SkipDryRunOnMissingResource=true',
          ],
        },
      },
    });
  });

  it('renders every prop.', () => {
    const production: Required<ArgoCdEnvironment> = {
      name: 'production',
      app: environmentApp('production', ['kafka']),
      path: 'manifests/production',
      cluster: 'eks-1',
    };
    const props: Required<ArgoCdProps> = {
      repoUrl: 'git@github.com:example/platform.git',
      environments: [production],
      revision: 'v1.2.3',
      argoCdNamespace: 'gitops',
    };
    const chart = new ArgoCd(new App(), 'argocd', props);
    const application = find(chart, 'Application', 'wms-production');
    expect(application.spec).toMatchObject({
      source: {
        repoURL: 'git@github.com:example/platform.git',
        targetRevision: 'v1.2.3',
        path: 'manifests/production',
      },
      destination: { name: 'eks-1' },
    });
    expect(project(chart).spec).toMatchObject({
      sourceRepos: ['git@github.com:example/platform.git'],
      destinations: [{ name: 'eks-1', namespace: 'kafka' }],
    });
    expect(manifestsOf(chart).map(({ metadata }) => metadata.namespace)).toEqual(['gitops', 'gitops']);
  });

  it.each(['', 'github.com/example/platform', 'http://github.com/example/platform', 'https://', 'https://a b', '../x'])(
    'refuses the repository %j.',
    (repoUrl) => {
      expect(() => argoCd([], { repoUrl })).toThrow(
        `[argocd] '${repoUrl}' is no repository; allowed: an https://, ssh:// or git@ address`,
      );
    },
  );

  it.each([REPOSITORY, 'ssh://git@example.com/platform.git', 'git@example.com:platform.git'])(
    'takes the repository %s.',
    (repoUrl) => {
      expect(project(argoCd([], { repoUrl })).spec.sourceRepos).toEqual([repoUrl]);
    },
  );

  it('refuses two environments of one name.', () => {
    const twice = environment('staging', environmentApp('staging', ['kafka']));
    expect(() => argoCd([twice, twice])).toThrow("[argocd] environment 'staging' is named twice; allowed: each once");
  });

  it('refuses an environment whose name is none.', () => {
    expect(() => argoCd([environment('Staging', environmentApp('staging', ['kafka']))])).toThrow(
      "[argocd] 'wms-Staging' is no Application name; allowed: lower-case letters",
    );
  });
});

describe('The project', () => {
  const written = (name: string) =>
    fs
      .readdirSync(path.join(dist, name))
      .flatMap((file) => parseAllDocuments(fs.readFileSync(path.join(dist, name, file), 'utf8')))
      .map((document) => document.toJSON() as Manifest);
  const group = ({ apiVersion }: Manifest) => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');
  const text = (items: unknown[]) => items.map((item) => JSON.stringify(item));
  const sorted = (items: unknown[]) => [...new Set(text(items))].sort();
  const kinds = (manifests: Manifest[]) => sorted(manifests.map((m) => ({ group: group(m), kind: m.kind })));

  it('allows exactly the kinds and namespaces that the environments’ files hold.', () => {
    const staging = environmentApp(
      'staging',
      ['mongodb', 'kafka'],
      SecretsBackend.vault({ server: 'https://vault.example.com' }),
    );
    const development = environmentApp('development', ['kafka', 'extra']);
    const { spec } = project(argoCd([environment('staging', staging), environment('development', development)]));
    WmsApp.synthAll([staging, development]);

    const all = ['staging', 'development'].map((name) => ({ name, manifests: written(name) }));
    const manifests = all.flatMap((environmentFiles) => environmentFiles.manifests);
    expect(kinds(manifests)).toContain(JSON.stringify({ group: '', kind: 'Namespace' }));
    expect(kinds(manifests)).toContain(JSON.stringify({ group: 'external-secrets.io', kind: 'SecretStore' }));
    const lists = spec as Record<string, unknown[]>;
    expect(text(lists.namespaceResourceWhitelist)).toEqual(
      kinds(manifests.filter(({ metadata }) => metadata.namespace)),
    );
    expect(text(lists.clusterResourceWhitelist)).toEqual(
      kinds(manifests.filter(({ metadata }) => !metadata.namespace)),
    );
    const destinations = all.map(({ name, manifests: own }) =>
      own.flatMap(({ metadata: { namespace } }) => (namespace ? [{ name, namespace }] : [])),
    );
    expect(text(lists.destinations)).toEqual(destinations.flatMap(sorted));
    expect(lists.destinations).toHaveLength(4);
    expect(JSON.stringify(spec)).not.toContain('*');
  });

  it('knows what is added to an environment after it.', () => {
    const app = environmentApp('staging', ['kafka']);
    const chart = argoCd([environment('staging', app)]);
    new k8s.KubeConfigMap(chartOf(app, 'late'), 'late', { metadata: { name: 'late', namespace: 'late' } });
    const { spec } = project(chart);
    expect(spec.destinations).toContainEqual({ name: 'staging', namespace: 'late' });
    expect(spec.namespaceResourceWhitelist).toContainEqual({ group: '', kind: 'ConfigMap' });
  });

  it('allows nothing where there is no environment.', () => {
    const chart = argoCd([]);
    expect(project(chart).spec).toEqual({
      description: 'The WMS platform',
      sourceRepos: [REPOSITORY],
      destinations: [],
      clusterResourceWhitelist: [],
      namespaceResourceWhitelist: [],
    });
    expect(findAll(chart, 'Application')).toEqual([]);
  });
});
