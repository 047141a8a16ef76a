import { App, Chart, Lazy } from 'cdk8s';
import { AppProject, Application } from '../../imports/argoproj.io';
import { WmsApp } from '../app';
import { invalid } from '../errors';
import { platformLabels } from '../workload/labels';
import { checkName } from '../workload/names';
import { objectMetadata } from './metadata';
import { addOperators } from './operators';

/** An environment that Argo CD keeps in line with the repository. */
export interface ArgoCdEnvironment {
  /** Its name, as `production`; the Application is `wms-<name>`. */
  readonly name: string;

  /** The app whose output it applies. */
  readonly app: WmsApp;

  /** The directory of that output in the repository, as `dist/production`. */
  readonly path: string;

  /**
   * The name under which Argo CD knows the environment's cluster.
   *
   * @default - the environment's name
   */
  readonly cluster?: string;
}

/** Where Argo CD finds what it applies. */
export interface ArgoCdProps {
  /** The repository, as `https://github.com/example/platform.git`. */
  readonly repoUrl: string;

  /** The environments. */
  readonly environments: ArgoCdEnvironment[];

  /**
   * The branch or tag.
   *
   * @default main
   */
  readonly revision?: string;

  /**
   * The namespace Argo CD runs in.
   *
   * @default argocd
   */
  readonly argoCdNamespace?: string;
}

/**
 * Argo CD's own objects: an Application for each environment, and the project that allows them exactly the kinds and
 * namespaces their manifests use; and the operators whose objects are among them, in a project of their own.
 */
export class ArgoCd extends Chart {
  /** @throws where the repository is none or an environment is named twice */
  public constructor(app: App, id: string, props: ArgoCdProps) {
    super(app, id, { namespace: props.argoCdNamespace ?? 'argocd' });
    if (!/^(https:\/\/|ssh:\/\/|git@)\S+$/.test(props.repoUrl)) {
      throw invalid(this, `'${props.repoUrl}' is no repository; allowed: an https://, ssh:// or git@ address`);
    }
    const names = props.environments.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice) {
      throw invalid(this, `environment '${twice}' is named twice; allowed: each once`);
    }
    this.addProject(props);
    for (const environment of props.environments) {
      this.addApplication(environment, props);
    }
    addOperators(this, props.environments);
  }

  private addProject({ repoUrl, environments }: ArgoCdProps): void {
    new AppProject(this, 'project', {
      metadata: this.metadata(PROJECT),
      spec: {
        description: 'The WMS platform',
        sourceRepos: [repoUrl],
        destinations: Lazy.any({
          produce: () =>
            environments.flatMap(({ name, cluster = name, app }) =>
              namespacesOf(app).map((namespace) => ({ name: cluster, namespace })),
            ),
        }),
        clusterResourceWhitelist: Lazy.any({ produce: () => kindsOf(environments, false) }),
        namespaceResourceWhitelist: Lazy.any({ produce: () => kindsOf(environments, true) }),
      },
    });
  }

  private addApplication({ name, cluster = name, path }: ArgoCdEnvironment, { repoUrl, revision }: ArgoCdProps): void {
    new Application(this, `application-${name}`, {
      metadata: this.metadata(checkName(this, 'Application', `wms-${name}`)),
      spec: {
        project: PROJECT,
        source: {
          repoUrl,
          targetRevision: revision ?? 'main',
          path,
          directory: { include: '*.k8s.yaml' },
        },
        destination: { name: cluster },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
          syncOptions: [
            'PruneLast=true',
            'RespectIgnoreDifferences=true',
            'ServerSideApply=true',
            // A CRD that an operator has yet to install must not fail the waves before its first object.
            'SkipDryRunOnMissingResource=true',
          ],
        },
      },
    });
  }

  private metadata(name: string) {
    return objectMetadata({ name, namespace: this.namespace, labels: platformLabels(name, 'gitops'), wave: 0 });
  }
}

const PROJECT = 'wms-platform';

function namespacesOf(app: WmsApp): string[] {
  return [...new Set(app._objects.flatMap((object) => object.metadata.namespace ?? []))].sort();
}

function kindsOf(environments: readonly ArgoCdEnvironment[], namespaced: boolean): { group: string; kind: string }[] {
  const kinds = new Map<string, { group: string; kind: string }>();
  for (const object of environments.flatMap(({ app }) => app._objects)) {
    const { metadata } = object.toJson() as { metadata: { namespace?: string } };
    if ((metadata.namespace !== undefined) === namespaced) {
      const group = object.apiGroup === 'core' ? '' : object.apiGroup;
      kinds.set(`${group}/${object.kind}`, { group, kind: object.kind });
    }
  }
  return [...kinds.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind);
}
