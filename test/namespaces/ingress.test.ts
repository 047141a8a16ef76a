import { App } from 'cdk8s';
import { CloudProvider, Environment, LoadBalancer, WmsPlatform, WmsPlatformProps } from '../../lib';
import { SERVICES } from '../../lib/topology/services';
import { development, namespaceManifests, production, SERVICE_IMAGES } from '../fixtures';
import { find, Manifest, namesOf, Part } from '../manifest';

function make(environment: Environment, props: Partial<WmsPlatformProps> = {}): Manifest[] {
  const app = new App();
  new WmsPlatform(app, environment.name, { environment, ...props });
  return namespaceManifests(app, 'ingress');
}

const container = (manifests: Manifest[], workload: string, name: string): Part =>
  find(manifests, 'Deployment', workload).spec.template.spec.containers.find((c: Part) => c.name === name);
const cpuOf = (manifests: Manifest[]) => [
  container(manifests, 'ingress-controller', 'traefik').resources.requests.cpu,
  container(manifests, 'waf', 'nginx').resources.requests.cpu,
  container(manifests, 'waf', 'exporter').resources.requests.cpu,
];
const quotaOf = (manifests: Manifest[]) => find(manifests, 'ResourceQuota', 'quota').spec.hard;
const outside = (manifests: Manifest[]) =>
  namesOf(manifests).filter((name) => /^(Ingress|Service .*-public)/.test(name) && !name.startsWith('IngressClass'));

const staging = () => Environment.staging({ services: SERVICE_IMAGES });

describe('the ingress layer', () => {
  it.each([
    ['production', production, 2, ['200m', '250m', '10m']],
    ['staging', staging, 2, ['200m', '250m', '10m']],
    ['development', development, 1, ['25m', '25m', '5m']],
  ])('has the figures of %s', (_name, environment, replicas, cpu) => {
    const manifests = make(environment());
    for (const name of ['ingress-controller', 'waf']) {
      expect(find(manifests, 'Deployment', name).spec.replicas).toBe(replicas);
    }
    expect(cpuOf(manifests)).toEqual(cpu);
  });

  it.each([
    ['production', production(), ['Ingress load-balancer', 'Ingress public-api'], '0', '0'],
    ['staging', staging(), ['Ingress public-api', 'Service ingress-controller-public'], '1', '2'],
    ['development', development(), ['Ingress public-api', 'Service ingress-controller-public'], '0', '2'],
  ])('is reached from outside as the provider of %s has it', (_name, environment, objects, balancers, nodePorts) => {
    const manifests = make(environment);
    expect(outside(manifests)).toEqual(objects);
    expect(quotaOf(manifests)).toMatchObject({
      'services.loadbalancers': balancers,
      'services.nodeports': nodePorts,
    });
  });

  it('has a quota for its pods, and one more of each in a rollout', () => {
    expect(quotaOf(make(production())).pods).toBe('6');
  });

  it('serves the public routes of the services at the host of the API, each at its service', () => {
    const manifests = make(production({ domain: 'wms.example.net', clusterDomain: 'k8s.example.net' }));
    const nginx = find(manifests, 'ConfigMap', 'waf').data['nginx.conf'] as string;
    expect(nginx).toMatch(/^ +server_name api\.wms\.example\.net;$/m);
    expect(find(manifests, 'Ingress', 'public-api').spec.rules).toMatchObject([{ host: 'api.wms.example.net' }]);
    const routes = SERVICES.flatMap(({ name, port, publicRoutes = [] }) =>
      publicRoutes.map(({ path, methods }) => ({
        path,
        methods: methods.join('|'),
        upstream: `http://${name}.wms-platform.svc.k8s.example.net:${port}`,
      })),
    );
    const written =
      /location ~ \^(\S+)\(\/\|\$\) \{\s+if \(\$request_method !~ \^\((\S+)\)\$\) \{[^}]*\}\s+set \$upstream (\S+);/g;
    const rendered = [...nginx.matchAll(written)].map(([, path, methods, upstream]) => ({ path, methods, upstream }));
    expect(rendered).toEqual(routes.sort((a, b) => (a.path < b.path ? -1 : 1)));
  });

  it('believes the proxies of its environment', () => {
    const environment = production({
      provider: CloudProvider.aws({ region: 'us-east-1', loadBalancer: LoadBalancer.nlb() }),
      proxyNetworks: ['10.64.0.0/16'],
    });
    const manifests = make(environment);
    expect(container(manifests, 'ingress-controller', 'traefik').args).toContain(
      '--entrypoints.websecure.proxyprotocol.trustedips=10.64.0.0/16',
    );
    expect(find(manifests, 'ConfigMap', 'waf').data['nginx.conf']).toMatch(/^ +set_real_ip_from 10\.64\.0\.0\/16;$/m);
    const [, cidr] = find(manifests, 'NetworkPolicy', 'ingress-controller').spec.ingress.flatMap((rule: Part) =>
      rule.from.map((peer: Part) => peer.ipBlock?.cidr).filter(Boolean),
    );
    expect(cidr).toBe('10.64.0.0/16');
  });

  it('has its figures overridden', () => {
    const resources = { cpuRequest: '300m', memoryRequest: '1Gi', cpuLimit: '4', memoryLimit: '2Gi' };
    const manifests = make(production(), {
      ingressController: { replicas: 3, resources },
      waf: { replicas: 5, resources, paranoiaLevel: 2 },
    });
    expect(find(manifests, 'Deployment', 'ingress-controller').spec.replicas).toBe(3);
    expect(find(manifests, 'Deployment', 'waf').spec.replicas).toBe(5);
    expect(cpuOf(manifests)).toEqual(['300m', '300m', '10m']);
    expect(find(manifests, 'ConfigMap', 'waf').data['modsecurity.conf']).toContain('blocking_paranoia_level=2');
  });
});
