import { App, Duration } from 'cdk8s';
import { CloudProvider, Environment, LoadBalancer, OidcProvider, WmsPlatform, WmsPlatformProps } from '../../lib';
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

  it('has a login before each page of people, at a host of its own, behind the firewall', () => {
    const oidc = new OidcProvider({ issuer: 'https://login.example.com' });
    const resources = { cpuRequest: '70m', memoryRequest: '64Mi', cpuLimit: '1', memoryLimit: '128Mi' };
    const sessionDuration = Duration.hours(1);
    const manifests = make(production({ oidc }), { oidcProxy: { replicas: 4, resources, sessionDuration } });
    const hosts = ['api', 'grafana', 'temporal'].map((name) => ({ host: `${name}.wms.example.com` }));
    expect(find(manifests, 'Ingress', 'public-api').spec.rules).toMatchObject(hosts);
    const nginx = find(manifests, 'ConfigMap', 'waf').data['nginx.conf'] as string;
    expect(nginx).toMatch(
      /server_name grafana\.wms\.example\.com;[^]*set \$upstream http:\/\/oidc-proxy-grafana\.ingress\.svc\.cluster\.local:4180;/,
    );
    const login = container(manifests, 'oidc-proxy-temporal', 'oauth2-proxy');
    expect(login.args).toEqual(
      expect.arrayContaining([
        '--upstream=http://temporal-ui.temporal.svc.cluster.local:8080/',
        '--redirect-url=https://temporal.wms.example.com/oauth2/callback',
        '--trusted-proxy-ip=10.0.0.0/8',
        '--cookie-expire=3600s',
      ]),
    );
    expect(login.resources.requests.cpu).toBe('70m');
    expect(find(manifests, 'Deployment', 'oidc-proxy-grafana').spec.replicas).toBe(4);
  });

  it.each([
    ['production', production, 2, '50m'],
    ['development', development, 1, '10m'],
  ])('has logins with the figures of %s', (_name, environment, replicas, cpu) => {
    const oidc = new OidcProvider({ issuer: 'https://login.example.com' });
    const manifests = make(environment({ oidc }));
    expect(find(manifests, 'Deployment', 'oidc-proxy-grafana').spec.replicas).toBe(replicas);
    expect(container(manifests, 'oidc-proxy-grafana', 'oauth2-proxy').resources.requests.cpu).toBe(cpu);
  });
});
