import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { invalid } from '../errors';
import { Autoscaling, AUTOSCALING_DEFAULTS, autoscalerSpec } from './autoscaler';
import { Scale, topologySpread, ZoneSpread } from './availability';
import { checkCount } from './names';
import { Footprint } from './footprint';
import { Workload, WorkloadProps } from './workload';

/** How many pods a rollout adds before it takes old ones away. */
const SURGE = 1;

/** A deployment's pods and their number. */
export interface DeploymentProps extends WorkloadProps {
  /**
   * How many pods it runs; with autoscaling, the fewest.
   *
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Lets an autoscaler raise the number of pods. A deployment of 0 pods is switched off, and has none.
   *
   * @default - none: always `replicas`
   */
  readonly autoscaling?: Autoscaling;
}

/** A Deployment of hardened pods. */
export class Deployment extends Workload {
  /** The Kubernetes object. */
  public readonly kubeDeployment: k8s.KubeDeployment;

  /** The autoscaler, where there is one. */
  public readonly kubeAutoscaler?: k8s.KubeHorizontalPodAutoscalerV2;

  private readonly scale: Scale;

  /** @throws on bad replicas, resources, names, ports or images */
  public constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id, 'Deployment', props);
    this.scale = this.checkScale(props);
    const selector = this._selectorLabels;
    const autoscaling = this.scale.min > 0 ? props.autoscaling : undefined;
    this.kubeDeployment = new k8s.KubeDeployment(this, 'deployment', {
      metadata: this._workloadMetadata(),
      spec: {
        // With an autoscaler the number is its own: applying a number here would undo what it has decided.
        replicas: autoscaling ? undefined : this.scale.min,
        revisionHistoryLimit: 3,
        selector: { matchLabels: selector },
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: k8s.IntOrString.fromNumber(SURGE), maxUnavailable: k8s.IntOrString.fromNumber(0) },
        },
        template: this._podTemplate({
          topologySpreadConstraints: topologySpread(this.scale, selector, {
            zones: ZoneSpread.PREFERRED,
            perRevision: true,
          }),
        }),
      },
    });
    this._addDisruptionBudget(this.scale);
    if (autoscaling) {
      this.kubeAutoscaler = new k8s.KubeHorizontalPodAutoscalerV2(this, 'autoscaler', {
        metadata: this._metadata(this._wave),
        spec: autoscalerSpec(this, this.name, this.scale.min, this._ownPerPod.memoryLimit, autoscaling),
      });
    }
  }

  /** @internal */
  public get _footprint(): Footprint {
    return {
      pods: this.scale.max === 0 ? 0 : this.scale.max + SURGE,
      perPod: this._perPod,
      containers: this._containerResources,
      storage: [],
    };
  }

  private checkScale({ replicas = 1, autoscaling }: DeploymentProps): Scale {
    const min = checkCount(this, 'replicas', replicas);
    if (!autoscaling || min === 0) {
      return { min, max: min };
    }
    const max = checkCount(
      this,
      'autoscaling.maxReplicas',
      autoscaling.maxReplicas ?? AUTOSCALING_DEFAULTS.maxReplicas,
    );
    if (max < min) {
      throw invalid(this, `autoscaling.maxReplicas is ${max}; allowed: at least replicas (${min})`);
    }
    return { min, max };
  }
}
