/** A rule of a role: every verb is spelled out. */
export interface RoleRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What a group of people may do in each of the platform's namespaces. */
export interface PeopleRole {
  readonly name: string;
  readonly rules: readonly RoleRule[];
}

const READ = ['get', 'list', 'watch'] as const;
const WRITE = ['create', 'update', 'patch', 'delete'] as const;

/** What people change: everything that the library makes in namespaces, but Secrets and what guards a namespace. */
const WORKLOADS: readonly Omit<RoleRule, 'verbs'>[] = [
  { apiGroups: [''], resources: ['configmaps', 'persistentvolumeclaims', 'pods', 'serviceaccounts', 'services'] },
  { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'] },
  { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] },
  { apiGroups: ['policy'], resources: ['poddisruptionbudgets'] },
  { apiGroups: ['external-secrets.io'], resources: ['externalsecrets', 'secretstores'] },
  { apiGroups: ['cert-manager.io'], resources: ['certificates', 'issuers'] },
  { apiGroups: ['networking.istio.io'], resources: ['destinationrules', 'serviceentries', 'sidecars'] },
  {
    apiGroups: ['security.istio.io'],
    resources: ['authorizationpolicies', 'peerauthentications', 'requestauthentications'],
  },
];

/** What people only look at: what controllers write, and what guards a namespace. */
const SURROUNDINGS: readonly Omit<RoleRule, 'verbs'>[] = [
  { apiGroups: [''], resources: ['endpoints', 'events', 'limitranges', 'resourcequotas'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'] },
];

const VIEW: readonly RoleRule[] = [
  ...[...WORKLOADS, ...SURROUNDINGS].map((objects) => ({ ...objects, verbs: READ })),
  { apiGroups: [''], resources: ['pods/log', 'pods/status'], verbs: ['get'] },
  { apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: ['get', 'list'] },
];

/**
 * Restarting (by deleting pods), draining and scaling. No changing of pod templates and no shell in a pod: both would
 * read every secret that the pod may read.
 */
const OPERATE: readonly RoleRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
  { apiGroups: ['apps'], resources: ['deployments/scale', 'statefulsets/scale'], verbs: ['get', 'update', 'patch'] },
];

/** Roles, bindings and quotas are not among what administrators change: nobody raises their own rights. */
const ADMINISTER: readonly RoleRule[] = [
  ...WORKLOADS.map((objects) => ({ ...objects, verbs: WRITE })),
  { apiGroups: [''], resources: ['secrets'], verbs: [...READ, ...WRITE] },
  { apiGroups: [''], resources: ['pods/exec', 'pods/portforward'], verbs: ['create'] },
];

/** The three roles of people; each includes the one before it. */
export const PEOPLE_ROLES = {
  viewers: { name: 'wms-viewer', rules: VIEW },
  operators: { name: 'wms-operator', rules: [...VIEW, ...OPERATE] },
  administrators: { name: 'wms-administrator', rules: [...VIEW, ...OPERATE, ...ADMINISTER] },
} as const satisfies Record<string, PeopleRole>;
