import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { checkCount } from './names';
import { Footprint } from './footprint';
import { Workload, WorkloadProps } from './workload';

/** A daemon set's pods, and how many nodes to expect. */
export interface DaemonSetProps extends WorkloadProps {
  /** The most nodes the cluster has; the namespace's quota is derived from it. */
  readonly maxNodes: number;

  /**
   * Taints its pods tolerate.
   *
   * @default - none: only nodes that take any pod
   */
  readonly tolerations?: k8s.Toleration[];

  /**
   * Whether its processes run as root, without any capability: for what reads files of the node that are root's. Only a
   * namespace that enforces no Pod Security takes such pods.
   *
   * @default false
   */
  readonly root?: boolean;
}

/** No more than that is given up. */
const ROOT: k8s.PodSecurityContext = {
  runAsNonRoot: false,
  runAsUser: 0,
  runAsGroup: 0,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** A DaemonSet: one hardened pod a node. */
export class DaemonSet extends Workload {
  /** The Kubernetes object. */
  public readonly kubeDaemonSet: k8s.KubeDaemonSet;

  private readonly maxNodes: number;

  /** @throws on bad maxNodes, resources, names, ports or images */
  public constructor(scope: Construct, id: string, props: DaemonSetProps) {
    super(scope, id, 'DaemonSet', props);
    this.maxNodes = checkCount(this, 'maxNodes', props.maxNodes, 1);
    this.kubeDaemonSet = new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: this._workloadMetadata(),
      spec: {
        revisionHistoryLimit: 3,
        selector: { matchLabels: this._selectorLabels },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: k8s.IntOrString.fromNumber(1) } },
        template: this._podTemplate({
          tolerations: props.tolerations,
          ...(props.root ? { securityContext: ROOT } : {}),
        }),
      },
    });
  }

  /** @internal */
  public get _footprint(): Footprint {
    return { pods: this.maxNodes, perPod: this._perPod, containers: this._containerResources, storage: [] };
  }
}
