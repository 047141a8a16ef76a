/** Who may run in a namespace: the level of the Pod Security Standards it enforces. */
export type PodSecurity = 'restricted' | 'privileged';

/** A namespace of the platform: the topology's five, the DMZ, and one for what must read the nodes' logs. */
export interface NamespaceTopology {
  readonly name: string;
  /** The layer of the topology's overview it holds, for the `component` label. */
  readonly component: string;
  readonly podSecurity: PodSecurity;
}

/** In the order of their files, and so of `kubectl apply`: servers before their clients. */
export const NAMESPACES = {
  kafka: { name: 'kafka', component: 'message-layer', podSecurity: 'restricted' },
  mongodb: { name: 'mongodb', component: 'data-layer', podSecurity: 'restricted' },
  temporal: { name: 'temporal', component: 'workflow-layer', podSecurity: 'restricted' },
  observability: { name: 'observability', component: 'observability-layer', podSecurity: 'restricted' },
  nodeLogAgent: { name: 'node-log-agent', component: 'observability-layer', podSecurity: 'privileged' },
  wmsPlatform: { name: 'wms-platform', component: 'application-layer', podSecurity: 'restricted' },
  ingress: { name: 'ingress', component: 'ingress-layer', podSecurity: 'restricted' },
} as const satisfies Record<string, NamespaceTopology>;

/** The id of a namespace's chart, and so the name of its file: `0001-kafka`. The cluster-scoped objects come first. */
export function chartId(namespace: string): string {
  const position = Object.values(NAMESPACES).findIndex(({ name }) => name === namespace) + 1;
  return `${String(position).padStart(4, '0')}-${namespace}`;
}
