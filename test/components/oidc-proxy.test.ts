import { App, Chart, Duration } from 'cdk8s';
import { Endpoint, EndpointKind, OidcProvider, OidcProxy, OidcProxyProps } from '../../lib';
import { Pods } from '../../lib/connections/pods';
import { find, manifestsOf, namesOf, Part } from '../manifest';

function make(props: Partial<OidcProxyProps> = {}) {
  const chart = new Chart(new App(), 'ingress', { namespace: 'ingress' });
  const pods = new Pods('tools', { box: 'page', workload: 'page', component: 'page' });
  const upstream = new Endpoint({ pods, name: 'http', kind: EndpointKind.HTTP, port: 3000, host: 'page.tools.svc' });
  const proxy = new OidcProxy(chart, 'login', {
    page: 'page',
    provider: new OidcProvider({ issuer: 'https://login.example.org' }),
    clientId: 'wms-page',
    groups: ['lookers'],
    host: 'page.wms.example.org',
    upstream,
    replicas: 2,
    resources: { cpuRequest: '50m', memoryRequest: '64Mi', cpuLimit: '500m', memoryLimit: '128Mi' },
    trustedProxies: ['10.1.0.0/16'],
    ...props,
  });
  return { proxy, manifests: manifestsOf(chart) };
}

const podOf = (manifests: Part[]) => find(manifests, 'Deployment', 'oidc-proxy-page').spec.template.spec;

describe('the login before a page', () => {
  it('is pods, their account and policy, a Service, a disruption budget and its secrets', () => {
    expect(namesOf(make().manifests)).toEqual([
      'Deployment oidc-proxy-page',
      'NetworkPolicy oidc-proxy-page',
      'PodDisruptionBudget oidc-proxy-page',
      'Secret oidc-proxy-page',
      'Service oidc-proxy-page',
      'ServiceAccount oidc-proxy-page',
    ]);
  });

  it('takes its figures, its client and its session', () => {
    const { manifests } = make({ replicas: 3, sessionDuration: Duration.minutes(90), clientId: 'other' });
    expect(find(manifests, 'Deployment', 'oidc-proxy-page').spec.replicas).toBe(3);
    const [container] = podOf(manifests).containers;
    expect(container.resources.limits).toMatchObject({ cpu: '500m', memory: '128Mi' });
    expect(container.args).toEqual(
      expect.arrayContaining([
        '--cookie-expire=5400s',
        '--client-id=other',
        '--allowed-group=lookers',
        '--upstream=http://page.tools.svc:3000/',
        '--trusted-proxy-ip=10.1.0.0/16',
      ]),
    );
  });

  it('lasts a working day unless it is told otherwise', () => {
    expect(podOf(make().manifests).containers[0].args).toContain('--cookie-expire=28800s');
  });

  it('mounts its secrets, the key of the sessions in a form that the server takes', () => {
    const { manifests } = make();
    const secret = find(manifests, 'Secret', 'oidc-proxy-page');
    expect(Object.keys(secret.stringData)).toEqual(['client-secret', 'cookie-secret']);
    expect(Buffer.from(secret.stringData['cookie-secret'])).toHaveLength(32);
    const { volumes, containers } = podOf(manifests);
    expect(volumes).toEqual([{ name: 'secrets', secret: { secretName: 'oidc-proxy-page', defaultMode: 0o440 } }]);
    expect(containers[0].volumeMounts).toEqual([{ name: 'secrets', mountPath: '/etc/oidc', readOnly: true }]);
  });

  it('serves its page and its metrics', () => {
    const { proxy, manifests } = make();
    expect(proxy.http.address).toBe('oidc-proxy-page.ingress.svc.cluster.local:4180');
    expect(proxy.deployment.metrics).toMatchObject([{ endpoint: { port: 44180 }, path: '/metrics' }]);
    const [{ startupProbe, livenessProbe, readinessProbe }] = podOf(manifests).containers;
    expect([startupProbe, livenessProbe, readinessProbe].map(({ httpGet }: Part) => httpGet.path)).toEqual([
      '/ping',
      '/ping',
      '/ready',
    ]);
  });

  it('cannot have a session of seconds', () => {
    expect(() => make({ sessionDuration: Duration.seconds(59) })).toThrow(
      '[ingress/login] sessionDuration is 59 seconds; allowed: at least a minute',
    );
  });
});
