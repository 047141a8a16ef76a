import { Duration } from 'cdk8s';
import { ConfigMap } from '../../lib/workload/config-map';
import { Job, JobProps } from '../../lib/workload/job';
import { find, templateOf } from '../manifest';
import { CONTAINER, everyWorkloadProp, expectEveryWorkloadProp, MINIMAL, testChart } from './fixtures';

const orders = (props: Partial<JobProps> = {}) => new Job(testChart(), 'orders', { ...MINIMAL, ...props });

const nameOf = (job: Job) => find(job, 'Job').metadata.name;

describe('Job', () => {
  it('tries for half an hour, seven times at the most', () => {
    const object = find(orders(), 'Job');
    expect(object.spec).toMatchObject({ backoffLimit: 6, activeDeadlineSeconds: 1800 });
    expect(templateOf(object).spec).toMatchObject({ restartPolicy: 'Never', serviceAccountName: 'orders' });
  });

  it('renders every property', () => {
    const every: Required<JobProps> = { ...everyWorkloadProp(), retries: 2, timeout: Duration.minutes(5) };
    const object = find(orders(every), 'Job');
    expectEveryWorkloadProp(object);
    expect(object.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 300 });
  });

  it.each<[Partial<JobProps>, string]>([
    [{ retries: -1 }, 'retries is -1; allowed: a whole number of 0 or more'],
    [{ retries: 1.5 }, 'retries is 1.5; allowed: a whole number of 0 or more'],
    [{ timeout: Duration.seconds(0) }, 'timeout is 0; allowed: a whole number of 1 or more'],
  ])('refuses %j', (props, message) => {
    expect(() => orders(props)).toThrow(`[test/orders] ${message}`);
  });
});

describe('the name of a Job', () => {
  const command = (...parts: string[]) => orders({ containers: [{ ...CONTAINER, command: parts }] });

  it('ends in ten hexadecimal digits of its spec, the same for the same spec', () => {
    expect(nameOf(command('run', 'a'))).toMatch(/^orders-[0-9a-f]{10}$/);
    expect(nameOf(command('run', 'a'))).toBe(nameOf(command('run', 'a')));
  });

  it('is its own alone: account, policy and selectors keep the plain one', () => {
    const job = orders();
    expect(job.name).toBe('orders');
    expect(find(job, 'ServiceAccount').metadata.name).toBe('orders');
    expect(find(job, 'NetworkPolicy').metadata.name).toBe('orders');
    expect(templateOf(find(job, 'Job')).metadata.labels['app.kubernetes.io/instance']).toBe('orders');
  });

  it.each<[string, Partial<JobProps>]>([
    ['command', { containers: [{ ...CONTAINER, command: ['run'] }] }],
    ['image', { containers: [{ ...CONTAINER, image: 'registry.example.com/main:1.0.1' }] }],
    ['number of retries', { retries: 1 }],
    ['timeout', { timeout: Duration.minutes(1) }],
    ['annotation of its pod', { podAnnotations: { a: 'b' } }],
  ])('is another for another %s', (_, props) => {
    expect(nameOf(orders(props))).not.toBe(nameOf(orders()));
  });

  it('is the same for what can change in place', () => {
    expect(nameOf(orders({ annotations: { a: 'b' }, syncWave: 9 }))).toBe(nameOf(orders()));
  });

  it('is the same whatever the order of keys', () => {
    const annotated = (podAnnotations: Record<string, string>) => nameOf(orders({ podAnnotations }));
    expect(annotated({ a: '1', b: '2' })).toBe(annotated({ b: '2', a: '1' }));
  });

  it('is another once its ConfigMap gets content, even later', () => {
    const chart = testChart();
    const identity = { box: 'orders', workload: 'orders', component: 'api' };
    const config = new ConfigMap(chart, 'config', { name: 'orders-config', identity });
    const job = new Job(chart, 'orders', { ...MINIMAL, podAnnotations: config.hashAnnotation });
    const before = nameOf(job);
    config.add('LEVEL', 'debug');
    expect(nameOf(job)).not.toBe(before);
  });
});
