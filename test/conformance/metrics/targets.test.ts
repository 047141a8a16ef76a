import { Manifest } from '../../manifest';
import { Job, namesOnPage, targetsAmong } from './targets';

const JOB: Job = {
  job_name: 'kafka/zookeeper',
  metrics_path: '/metrics',
  kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: ['kafka'] } }],
  relabel_configs: [
    {
      source_labels: [
        '__meta_kubernetes_pod_label_app_kubernetes_io_name',
        '__meta_kubernetes_pod_label_app_kubernetes_io_instance',
      ],
      regex: 'kafka;zookeeper',
      action: 'keep',
    },
    { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'metrics', action: 'keep' },
    { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Failed', action: 'drop' },
  ],
};

function pod(change: { namespace?: string; instance?: string; phase?: string } = {}): Manifest {
  const { namespace = 'kafka', instance = 'zookeeper', phase = 'Running' } = change;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: 'a',
      labels: { 'app.kubernetes.io/name': 'kafka', 'app.kubernetes.io/instance': instance },
    },
    spec: {
      containers: [
        {
          ports: [
            { name: 'client', containerPort: 2181 },
            { name: 'metrics', containerPort: 7000 },
          ],
        },
      ],
    },
    status: { podIP: '10.0.0.1', phase },
  };
}

describe('what a job of Prometheus asks', () => {
  it('is the port it names of the pods it keeps', () => {
    const pods = [pod(), pod({ namespace: 'mongodb' }), pod({ instance: 'kafka' }), pod({ phase: 'Pending' })];
    expect(targetsAmong(JOB, pods)).toEqual(['http://10.0.0.1:7000/metrics']);
  });

  it('is another port where it says so', () => {
    const atPort = { source_labels: ['__address__'], regex: '(.+):\\d+', target_label: '__address__' };
    const job = { ...JOB, relabel_configs: [...JOB.relabel_configs, { ...atPort, replacement: '$1:15020' }] };
    expect(targetsAmong(job, [pod()])).toEqual(['http://10.0.0.1:15020/metrics']);
  });

  it('is not guessed where a rule is of a kind that is not known', () => {
    const job = { ...JOB, relabel_configs: [{ action: 'labelmap', regex: '(.+)' }] };
    expect(() => targetsAmong(job, [pod()])).toThrow("the suite does not know what Prometheus does to 'labelmap'");
  });
});

describe('the names on a page', () => {
  it('are those of its samples, not of its comments', () => {
    const page = '# TYPE never_seen counter\n# HELP b text\na_total{path="/{x} b"} 1\nb 2 1700000000\n# EOF\n';
    expect([...namesOnPage(page, JOB)]).toEqual(['a_total', 'b']);
  });

  it('may stand in quotes', () => {
    expect([...namesOnPage('{"a.b",x="y"} 1\n', JOB)]).toEqual(['a.b']);
  });

  it('are those that the job keeps', () => {
    const job = {
      ...JOB,
      metric_relabel_configs: [
        { source_labels: ['__name__'], regex: 'a|b', action: 'keep' },
        { source_labels: ['namespace'], regex: 'kafka', action: 'keep' },
      ],
    };
    const page = 'a{namespace="kafka"} 1\nb{namespace="other"} 1\nc{namespace="kafka"} 1\n';
    expect([...namesOnPage(page, job)]).toEqual(['a']);
  });
});
