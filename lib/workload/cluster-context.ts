import { IConstruct } from 'constructs';
import { Dns } from '../connections/dns';
import { PodsState } from '../connections/pods-state';
import type { Scraper } from '../connections/scraper';
import type { Mesh } from '../mesh/mesh';
import { SecretsBackend } from '../secrets/secrets-backend';
import { Tls } from '../tls/tls';
import { ImagePolicy } from './images';

/** What workloads and secrets need to know of the cluster that they are built for. */
export interface ClusterContext {
  readonly environmentName: string;
  /** The DNS suffix of Services. */
  readonly clusterDomain: string;
  readonly dns: Dns;
  readonly images: ImagePolicy;
  readonly secrets: SecretsBackend;
  /** Where servers' certificates come from; none where they do not encrypt. */
  readonly tls?: Tls;
  /** The service mesh; none where it is off. */
  readonly mesh?: Mesh;
  /** Whether an operator restarts pods when a Secret that they read has changed. */
  readonly restartOnSecretChange?: boolean;
  /** Namespaces whose SecretStore another app makes. */
  readonly secretStores: ReadonlySet<string>;
  /** What scrapes every page of metrics, where there is something that does. */
  readonly scraper?: Scraper;
}

const CONTEXTS = new WeakMap<IConstruct, ClusterContext>();

/** Sets the context of a construct and all below it. */
export function setClusterContext(scope: IConstruct, context: ClusterContext): void {
  CONTEXTS.set(scope, context);
}

/** The context of the nearest scope that has one, else that of a bare cluster. */
export function clusterContext(scope: IConstruct): ClusterContext {
  const holder = [...scope.node.scopes].reverse().find((s) => CONTEXTS.has(s));
  return holder ? CONTEXTS.get(holder)! : bareCluster();
}

/** Whether the environment has what observes its pods. */
export function isObserved(scope: IConstruct): boolean {
  return clusterContext(scope).scraper?.pods._state !== PodsState.ABSENT;
}

function bareCluster(): ClusterContext {
  return {
    environmentName: 'development',
    clusterDomain: 'cluster.local',
    dns: new Dns(),
    images: new ImagePolicy(),
    secrets: SecretsBackend.plain(),
    secretStores: new Set(),
  };
}
