import { IngressController, IngressControllerProps, LoadBalancer } from '../../lib';
import { traefikArguments } from '../../lib/components/traefik-arguments';
import { find, findAll, Manifest, manifestsOf, namesOf } from '../manifest';
import { ingressBox } from './ingress-layer';

const RESOURCES = { cpuRequest: '200m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '512Mi' };

function make(loadBalancer = LoadBalancer.gcp(), props: Partial<IngressControllerProps> = {}) {
  const { chart, box } = ingressBox('ingressController');
  const controller = new IngressController(chart, 'ingress-controller', {
    box,
    replicas: 2,
    resources: RESOURCES,
    loadBalancer,
    trustedProxies: ['10.0.0.0/8'],
    ...props,
  });
  const manifests = manifestsOf(chart);
  const { spec } = find(manifests, 'Deployment', 'ingress-controller');
  return { controller, manifests, spec, pod: spec.template.spec, container: spec.template.spec.containers[0] };
}

const rulesOf = (manifests: Manifest[], kind: string, name: string) =>
  find(manifests, kind, name).rules.map(
    ({ apiGroups, resources, verbs }: Record<string, string[]>) =>
      `${apiGroups.join()}/${resources.join()}: ${verbs.join(' ')}`,
  );

describe('an ingress controller', () => {
  const { controller, manifests, spec, pod, container } = make();

  it('is a Deployment with all that belongs to it', () => {
    expect(namesOf(manifests)).toEqual([
      'ClusterRole wms-ingress-controller',
      'ClusterRoleBinding wms-ingress-controller',
      'Deployment ingress-controller',
      'IngressClass wms',
      'NetworkPolicy ingress-controller',
      'PodDisruptionBudget ingress-controller',
      'Role ingress-controller',
      'RoleBinding ingress-controller',
      'Service ingress-controller',
      'Service ingress-controller-public',
      'ServiceAccount ingress-controller',
    ]);
  });

  it('runs its image as its user, with its arguments, replicas and resources', () => {
    expect(spec.replicas).toBe(2);
    expect(pod).toMatchObject({
      priorityClassName: 'wms-platform',
      securityContext: { runAsUser: 65532 },
      automountServiceAccountToken: true,
    });
    expect(container).toMatchObject({
      name: 'traefik',
      image: 'docker.io/library/traefik:v3.7.11',
      resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
    });
    expect(container.args).toEqual(
      traefikArguments({
        namespace: 'ingress',
        exposure: LoadBalancer.gcp()._exposure,
        trustedProxies: ['10.0.0.0/8'],
        publicService: 'ingress-controller-public',
        internalHost: 'ingress-controller.ingress.svc.cluster.local',
        ingressClass: 'wms',
        drainSeconds: 20,
        graceSeconds: 40,
      }),
    );
  });

  it('listens where its arguments say', () => {
    expect(container.ports).toEqual([
      { name: 'web', containerPort: 8000, protocol: 'TCP' },
      { name: 'websecure', containerPort: 8443, protocol: 'TCP' },
      { name: 'ping', containerPort: 8080, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9100, protocol: 'TCP' },
    ]);
  });

  it('is asked at /ping, has time to start, and ends when its last requests have', () => {
    const httpGet = { path: '/ping', port: 'ping' };
    expect(container).toMatchObject({
      startupProbe: { httpGet, periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 3 },
      livenessProbe: { httpGet, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 3 },
      readinessProbe: { httpGet, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
    });
    expect(pod.terminationGracePeriodSeconds).toBe(65);
  });

  it('can write temporary files', () => {
    expect(pod.volumes).toEqual([{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }]);
    expect(container.volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
  });

  it('has a class of its own', () => {
    const ingressClass = find(manifests, 'IngressClass', 'wms');
    expect(ingressClass.spec).toEqual({ controller: 'traefik.io/ingress-controller' });
    expect(ingressClass.metadata).not.toHaveProperty('namespace');
  });

  it('may watch what it serves in its own namespace, and say where its Ingresses are', () => {
    expect(rulesOf(manifests, 'Role', 'ingress-controller')).toEqual([
      '/secrets: list watch',
      '/services: list watch',
      'discovery.k8s.io/endpointslices: list watch',
      'networking.k8s.io/ingresses: list watch',
      'networking.k8s.io/ingresses/status: update',
    ]);
    expect(find(manifests, 'RoleBinding', 'ingress-controller')).toMatchObject({
      roleRef: { kind: 'Role', name: 'ingress-controller' },
      subjects: [{ kind: 'ServiceAccount', name: 'ingress-controller', namespace: 'ingress' }],
    });
  });

  it('may watch classes and nodes in the cluster, and nothing else', () => {
    expect(rulesOf(manifests, 'ClusterRole', 'wms-ingress-controller')).toEqual([
      'networking.k8s.io/ingressclasses: list watch',
      '/nodes: list watch',
    ]);
    const binding = find(manifests, 'ClusterRoleBinding', 'wms-ingress-controller');
    expect(binding).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'wms-ingress-controller' },
      subjects: [{ kind: 'ServiceAccount', name: 'ingress-controller', namespace: 'ingress' }],
    });
    expect(binding.metadata).not.toHaveProperty('namespace');
    expect(find(manifests, 'ClusterRole', 'wms-ingress-controller').metadata).not.toHaveProperty('namespace');
  });

  it('has its class and rights before its pods', () => {
    const waves = findAll(manifests)
      .filter(({ kind }) => /Role|IngressClass/.test(kind))
      .map(({ metadata }) => metadata.annotations['argocd.argoproj.io/sync-wave']);
    expect(new Set(waves)).toEqual(new Set(['2']));
  });

  it('is reached inside the cluster at its own ports, and scraped', () => {
    expect(find(manifests, 'Service', 'ingress-controller').spec).toMatchObject({
      type: 'ClusterIP',
      ports: [
        { name: 'web', port: 8000 },
        { name: 'websecure', port: 8443 },
        { name: 'metrics', port: 9100 },
      ],
    });
    expect(controller.deployment.metrics).toMatchObject([{ endpoint: { port: 9100 }, path: '/metrics' }]);
  });
});

describe('the ingress controller is reached from outside', () => {
  const selector = {
    'app.kubernetes.io/name': 'ingress-controller',
    'app.kubernetes.io/instance': 'ingress-controller',
  };
  const TARGETS: Record<string, object> = {
    web: { targetPort: 8000, appProtocol: 'http' },
    websecure: { targetPort: 8443, appProtocol: 'https' },
  };
  const port = (name: string, number: number) => ({ name, port: number, protocol: 'TCP', ...TARGETS[name] });
  const publicService = (loadBalancer: LoadBalancer) => {
    const { controller, manifests } = make(loadBalancer);
    return find(manifests, 'Service', controller.publicServiceName);
  };

  it('by a load balancer of Google, by node ports of nodes that run it', () => {
    const service = publicService(LoadBalancer.gcp());
    expect(service.metadata).toMatchObject({
      name: 'ingress-controller-public',
      annotations: { 'cloud.google.com/l4-rbs': 'enabled', 'argocd.argoproj.io/sync-wave': '2' },
    });
    expect(service.spec).toEqual({
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: true,
      externalTrafficPolicy: 'Local',
      selector,
      ports: [port('web', 80), port('websecure', 443)],
    });
  });

  it('by a Network Load Balancer, straight at its pods', () => {
    const service = publicService(LoadBalancer.nlb());
    expect(service.metadata.annotations).toMatchObject(LoadBalancer.nlb()._exposure.annotations);
    expect(service.spec).toEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Cluster',
      selector,
      ports: [port('web', 80), port('websecure', 443)],
    });
  });

  it('at fixed ports of its node', () => {
    expect(publicService(LoadBalancer.nodePort({ http: 31080, https: 31443 })).spec).toEqual({
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      selector,
      ports: [
        { ...port('web', 80), nodePort: 31080 },
        { ...port('websecure', 443), nodePort: 31443 },
      ],
    });
  });

  it('by an Application Load Balancer at its own Service', () => {
    const { controller, manifests } = make(LoadBalancer.alb());
    expect(findAll(manifests, 'Service').map(({ metadata }) => metadata.name)).toEqual([controller.publicServiceName]);
    expect(controller.publicServiceName).toBe('ingress-controller');
  });
});

it('An ingress controller is refused with half a pod', () => {
  expect(() => make(LoadBalancer.gcp(), { replicas: 0.5 })).toThrow(
    '[ingress/ingress-controller/deployment] replicas is 0.5; allowed: a whole number of 0 or more',
  );
});
