import { ApiObject, Chart, Cron, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { WmsApp } from '../lib/app';
import { summarize } from '../lib/summary';
import { Mesh } from '../lib/mesh/mesh';
import { clusterContext, setClusterContext } from '../lib/workload/cluster-context';
import { ContainerProps } from '../lib/workload/container';
import { CronJob } from '../lib/workload/cron-job';
import { DaemonSet } from '../lib/workload/daemon-set';
import { Deployment } from '../lib/workload/deployment';
import { Job } from '../lib/workload/job';
import { StatefulSet } from '../lib/workload/stateful-set';

let app: WmsApp;
let chart: Chart;

beforeEach(() => {
  app = new WmsApp({ outdir: 'never-written' });
  chart = new Chart(app, 'kafka', { namespace: 'kafka' });
});

const summary = () => summarize('staging', app).split('\n');
const line = (label: string) => summary().find((text) => text.startsWith(`  ${label} `))!;

function container(name: string, cpuRequest: string, memoryRequest: string): ContainerProps {
  const resources = { cpuRequest, memoryRequest, cpuLimit: '4', memoryLimit: '8Gi' };
  return { name, image: 'registry.example.com/main:1.0.0', resources };
}

const component = 'server';
const containers = [container('main', '100m', '128Mi'), container('sidecar', '150m', '64Mi')];

/** An object of which nothing but its kind counts. */
function object(kind: string, name: string, apiVersion = 'v1', scope = chart): ApiObject {
  return new ApiObject(scope, `${apiVersion}-${kind}-${name}`.replace(/\//g, '-'), {
    apiVersion,
    kind,
    metadata: { name },
  });
}

describe('The summary', () => {
  it('counts the objects of each namespace by kind, the cluster’s own apart.', () => {
    object('Secret', 'a');
    ['a', 'b'].forEach((name) => object('ConfigMap', name));
    const cluster = new Chart(app, 'cluster');
    object('Namespace', 'kafka', 'v1', cluster);
    object('PriorityClass', 'high', 'scheduling.k8s.io/v1', cluster);
    expect(summary()).toEqual([
      'staging: 5 objects',
      '  (cluster)        PriorityClass 1',
      '  kafka            ConfigMap 2, Namespace 1, Secret 1',
      '  total            5 objects',
      '  CRDs used: none',
    ]);
  });

  it('names the kinds that a bare cluster does not have, each once.', () => {
    ['a', 'b'].forEach((name) => object('ExternalSecret', name, 'external-secrets.io/v1'));
    object('AppProject', 'a', 'argoproj.io/v1alpha1');
    object('NetworkPolicy', 'a', 'networking.k8s.io/v1');
    object('Deployment', 'a', 'apps/v1');
    expect(summary().at(-1)).toBe(
      '  CRDs used: AppProject (argoproj.io/v1alpha1), ExternalSecret (external-secrets.io/v1)',
    );
  });

  it('of an empty app is zero.', () => {
    expect(summarize('staging', new WmsApp({ outdir: 'never-written' })).split('\n')).toEqual([
      'staging: 0 objects',
      '  total            0 objects',
      '  CRDs used: none',
    ]);
  });
});

describe('What pods request', () => {
  it('is the sum of their containers, times their number.', () => {
    new Deployment(chart, 'server', { component, containers, replicas: 3 });
    expect(line('kafka')).toContain('3 pods request CPU 750m, memory 576Mi, storage 0; ');
  });

  it('includes the volumes of each pod of a stateful set.', () => {
    const volumeClaims = [
      { name: 'data', size: Size.gibibytes(100) },
      { name: 'log', size: Size.gibibytes(10) },
    ];
    new StatefulSet(chart, 'server', { component, containers, replicas: 3, volumeClaims });
    expect(line('kafka')).toContain('3 pods request CPU 750m, memory 576Mi, storage 330Gi; ');
  });

  it('is that of the fewest pods where they are autoscaled.', () => {
    new Deployment(chart, 'server', { component, containers, replicas: 2, autoscaling: { maxReplicas: 10 } });
    new Chart(app, 'other', { namespace: 'other' });
    expect(line('kafka')).toContain('2 pods request CPU 500m, memory 384Mi');
  });

  it('minds the autoscaler of its own namespace alone.', () => {
    const other = new Chart(app, 'other', { namespace: 'other' });
    new Deployment(chart, 'server', { component, containers, replicas: 2, autoscaling: {} });
    new Deployment(other, 'server', { component, containers, replicas: 4, autoscaling: {} });
    expect(line('kafka')).toContain('2 pods request CPU 500m');
    expect(line('other')).toContain('4 pods request CPU 1,');
  });

  it('is nothing where a deployment is switched off.', () => {
    new Deployment(chart, 'server', { component, containers, replicas: 0 });
    expect(line('kafka')).not.toContain('request');
  });

  it('counts one pod of a daemon set, a job and a cron job.', () => {
    new DaemonSet(chart, 'agent', { component, containers, maxNodes: 5 });
    new Job(chart, 'once', { component, containers });
    new CronJob(chart, 'nightly', { component, containers, schedule: Cron.daily() });
    expect(line('kafka')).toContain('3 pods request CPU 750m, memory 576Mi, storage 0; ');
  });

  it('counts a pod that requests nothing.', () => {
    new k8s.KubeDeployment(chart, 'bare', {
      metadata: { name: 'bare' },
      spec: { selector: {}, template: { spec: { containers: [{ name: 'main' }] } } },
    });
    expect(line('kafka')).toContain('1 pods request CPU 0, memory 0, storage 0; ');
  });

  it('includes the sidecars that a mesh adds.', () => {
    const meshed = new Chart(app, 'wms-platform', { namespace: 'wms-platform' });
    const sidecar = { cpuRequest: '50m', memoryRequest: '32Mi', cpuLimit: '1', memoryLimit: '64Mi' };
    setClusterContext(meshed, { ...clusterContext(meshed), mesh: Mesh.on({ sidecar }) });
    new Deployment(meshed, 'server', { component, containers, replicas: 2 });
    expect(line('wms-platform')).toContain('2 pods request CPU 600m, memory 448Mi, storage 0; ');
  });

  it('is added up over all namespaces.', () => {
    const other = new Chart(app, 'other', { namespace: 'other' });
    const volumeClaims = [{ name: 'data', size: Size.gibibytes(1) }];
    new Deployment(chart, 'server', { component, containers, replicas: 3 });
    new StatefulSet(other, 'server', { component, containers, volumeClaims });
    expect(line('total')).toMatch(/^ {2}total {12}4 pods request CPU 1, memory 768Mi, storage 1Gi; \d+ objects$/);
  });
});
