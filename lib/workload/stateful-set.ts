import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { headlessService, memberHosts } from '../connections/hosts';
import { layerWave } from '../gitops/sync-waves';
import { invalid } from '../errors';
import { Scale, topologySpread, ZoneSpread } from './availability';
import { clusterContext } from './cluster-context';
import { workloadLabels } from './labels';
import { checkCount, checkName } from './names';
import { Quantity } from './quantity';
import { Footprint } from './footprint';
import { Workload, WorkloadProps } from './workload';

/** A volume that each pod of a stateful set keeps for itself. */
export interface VolumeClaim {
  /** The volume's name in the pod. */
  readonly name: string;
  /** Its size. */
  readonly size: Size;
  /**
   * The StorageClass that makes it.
   *
   * @default - the cluster's default
   */
  readonly storageClassName?: string;
}

/** A stateful set's pods, their number and their volumes. */
export interface StatefulSetProps extends WorkloadProps {
  /**
   * How many pods it runs.
   *
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Volumes that each pod keeps.
   *
   * @default - none
   */
  readonly volumeClaims?: VolumeClaim[];

  /**
   * How strictly its pods are spread over zones.
   *
   * @default ZoneSpread.REQUIRED
   */
  readonly zoneSpread?: ZoneSpread;

  /**
   * How long a new pod must be ready before the next is replaced, in seconds.
   *
   * @default 0
   */
  readonly minReadySeconds?: number;
}

/** A StatefulSet of hardened pods, with the headless Service that gives each of them its name. */
export class StatefulSet extends Workload {
  /** The Kubernetes object. */
  public readonly kubeStatefulSet: k8s.KubeStatefulSet;

  /** The name of the headless Service. */
  public readonly headlessServiceName: string;

  private readonly replicas: number;
  private readonly claims: VolumeClaim[];

  /** @throws on bad replicas, sizes, resources, names, ports or images */
  public constructor(scope: Construct, id: string, props: StatefulSetProps) {
    super(scope, id, 'StatefulSet', props);
    this.replicas = checkCount(this, 'replicas', props.replicas ?? 1);
    this.claims = props.volumeClaims ?? [];
    const selector = this._selectorLabels;
    const scale: Scale = { min: this.replicas, max: this.replicas };
    this.headlessServiceName = checkName(this, 'Service', headlessService(this.name));
    this.addHeadlessService();
    this.kubeStatefulSet = new k8s.KubeStatefulSet(this, 'stateful-set', {
      metadata: this._workloadMetadata(),
      spec: {
        replicas: this.replicas,
        serviceName: this.headlessServiceName,
        // Members find each other before they are ready, so that they cannot wait for one another in turn.
        podManagementPolicy: 'Parallel',
        revisionHistoryLimit: 3,
        minReadySeconds:
          props.minReadySeconds === undefined ? undefined : checkCount(this, 'minReadySeconds', props.minReadySeconds),
        selector: { matchLabels: selector },
        template: this._podTemplate({
          affinity: this.replicas > 1 ? hostAntiAffinity(selector) : undefined,
          topologySpreadConstraints: topologySpread(scale, selector, {
            zones: props.zoneSpread ?? ZoneSpread.REQUIRED,
            perRevision: false,
          }),
        }),
        volumeClaimTemplates: this.claims.map((claim) => this.claimTemplate(claim)),
        // A volume holds data that no manifest can bring back: it outlives its pod and its set.
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      },
    });
    this._addDisruptionBudget(scale);
  }

  /**
   * The DNS name of one pod.
   *
   * @param ordinal the pod's number, from 0
   */
  public hostOf(ordinal: number): string {
    if (checkCount(this, 'ordinal', ordinal) >= this.replicas) {
      throw invalid(this, `there is no pod ${ordinal}; allowed: one of its ${this.replicas}, counted from 0`);
    }
    return this.hosts[ordinal];
  }

  /** The DNS names of all its pods. */
  public get hosts(): string[] {
    return memberHosts(this.name, this.namespace, clusterContext(this).clusterDomain, this.replicas);
  }

  /** @internal */
  public get _footprint(): Footprint {
    return {
      pods: this.replicas,
      perPod: this._perPod,
      containers: this._containerResources,
      storage: this.claims.map((claim) => Quantity.parse(claim.size.asString(), this.node.path)),
    };
  }

  private addHeadlessService(): void {
    const ports = this._props.containers.flatMap((c) => c.ports ?? []);
    new k8s.KubeService(this, 'headless-service', {
      metadata: this._metadata(layerWave(this.namespace), undefined, this.headlessServiceName),
      spec: {
        clusterIp: 'None',
        publishNotReadyAddresses: true,
        selector: this._selectorLabels,
        ports: ports.map(({ name, port }) => ({
          name,
          port,
          targetPort: k8s.IntOrString.fromString(name),
          protocol: 'TCP',
        })),
      },
    });
  }

  private claimTemplate({ name, size, storageClassName }: VolumeClaim): k8s.KubePersistentVolumeClaimProps {
    const storage = Quantity.parse(size.asString(), `${this.node.path} volume ${name}`);
    return {
      metadata: { name: checkName(this, 'volume', name), labels: workloadLabels(this._identity) },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName,
        resources: { requests: { storage: k8s.Quantity.fromString(storage.toBytes()) } },
      },
    };
  }
}

/** Two members on one node are lost with it together. */
function hostAntiAffinity(matchLabels: Record<string, string>): k8s.Affinity {
  return {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  };
}
