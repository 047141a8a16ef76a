import { App, Chart, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Pods } from '../../lib/connections/pods';
import { ContainerProps } from '../../lib/workload/container';
import { Resources } from '../../lib/workload/resources';
import { WorkloadProps } from '../../lib/workload/workload';
import { Manifest, templateOf } from '../manifest';

export const RESOURCES: Resources = {
  cpuRequest: '100m',
  memoryRequest: '128Mi',
  cpuLimit: '500m',
  memoryLimit: '512Mi',
};

export const CONTAINER: ContainerProps = {
  name: 'main',
  image: 'registry.example.com/main:1.0.0',
  resources: RESOURCES,
};

/** A workload with nothing but what it must have. */
export const MINIMAL: WorkloadProps = { component: 'api', containers: [CONTAINER] };

/** A workload that listens on 8080 (`http`) and 9090 (`metrics`). */
export const LISTENING: WorkloadProps = {
  component: 'api',
  containers: [
    {
      ...CONTAINER,
      ports: [
        { name: 'metrics', port: 9090 },
        { name: 'http', port: 8080 },
      ],
    },
  ],
};

export const SELECTOR = { 'app.kubernetes.io/name': 'orders', 'app.kubernetes.io/instance': 'orders' };

/** A chart with the path `test` in the namespace `test`. */
export function testChart(): Chart {
  return new Chart(new App(), 'test', { namespace: 'test' });
}

/** Every property of a container, each with a value found nowhere else. */
export function everyContainerProp(name: string): Required<ContainerProps> {
  return {
    ...CONTAINER,
    name,
    command: [`${name}-command`],
    args: [`${name}-argument`],
    env: [{ name: 'VARIABLE', value: `${name}-value` }],
    envFrom: [{ configMapRef: { name: `${name}-config` } }],
    ports: [{ name: `${name}-port`, port: 8000 + name.length }],
    startupProbe: { exec: { command: [`${name}-started`] } },
    livenessProbe: { exec: { command: [`${name}-alive`] } },
    readinessProbe: { exec: { command: [`${name}-ready`] } },
    preStop: { exec: { command: [`${name}-stop`] } },
    volumeMounts: [{ name: 'scratch', mountPath: `/${name}` }],
  };
}

/** What `everyContainerProp` is rendered as. */
export function everyContainerField(name: string): object {
  const { ports, preStop, resources, ...same } = everyContainerProp(name);
  return {
    ...same,
    ports: ports.map((port) => ({ name: port.name, containerPort: port.port, protocol: 'TCP' })),
    lifecycle: { preStop },
    resources: {
      requests: { cpu: resources.cpuRequest, memory: resources.memoryRequest },
      limits: { cpu: resources.cpuLimit, memory: resources.memoryLimit },
    },
  };
}

const VOLUME: k8s.Volume = { name: 'scratch', emptyDir: {} };

/** Every property of a workload, whatever its kind, each with a value found nowhere else. */
export function everyWorkloadProp(): Required<WorkloadProps> {
  return {
    component: 'database',
    name: 'orders-store',
    box: 'orders-box',
    annotations: { 'example.com/of': 'the-object' },
    pods: new Pods('test', { box: 'orders-box', workload: 'orders-store', component: 'database' }),
    syncWave: 77,
    containers: [everyContainerProp('main'), everyContainerProp('sidecar')],
    initContainers: [everyContainerProp('first')],
    volumes: [VOLUME],
    user: 2001,
    fsGroup: 2002,
    terminationGracePeriod: Duration.seconds(93),
    priorityClassName: 'urgent',
    podAnnotations: { 'example.com/of': 'the-pod' },
    kubernetesApi: true,
  };
}

/** Expects what `everyWorkloadProp` says in an object that runs pods. `pods` shows in network policies alone. */
export function expectEveryWorkloadProp(object: Manifest): void {
  const labels = {
    'app.kubernetes.io/name': 'orders-box',
    'app.kubernetes.io/instance': 'orders-store',
    'app.kubernetes.io/component': 'database',
  };
  expect(object.metadata).toMatchObject({
    labels,
    annotations: { 'example.com/of': 'the-object', 'argocd.argoproj.io/sync-wave': '77' },
  });
  expect(object.metadata.name).toMatch(/^orders-store(-[0-9a-f]{10})?$/);
  expect(templateOf(object)).toMatchObject({
    metadata: { labels, annotations: { 'example.com/of': 'the-pod' } },
    spec: {
      serviceAccountName: 'orders-store',
      automountServiceAccountToken: true,
      priorityClassName: 'urgent',
      terminationGracePeriodSeconds: 93,
      securityContext: { runAsUser: 2001, runAsGroup: 2001, fsGroup: 2002 },
      volumes: [VOLUME],
      containers: [everyContainerField('main'), everyContainerField('sidecar')],
      initContainers: [everyContainerField('first')],
    },
  });
}
