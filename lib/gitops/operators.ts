import { Chart } from 'cdk8s';
import { AppProject, Application } from '../../imports/argoproj.io';
import type { WmsApp } from '../app';
import type { Mesh } from '../mesh/mesh';
import { clusterContext } from '../workload/cluster-context';
import { platformLabels } from '../workload/labels';
import { checkName } from '../workload/names';
import { WmsPlatformBase } from '../wms-platform-base';
import { objectMetadata } from './metadata';

/** The versions of the operators' charts: those that `imports/` is made from. */
export const OPERATOR_VERSIONS = { certManager: 'v1.21.2', externalSecrets: '1.3.2', istio: '1.31.1' } as const;

/** A Helm chart that an environment's cluster needs before the environment. */
export interface OperatorChart {
  readonly name: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  readonly podSecurity: 'restricted' | 'privileged';
  readonly wave: number;
  readonly values: Record<string, unknown>;
}

/** What `addOperators` needs of an environment. */
interface Target {
  readonly name: string;
  readonly app: WmsApp;
  readonly cluster?: string;
}

const ISTIO_CHARTS = 'https://blob.istio.io/istio-release/charts';

/** Where all of Istio's images are. */
const ISTIO_HUB = 'docker.io/istio';

/** The one namespace with Istio's privileged pods, which redirect other pods' traffic in their place. */
const ISTIO_CNI_NAMESPACE = 'istio-cni';

const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };

const PROJECT = 'wms-operators';

/** An Application for each operator whose objects an environment uses, in a project that allows what their charts make. */
export function addOperators(chart: Chart, environments: readonly Target[]): void {
  const charts = environments.map((environment) => ({ environment, charts: operatorCharts(environment.app) }));
  const all = charts.flatMap((c) => c.charts);
  if (all.length === 0) {
    return;
  }
  const metadata = (name: string, wave: number) =>
    objectMetadata({ name, namespace: chart.namespace, labels: platformLabels(name, 'gitops'), wave });
  const destinations = charts.flatMap(({ environment: { name, cluster = name }, charts: own }) =>
    distinct(own.map(({ namespace }) => namespace)).map((namespace) => ({ name: cluster, namespace })),
  );
  new AppProject(chart, 'operators', {
    metadata: metadata(PROJECT, FIRST_WAVE),
    spec: {
      description: 'The operators that the WMS platform needs',
      sourceRepos: distinct(all.map(({ repository }) => repository)),
      destinations,
      clusterResourceWhitelist: kinds(CLUSTER_KINDS),
      namespaceResourceWhitelist: kinds(NAMESPACED_KINDS),
    },
  });
  for (const { environment, charts: own } of charts) {
    for (const operator of own) {
      const name = checkName(chart, 'Application', `wms-${environment.name}-${operator.name}`);
      new Application(chart, `operator-${environment.name}-${operator.name}`, {
        metadata: metadata(name, operator.wave),
        spec: application(operator, environment.cluster ?? environment.name),
      });
    }
  }
}

/** The charts of the operators whose kinds an app uses, in the order in which they are installed. */
export function operatorCharts(app: WmsApp): OperatorChart[] {
  const groups = new Set(app._objects.map(({ apiGroup }) => apiGroup));
  const { mesh, tls } = clusterContext(app);
  return [
    ...(groups.has('cert-manager.io') ? [certManager(tls?._certManager?.namespace ?? 'cert-manager')] : []),
    ...(groups.has('external-secrets.io') ? [EXTERNAL_SECRETS] : []),
    ...(mesh ? istio(mesh, isOnGke(app)) : []),
  ];
}

/** Before every environment, whose waves begin at 0. */
const FIRST_WAVE = -3;

function certManager(namespace: string): OperatorChart {
  return {
    name: 'cert-manager',
    repository: 'https://charts.jetstack.io',
    chart: 'cert-manager',
    version: OPERATOR_VERSIONS.certManager,
    namespace,
    podSecurity: 'restricted',
    wave: FIRST_WAVE,
    // Its leader election is in kube-system otherwise.
    values: { crds: { enabled: true }, global: { leaderElection: { namespace } } },
  };
}

const EXTERNAL_SECRETS: OperatorChart = {
  name: 'external-secrets',
  repository: 'https://charts.external-secrets.io',
  chart: 'external-secrets',
  version: OPERATOR_VERSIONS.externalSecrets,
  namespace: 'external-secrets',
  podSecurity: 'restricted',
  wave: FIRST_WAVE,
  values: { installCRDs: true },
};

/** Istio's CRDs, what redirects pods' traffic, and the control plane: one version, one after another. */
function istio({ revision, trustDomain, controlPlaneNamespace }: Mesh, onGke: boolean): OperatorChart[] {
  const global = { hub: ISTIO_HUB, istioNamespace: controlPlaneNamespace, ...(onGke ? { platform: 'gke' } : {}) };
  const chart = { repository: ISTIO_CHARTS, version: OPERATOR_VERSIONS.istio } as const;
  // Argo CD would undo what istiod changes, again and again.
  const base = { validationFailurePolicy: 'Fail' };
  return [
    {
      ...chart,
      name: 'istio-base',
      chart: 'base',
      namespace: controlPlaneNamespace,
      podSecurity: 'restricted',
      wave: FIRST_WAVE,
      values: { global, base, ...(revision ? { defaultRevision: revision } : {}) },
    },
    {
      ...chart,
      name: 'istio-cni',
      chart: 'cni',
      namespace: ISTIO_CNI_NAMESPACE,
      podSecurity: 'privileged',
      wave: FIRST_WAVE + 1,
      values: { global, seccompProfile: RUNTIME_DEFAULT },
    },
    {
      ...chart,
      name: 'istiod',
      chart: 'istiod',
      namespace: controlPlaneNamespace,
      podSecurity: 'restricted',
      wave: FIRST_WAVE + 2,
      values: {
        ...(revision ? { revision } : {}),
        global: { ...global, logAsJson: true, proxy: { seccompProfile: RUNTIME_DEFAULT } },
        base,
        // Without it an init container of every pod needs rights that restricted namespaces refuse.
        pilot: { cni: { enabled: true } },
        autoscaleMin: 2,
        seccompProfile: RUNTIME_DEFAULT,
        meshConfig: { trustDomain, enablePrometheusMerge: true, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      },
    },
  ];
}

function isOnGke(app: WmsApp): boolean {
  return app.node.children.some(
    (child) => child instanceof WmsPlatformBase && child.environment.provider.name === 'gcp',
  );
}

function application({ repository, chart, version, namespace, podSecurity, values }: OperatorChart, cluster: string) {
  return {
    project: PROJECT,
    source: { repoUrl: repository, chart, targetRevision: version, helm: { valuesObject: values } },
    destination: { name: cluster, namespace },
    syncPolicy: {
      automated: { prune: true, selfHeal: true },
      retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
      managedNamespaceMetadata: { labels: { 'pod-security.kubernetes.io/enforce': podSecurity } },
      syncOptions: ['CreateNamespace=true', 'RespectIgnoreDifferences=true', 'ServerSideApply=true'],
    },
  };
}

/** What the operators' charts make. */
const CLUSTER_KINDS: Record<string, string[]> = {
  '': ['Namespace'],
  'admissionregistration.k8s.io': ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
};

const NAMESPACED_KINDS: Record<string, string[]> = {
  '': ['ConfigMap', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
  apps: ['DaemonSet', 'Deployment'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['Job'],
  policy: ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
};

function kinds(table: Record<string, string[]>): { group: string; kind: string }[] {
  return Object.entries(table).flatMap(([group, names]) => names.map((kind) => ({ group, kind })));
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
