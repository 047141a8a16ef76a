import { WmsService, WmsServiceProps, WmsServiceWorkerProps } from '../../lib';
import { development, guestChart, production } from '../fixtures';
import { find, kindsOf, manifestsOf, namesOf } from '../manifest';

const NAME = 'returns-service-worker';

function make(props: WmsServiceWorkerProps = {}, service: Partial<WmsServiceProps> = {}, environment = production()) {
  const { chart, platform } = guestChart(environment);
  const returns = new WmsService(chart, 'returns-service', {
    image: 'ghcr.io/example/returns-service:1.4.2',
    port: 8021,
    database: 'returns_db',
    connectTo: [platform.mongodb],
    ...service,
  });
  const worker = returns.addWorker(props);
  return {
    worker,
    platform,
    manifests: () => manifestsOf(chart),
    deployment: () => find(manifestsOf(chart), 'Deployment', NAME),
    container: () => find(manifestsOf(chart), 'Deployment', NAME).spec.template.spec.containers[0],
  };
}

describe('the worker of a service', () => {
  it("runs two pods of the service's image, with its resources, and neither Service nor autoscaler", () => {
    const { manifests, deployment, container } = make();
    expect(namesOf(manifests()).filter((name) => name.endsWith(NAME))).toEqual([
      `ConfigMap ${NAME}`,
      `Deployment ${NAME}`,
      `NetworkPolicy ${NAME}`,
      `PodDisruptionBudget ${NAME}`,
      `ServiceAccount ${NAME}`,
    ]);
    expect(deployment().spec.replicas).toBe(2);
    expect(container()).toMatchObject({
      name: 'worker',
      image: 'ghcr.io/example/returns-service:1.4.2',
      command: ['/app/worker'],
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
    });
  });

  it('serves no port, and so has no probes and is not scraped', () => {
    const { container, deployment, worker } = make();
    for (const field of ['ports', 'startupProbe', 'livenessProbe', 'readinessProbe', 'lifecycle']) {
      expect(container()).not.toHaveProperty(field);
    }
    expect(Object.keys(deployment().spec.template.metadata.annotations)).toEqual([`checksum/${NAME}`]);
    expect(worker.deployment.pods._accepted).toHaveLength(0);
  });

  it('is a part of its service with an account of its own, and has a minute to end', () => {
    const { deployment } = make();
    expect(deployment().metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'returns-service',
      'app.kubernetes.io/instance': NAME,
      'app.kubernetes.io/component': 'worker',
    });
    expect(deployment().spec.template.spec).toMatchObject({
      serviceAccountName: NAME,
      priorityClassName: 'wms-application',
      terminationGracePeriodSeconds: 60,
      securityContext: { runAsUser: 1000 },
      volumes: [{ name: 'tmp' }],
    });
  });

  it('shares the one MongoDB Secret with its service, and is told nothing else but what it connects to', () => {
    const { worker, platform, manifests, container } = make();
    worker.connectTo(platform.mongodb);
    worker.connectTo(platform.temporal);
    expect(namesOf(manifests()).filter((name) => name.startsWith('ExternalSecret'))).toEqual([
      'ExternalSecret returns-service-mongodb',
    ]);
    expect(container().env).toEqual([
      { name: 'MONGODB_URI', valueFrom: { secretKeyRef: { name: 'returns-service-mongodb', key: 'MONGODB_URI' } } },
    ]);
    expect(find(manifests(), 'ConfigMap', NAME).data).toEqual({
      MONGODB_DATABASE: 'returns_db',
      TEMPORAL_HOST: 'temporal-frontend.temporal.svc.cluster.local:7233',
      TEMPORAL_NAMESPACE: 'wms',
    });
  });

  it('renders every prop', () => {
    const all: Required<WmsServiceWorkerProps> = {
      command: ['/app/returns-worker', '--queue=returns'],
      replicas: 3,
      resources: { cpuRequest: '200m', memoryRequest: '256Mi', cpuLimit: '300m', memoryLimit: '300Mi' },
    };
    const { deployment, container } = make(all);
    expect(deployment().spec.replicas).toBe(3);
    expect(container()).toMatchObject({
      command: all.command,
      resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { cpu: '300m', memory: '300Mi' } },
    });
  });

  it("follows its service's user, resources and annotations", () => {
    const { deployment, container } = make(
      {},
      {
        user: 2000,
        resources: { cpuRequest: '50m', memoryRequest: '64Mi', cpuLimit: '60m', memoryLimit: '70Mi' },
        annotations: { 'example.com/team': 'returns' },
        podAnnotations: { 'example.com/pod': 'returns' },
      },
    );
    expect(container().resources.requests).toMatchObject({ cpu: '50m', memory: '64Mi' });
    expect(deployment().spec.template.spec).toMatchObject({ securityContext: { runAsUser: 2000 } });
    expect(deployment().metadata.annotations).toMatchObject({ 'example.com/team': 'returns' });
    expect(deployment().spec.template.metadata.annotations).toMatchObject({ 'example.com/pod': 'returns' });
  });

  it('is one pod without a disruption budget where the environment is one machine', () => {
    const { deployment, manifests } = make({}, {}, development());
    expect(deployment().spec.replicas).toBe(1);
    expect(kindsOf(manifests())).not.toContain('PodDisruptionBudget');
  });

  it.each<[string, WmsServiceWorkerProps, string]>([
    [
      'fewer than no pods',
      { replicas: -1 },
      '[test/returns-service/worker/deployment] replicas is -1; allowed: a whole number of 0 or more',
    ],
    [
      'a limit below the request',
      { resources: { cpuRequest: '2', memoryRequest: '1Gi', cpuLimit: '1', memoryLimit: '1Gi' } },
      '[test/returns-service/worker/deployment container worker] resources.cpuLimit 1 is below ' +
        'resources.cpuRequest 2; allowed: a limit of at least the request',
    ],
  ])('is refused with %s', (_what, props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  it('is refused MongoDB where its service has no database', () => {
    const { worker, platform } = make({}, { database: undefined, connectTo: [] });
    expect(() => worker.connectTo(platform.mongodb)).toThrow(
      '[test/returns-service/worker/configuration] must provide database, as it connects to mongodb/mongodb:tcp-mongodb',
    );
  });
});
