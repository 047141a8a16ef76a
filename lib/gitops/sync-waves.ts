import { NAMESPACES } from '../topology/namespaces';

/**
 * When Argo CD applies an object: everything of a wave is healthy before the next begins.
 *
 * What pods refer to comes before all pods; layers of pods follow in the order in which they need each other.
 */
export const SYNC_WAVES = {
  /** Cluster-scoped objects. */
  cluster: 0,
  /** Namespaces and what guards them: default-deny, quota, limits. */
  namespace: 1,
  /** What pods and secrets refer to: accounts, configuration, secret stores, policies, role bindings. */
  configuration: 2,
  /** Secrets, and what makes them. */
  secret: 3,
  messageLayer: 10,
  dataLayer: 20,
  workflowLayer: 30,
  observabilityLayer: 40,
  applicationLayer: 50,
  ingressLayer: 60,
} as const;

const LAYERS: Record<string, number> = {
  [NAMESPACES.kafka.name]: SYNC_WAVES.messageLayer,
  [NAMESPACES.mongodb.name]: SYNC_WAVES.dataLayer,
  [NAMESPACES.temporal.name]: SYNC_WAVES.workflowLayer,
  [NAMESPACES.observability.name]: SYNC_WAVES.observabilityLayer,
  [NAMESPACES.nodeLogAgent.name]: SYNC_WAVES.observabilityLayer,
  [NAMESPACES.ingress.name]: SYNC_WAVES.ingressLayer,
};

/** The wave of a namespace's pods; a guest's namespace is part of the application layer. */
export function layerWave(namespace: string): number {
  return LAYERS[namespace] ?? SYNC_WAVES.applicationLayer;
}
