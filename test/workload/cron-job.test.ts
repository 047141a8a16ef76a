import { Cron, Duration } from 'cdk8s';
import { CronJob, CronJobProps } from '../../lib/workload/cron-job';
import { find, templateOf } from '../manifest';
import { everyWorkloadProp, expectEveryWorkloadProp, MINIMAL, testChart } from './fixtures';

const orders = (props: Partial<CronJobProps> = {}) =>
  new CronJob(testChart(), 'orders', { ...MINIMAL, schedule: Cron.hourly(), ...props });

describe('CronJob', () => {
  it('runs on schedule in UTC, never over the run before', () => {
    const job = orders();
    const object = find(job, 'CronJob', 'orders');
    expect(object.spec).toMatchObject({
      schedule: '0 * * * *',
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { backoffLimit: 6, activeDeadlineSeconds: 1800 } },
    });
    expect(templateOf(object).spec.restartPolicy).toBe('Never');
    expect(job.kubeCronJob.name).toBe('orders');
  });

  it('renders every property', () => {
    const every: Required<CronJobProps> = {
      ...everyWorkloadProp(),
      schedule: Cron.schedule({ minute: '7', hour: '3', day: '2', month: '1', weekDay: '5' }),
      startingDeadlineSeconds: 61,
      retries: 2,
      timeout: Duration.minutes(5),
    };
    const object = find(orders(every), 'CronJob', 'orders-store');
    expectEveryWorkloadProp(object);
    expect(object.spec).toMatchObject({
      schedule: '7 3 2 1 5',
      startingDeadlineSeconds: 61,
      jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 300 } },
    });
  });

  it.each([
    ['0 0', '0 0 * * * *'],
    ['', ' * * * *'],
  ])('refuses a schedule whose minute is %j', (minute, schedule) => {
    expect(() => orders({ schedule: Cron.schedule({ minute }) })).toThrow(
      `[test/orders] schedule '${schedule}' is none; allowed: minute, hour, day, month and weekday`,
    );
  });

  it('may start its runs within the ten seconds in which the controller looks', () => {
    expect(find(orders({ startingDeadlineSeconds: 10 }), 'CronJob').spec.startingDeadlineSeconds).toBe(10);
  });

  it.each([9, -1, 10.5, NaN])('refuses to start its runs within %d seconds', (startingDeadlineSeconds) => {
    expect(() => orders({ startingDeadlineSeconds })).toThrow(
      `[test/orders] startingDeadlineSeconds is ${startingDeadlineSeconds}; allowed: a whole number of 10 or more`,
    );
  });

  it('refuses what a Job refuses', () => {
    expect(() => orders({ retries: -1 })).toThrow('[test/orders] retries is -1; allowed: a whole number of 0 or more');
    expect(() => orders({ timeout: Duration.seconds(0) })).toThrow(
      '[test/orders] timeout is 0; allowed: a whole number of 1 or more',
    );
  });
});
