import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { SsdStorage } from '../cloud-provider';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { KUBELET_ROLE, OBSERVERS } from '../topology/observer-roles';
import { PEOPLE_ROLES, RoleRule } from '../topology/people-roles';
import { chartId } from '../topology/namespaces';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { SSD_STORAGE_CLASS } from '../topology/storage-class';
import { CertificateAuthority } from '../tls/certificate-authority';
import { Tls } from '../tls/tls';
import { isObserved } from '../workload/cluster-context';
import { platformLabels } from '../workload/labels';

/** What the cluster-scoped objects depend on. */
export interface ClusterScopedProps {
  /** The SSD volumes of the provider; without them the cluster's default StorageClass is used. */
  readonly ssd?: SsdStorage;
  /** Where servers' certificates come from; without it they do not encrypt. */
  readonly tls?: Tls;
}

/**
 * The objects that no namespace owns: StorageClass, PriorityClasses, the certificate authority, the roles that people get
 * in namespaces, and those of what observes them.
 */
export class ClusterScoped extends Chart {
  public constructor(app: App, props: ClusterScopedProps) {
    super(app, chartId('cluster'));
    for (const { name, value, description } of Object.values(PRIORITY_CLASSES)) {
      new k8s.KubePriorityClass(this, `priority-class-${name}`, {
        metadata: this.metadata(name, 'scheduling'),
        value,
        description,
      });
    }
    if (props.ssd) {
      this.addStorageClass(props.ssd);
    }
    const certManager = props.tls?._certManager;
    if (certManager) {
      new CertificateAuthority(this, 'certificate-authority', { namespace: certManager.namespace });
    }
    for (const { name, rules } of Object.values(PEOPLE_ROLES)) {
      this.addRole(name, 'access', rules);
    }
    if (isObserved(this)) {
      this.addObservers();
    }
  }

  private addObservers(): void {
    for (const { role, rules } of Object.values(OBSERVERS)) {
      this.addRole(role, 'observation', rules);
    }
    this.addRole(KUBELET_ROLE.name, 'observation', KUBELET_ROLE.rules);
    const { serviceAccount, namespace } = OBSERVERS.prometheus;
    new k8s.KubeClusterRoleBinding(this, `role-binding-${KUBELET_ROLE.name}`, {
      metadata: this.metadata(KUBELET_ROLE.name, 'observation'),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: KUBELET_ROLE.name },
      subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace }],
    });
  }

  private addRole(name: string, component: string, rules: readonly RoleRule[]): void {
    new k8s.KubeClusterRole(this, `role-${name}`, {
      metadata: this.metadata(name, component),
      rules: rules.map(({ apiGroups, resources, verbs }) => ({
        apiGroups: [...apiGroups],
        resources: [...resources],
        verbs: [...verbs],
      })),
    });
  }

  private addStorageClass({ provisioner, parameters }: SsdStorage): void {
    new k8s.KubeStorageClass(this, 'storage-class', {
      metadata: this.metadata(SSD_STORAGE_CLASS, 'storage'),
      provisioner,
      parameters,
      // The volume is made in the zone that the pod's spread has chosen.
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Retain',
    });
  }

  private metadata(name: string, component: string) {
    return objectMetadata({ name, labels: platformLabels(name, component), wave: SYNC_WAVES.cluster });
  }
}
