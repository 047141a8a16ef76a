import { Breakage, breaks } from './breakage';

const ORDER = 'Deployment wms-platform/order-service';

const TWO_ZONES = ['zone-a-1', 'zone-a-2', 'zone-b-1'];

/** Manifests that a real API server must not accept without a word. */
export const ACCEPTANCE_BREAKAGES: readonly Breakage[] = [
  breaks(
    'an unknown field',
    ORDER,
    (d) => (d.spec.replicaCount = 2),
    /0006-wms-platform\.k8s\.yaml.*order-service.*spec\.replicaCount/,
  ),
  breaks(
    'a value of the wrong type',
    'Service wms-platform/order-service',
    (s) => (s.spec.ports[0].port = 'http'),
    /0006-wms-platform\.k8s\.yaml.*spec\.ports/,
  ),
  breaks(
    'a pod that is not restricted',
    'Deployment wms-platform/picking-service',
    (d) => delete d.spec.template.spec.securityContext.seccompProfile,
    /0006-wms-platform\.k8s\.yaml.*would violate PodSecurity "restricted:latest".*seccompProfile/,
  ),
  breaks(
    'a pod that runs as root',
    'Deployment wms-platform/packing-service',
    (d) => {
      d.spec.template.spec.securityContext.runAsNonRoot = false;
      d.spec.template.spec.securityContext.runAsUser = 0;
    },
    /0006-wms-platform\.k8s\.yaml.*would violate PodSecurity "restricted:latest".*runAsNonRoot/,
  ),
  breaks(
    'an object that changes at each apply',
    'NetworkPolicy wms-platform/picking-service-worker',
    (p) => (p.spec.ingress = []),
    /NetworkPolicy wms-platform\/picking-service-worker changes when it is applied a second time/,
  ),
];

/** Manifests whose pods must be refused. */
export const ADMISSION_BREAKAGES: readonly Breakage[] = [
  breaks(
    'a quota of too few pods',
    'ResourceQuota wms-platform/quota',
    (q) => (q.spec.hard.pods = '20'),
    /exceeded quota: quota.*limited: pods=20/,
  ),
  breaks(
    'a container above the limit range',
    'LimitRange wms-platform/limits',
    (l) => (l.spec.limits[0].max.memory = '600Mi'),
    /orchestrator.*maximum memory usage per Container is 600Mi/,
  ),
];

/** Manifests that the scheduler and the controllers cannot satisfy. */
export const SCHEDULING_BREAKAGES: readonly Breakage[] = [
  breaks(
    'pods that fit no node',
    ORDER,
    (d) => (d.spec.template.spec.nodeSelector = { disk: 'none' }),
    /Pod wms-platform\/order-service-\S+ does not run: .*node\(s\) didn't match/,
  ),
  breaks(
    'an autoscaler without target',
    'HorizontalPodAutoscaler wms-platform/labor-service',
    (a) => (a.spec.scaleTargetRef.name = 'nobody'),
    /HorizontalPodAutoscaler wms-platform\/labor-service cannot scale/,
  ),
];

/** Sets whose volumes are in other zones than their pods can be. */
export const VOLUME_BREAKAGES: readonly Breakage[] = [
  breaks(
    'a StorageClass that does not wait for pods',
    'StorageClass wms-ssd',
    (c) => Object.assign(c, { volumeBindingMode: 'Immediate' }),
    /^StorageClass wms-ssd makes volumes before their pods have nodes/,
  ),
];

/** Workloads that do not outlive what happens to nodes. */
export const DRILL_BREAKAGES: readonly Breakage[] = [
  breaks(
    'a set that has most of its members in one zone',
    'StatefulSet test/ledger',
    (s) => {
      delete s.spec.template.spec.topologySpreadConstraints;
      s.spec.template.spec.affinity.nodeAffinity = {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: TWO_ZONES }] },
          ],
        },
      };
    },
    /^StatefulSet test\/ledger keeps 1 of 3 pods where zone-a is lost$/,
  ),
  breaks(
    'a budget that lets no node be drained',
    'PodDisruptionBudget test/ledger',
    (b) => (b.spec.maxUnavailable = 0),
    /^the drain of zone-\w-\d does not end in \d+ s: .*disruption budget/,
  ),
];

/** Changes of what stands that an API server cannot make. */
export const UPGRADE_BREAKAGES: readonly Breakage[] = [
  breaks(
    'a changed selector',
    ORDER,
    (d) => {
      d.spec.selector.matchLabels['app.kubernetes.io/instance'] = 'orders';
      d.spec.template.metadata.labels['app.kubernetes.io/instance'] = 'orders';
    },
    /0006-wms-platform\.k8s\.yaml.*order-service.*spec\.selector.*field is immutable/,
  ),
];
