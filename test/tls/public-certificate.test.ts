import { App } from 'cdk8s';
import { CloudProvider, Environment, LoadBalancer, Mesh, Tls, WmsPlatform } from '../../lib';
import { namespaceManifests, SERVICE_IMAGES } from '../fixtures';
import { find, Manifest, Part } from '../manifest';

const ACME = { email: 'platform@example.com', server: 'https://acme.example.com/directory' };

function make(props: { mesh?: Mesh; provider?: CloudProvider; tls?: Tls } = {}): Manifest[] {
  const app = new App();
  const environment = Environment.staging({
    services: SERVICE_IMAGES,
    mesh: Mesh.off(),
    tls: Tls.certManager({ acme: ACME }),
    ...props,
  });
  new WmsPlatform(app, 'staging', { environment });
  return namespaceManifests(app, 'ingress');
}

const ofKind = (manifests: Manifest[], kind: string) => manifests.filter((m) => m.kind === kind);
const solverOf = (manifests: Manifest[]): Part => find(manifests, 'Issuer', 'acme').spec.acme.solvers[0].http01.ingress;

describe('the certificate of the public hosts', () => {
  const manifests = make();

  it('is of the authority that the environment names, for its hosts, and the Ingress answers with it', () => {
    expect(find(manifests, 'Issuer', 'acme').spec.acme).toMatchObject({
      ...ACME,
      privateKeySecretRef: { name: 'acme-account' },
    });
    expect(find(manifests, 'Certificate', 'public-tls').spec).toMatchObject({
      secretName: 'public-tls',
      dnsNames: ['api.staging.wms.example.com'],
      issuerRef: { name: 'acme', kind: 'Issuer', group: 'cert-manager.io' },
    });
    expect(find(manifests, 'Ingress', 'public-api').spec.tls).toEqual([
      { hosts: ['api.staging.wms.example.com'], secretName: 'public-tls' },
    ]);
  });

  it('is issued together with the ingress controller, which the authority has to reach', () => {
    for (const [kind, name] of [
      ['Issuer', 'acme'],
      ['Certificate', 'public-tls'],
      ['Deployment', 'ingress-controller'],
    ]) {
      expect(find(manifests, kind, name).metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('60');
    }
  });

  it('has solvers that the ingress controller alone reaches, and that reach nothing', () => {
    const { spec } = find(manifests, 'NetworkPolicy', 'acme-solver');
    const solver = { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } };
    const controller = {
      'app.kubernetes.io/instance': 'ingress-controller',
      'app.kubernetes.io/name': 'ingress-controller',
    };
    expect(spec).toEqual({
      podSelector: solver,
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [{ podSelector: { matchLabels: controller } }], ports: [{ port: 8089, protocol: 'TCP' }] }],
    });
    expect(find(manifests, 'NetworkPolicy', 'ingress-controller').spec.egress).toContainEqual({
      to: [{ podSelector: solver }],
      ports: [{ port: 8089, protocol: 'TCP' }],
    });
  });

  it('has solvers that the namespace has room for, without a node port', () => {
    const without = make({ tls: Tls.certManager() });
    const pods = (all: Manifest[]) => Number(find(all, 'ResourceQuota', 'quota').spec.hard.pods);
    expect(pods(manifests)).toBe(pods(without) + 1);
    expect(solverOf(manifests)).toMatchObject({
      ingressClassName: 'wms',
      serviceType: 'ClusterIP',
      podTemplate: {
        spec: {
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
        },
      },
    });
    expect(solverOf(manifests).podTemplate).not.toHaveProperty('metadata');
  });

  it('has solvers outside the mesh, past which the ingress controller reaches them', () => {
    const meshed = make({ mesh: Mesh.on() });
    expect(solverOf(meshed).podTemplate.metadata).toEqual({ labels: { 'sidecar.istio.io/inject': 'false' } });
    const { annotations } = find(meshed, 'Deployment', 'ingress-controller').spec.template.metadata;
    expect(annotations['traffic.sidecar.istio.io/excludeOutboundPorts'].split(',')).toContain('8089');
  });

  it.each([
    ['nobody is named', { tls: Tls.certManager() }],
    [
      'a load balancer ends TLS itself',
      { provider: CloudProvider.aws({ region: 'us-east-1', loadBalancer: LoadBalancer.alb() }) },
    ],
  ])('is none where %s', (_why, props) => {
    const none = make(props);
    expect([...ofKind(none, 'Issuer'), ...ofKind(none, 'Certificate')]).toEqual([]);
    expect(find(none, 'Ingress', 'public-api').spec).not.toHaveProperty('tls');
    expect(ofKind(none, 'NetworkPolicy').map(({ metadata }) => metadata.name)).not.toContain('acme-solver');
  });
});
