import { Duration, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { contentHash } from './config-map';
import { checkCount } from './names';
import { Footprint } from './footprint';
import { Workload, WorkloadProps } from './workload';

/** What a job runs, and how often it tries. */
export interface JobProps extends WorkloadProps {
  /**
   * How often it is tried again after a failure.
   *
   * @default 6
   */
  readonly retries?: number;

  /**
   * How long it may take with all its tries.
   *
   * @default Duration.minutes(30)
   */
  readonly timeout?: Duration;
}

/** The spec of a job's object; a CronJob's jobs have the same. @internal */
export function jobSpec(scope: Construct, props: JobProps, template: k8s.PodTemplateSpec): k8s.JobSpec {
  return {
    backoffLimit: checkCount(scope, 'retries', props.retries ?? 6),
    activeDeadlineSeconds: checkCount(scope, 'timeout', (props.timeout ?? Duration.minutes(30)).toSeconds(), 1),
    template,
  };
}

/**
 * A Job of a hardened pod. Its name ends in a hash of its spec, because a Job cannot be changed: a changed one is a new
 * one, and applying the same one again does nothing.
 */
export class Job extends Workload {
  /** The Kubernetes object. Its name is known once all of its content is: when it is rendered. */
  public readonly kubeJob: k8s.KubeJob;

  /** @throws on bad resources, names, ports, images, retries or timeout */
  public constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id, 'Job', props);
    const spec = jobSpec(this, props, this._podTemplate({ restartPolicy: 'Never' }));
    // Late, because the content of its ConfigMaps is part of the spec and may still grow.
    const name = Lazy.any({ produce: () => `${this.name}-${contentHash(spec)}` }) as string;
    this.kubeJob = new k8s.KubeJob(this, 'job', { metadata: this._workloadMetadata(name), spec });
  }

  /** @internal */
  public get _footprint(): Footprint {
    return { pods: 1, perPod: this._perPod, containers: this._containerResources, storage: [] };
  }
}
