import { NAMESPACES } from './namespaces';
import type { RoleRule } from './people-roles';

/** A workload that looks at objects of the API server in several namespaces. */
export interface Observer {
  /** The name of its role, and of what binds it. */
  readonly role: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** What it may do in each of the platform's namespaces. */
  readonly rules: readonly RoleRule[];
}

/** The kinds of objects that kube-state-metrics tells of, with the API groups that they are in. */
const WATCHED: Readonly<Record<string, string>> = {
  cronjobs: 'batch',
  daemonsets: 'apps',
  deployments: 'apps',
  horizontalpodautoscalers: 'autoscaling',
  jobs: 'batch',
  persistentvolumeclaims: '',
  pods: '',
  resourcequotas: '',
  statefulsets: 'apps',
};

/** As kube-state-metrics spells them. */
export const WATCHED_RESOURCES = Object.keys(WATCHED);

const OBSERVABILITY = NAMESPACES.observability.name;

/** What looks at the platform's objects, and no further: Prometheus finds its targets, kube-state-metrics counts. */
export const OBSERVERS = {
  prometheus: {
    role: 'wms-prometheus',
    namespace: OBSERVABILITY,
    serviceAccount: 'prometheus',
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  },
  kubeStateMetrics: {
    role: 'wms-kube-state-metrics',
    namespace: OBSERVABILITY,
    serviceAccount: 'kube-state-metrics',
    rules: [...new Set(Object.values(WATCHED))].sort().map((group) => ({
      apiGroups: [group],
      resources: WATCHED_RESOURCES.filter((resource) => WATCHED[resource] === group),
      verbs: ['list', 'watch'],
    })),
  },
} as const satisfies Record<string, Observer>;

/**
 * What Prometheus may do of the cluster itself: ask the kubelets for their metrics. Nodes are in no namespace. The API
 * server's proxy would need `nodes/proxy`, which also runs commands in every pod.
 */
export const KUBELET_ROLE = {
  name: 'wms-prometheus-kubelets',
  rules: [
    { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
  ],
} as const;
