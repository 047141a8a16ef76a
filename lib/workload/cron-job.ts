import { k8s } from 'cdk8s-plus-27';
import { Cron } from 'cdk8s';
import { Construct } from 'constructs';
import { invalid } from '../errors';
import { JobProps, jobSpec } from './job';
import { checkCount } from './names';
import { Footprint } from './footprint';
import { Workload } from './workload';

/** What a cron job runs, and when. */
export interface CronJobProps extends JobProps {
  /** When it runs, in UTC. */
  readonly schedule: Cron;

  /**
   * How late a run may still start, in seconds; at least 10, which is how often the controller looks.
   *
   * @default 300
   */
  readonly startingDeadlineSeconds?: number;
}

/** A CronJob of a hardened pod; a run never overlaps the one before. */
export class CronJob extends Workload {
  /** The Kubernetes object. */
  public readonly kubeCronJob: k8s.KubeCronJob;

  /** @throws on a bad schedule, resources, names, ports, images, retries or timeout */
  public constructor(scope: Construct, id: string, props: CronJobProps) {
    super(scope, id, 'CronJob', props);
    const schedule = props.schedule.expressionString;
    if (schedule.trim().split(/\s+/).length !== 5) {
      throw invalid(this, `schedule '${schedule}' is none; allowed: minute, hour, day, month and weekday`);
    }
    this.kubeCronJob = new k8s.KubeCronJob(this, 'cron-job', {
      metadata: this._workloadMetadata(),
      spec: {
        schedule,
        timeZone: 'Etc/UTC',
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: checkCount(this, 'startingDeadlineSeconds', props.startingDeadlineSeconds ?? 300, 10),
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: { spec: jobSpec(this, props, this._podTemplate({ restartPolicy: 'Never' })) },
      },
    });
  }

  /** @internal */
  public get _footprint(): Footprint {
    return { pods: 1, perPod: this._perPod, containers: this._containerResources, storage: [] };
  }
}
