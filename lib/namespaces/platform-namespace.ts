import { App, Chart, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { AccessGroups } from '../environment';
import { clusterScoped, objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { NamespaceMesh } from '../mesh/namespace-mesh';
import { chartId, NamespaceTopology } from '../topology/namespaces';
import { OBSERVERS } from '../topology/observer-roles';
import { PEOPLE_ROLES } from '../topology/people-roles';
import { clusterContext, isObserved } from '../workload/cluster-context';
import { platformLabels } from '../workload/labels';
import { Footprint } from '../workload/footprint';
import { Workload } from '../workload/workload';
import { ExposedServices, limitRangeSpec, quotaSpec } from './quota';

/** What every namespace of the platform needs to know. */
export interface PlatformNamespaceProps {
  /** The groups of people that get their roles here. */
  readonly access: AccessGroups;

  /**
   * What guests of the namespace may take beside the platform's own workloads.
   *
   * @default - nothing
   */
  readonly guests?: Footprint[];

  /**
   * What pods may take that a controller makes in the namespace for a while. They have no sidecars.
   *
   * @default - nothing
   */
  readonly passing?: Footprint[];

  /**
   * Services of its own that are reached from outside the cluster.
   *
   * @default - none
   */
  readonly exposed?: ExposedServices;
}

/**
 * A namespace of the platform with what guards it: Pod Security, default-deny both ways, a quota and limits derived from
 * what is in it, and the roles of people and of what observes it.
 */
export abstract class PlatformNamespace extends Chart {
  private readonly topology: NamespaceTopology;

  protected constructor(app: App, topology: NamespaceTopology, props: PlatformNamespaceProps) {
    super(app, chartId(topology.name), { namespace: topology.name });
    this.topology = topology;
    const { mesh } = clusterContext(this);
    clusterScoped(
      new k8s.KubeNamespace(this, 'namespace', {
        metadata: objectMetadata({
          name: topology.name,
          labels: {
            ...platformLabels(topology.name, topology.component),
            ...podSecurityLabels(topology),
            ...mesh?._namespaceLabels(topology.name),
          },
          wave: SYNC_WAVES.namespace,
        }),
      }),
    );
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: this.metadata('default-deny'),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    const guests = (props.guests ?? []).map((guest) =>
      mesh?._covers(topology.name) ? mesh._withSidecar(guest) : guest,
    );
    const footprints = () => [...this.workloads.map((w) => w._footprint), ...guests, ...(props.passing ?? [])];
    new k8s.KubeResourceQuota(this, 'quota', {
      metadata: this.metadata('quota'),
      spec: Lazy.any({ produce: () => quotaSpec(footprints(), props.exposed) }),
    });
    new k8s.KubeLimitRange(this, 'limits', {
      metadata: this.metadata('limits'),
      spec: Lazy.any({ produce: () => limitRangeSpec(footprints()) }),
    });
    this.bindRoles(props.access);
    if (isObserved(this)) {
      this.bindObservers();
    }
    if (mesh?._guards(topology.name)) {
      new NamespaceMesh(this, 'mesh', {
        namespace: this.namespace,
        labels: platformLabels(topology.name, topology.component),
        wave: SYNC_WAVES.configuration,
      });
    }
  }

  /** The workloads in the namespace. */
  public get workloads(): Workload[] {
    return this.node.findAll().filter((c) => c instanceof Workload);
  }

  private bindRoles(access: AccessGroups): void {
    for (const group of ['viewers', 'operators', 'administrators'] as const) {
      const { name } = PEOPLE_ROLES[group];
      new k8s.KubeRoleBinding(this, `role-binding-${name}`, {
        metadata: this.metadata(name, SYNC_WAVES.configuration),
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: access[group] }],
      });
    }
  }

  private bindObservers(): void {
    for (const { role, namespace, serviceAccount } of Object.values(OBSERVERS)) {
      new k8s.KubeRoleBinding(this, `role-binding-${role}`, {
        metadata: this.metadata(role, SYNC_WAVES.configuration),
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
        subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace }],
      });
    }
  }

  private metadata(name: string, wave: number = SYNC_WAVES.namespace) {
    return objectMetadata({
      name,
      namespace: this.namespace,
      labels: platformLabels(name, this.topology.component),
      wave,
    });
  }
}

function podSecurityLabels({ podSecurity }: NamespaceTopology): Record<string, string> {
  const modes = ['enforce', 'audit', 'warn'];
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, podSecurity],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]),
  );
}
