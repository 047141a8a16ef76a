import { LoadBalancer } from '../../lib';
import { PublicIngress } from '../../lib/components/public-ingress';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { find, manifestsOf, namesOf } from '../manifest';
import { ingressBox } from './ingress-layer';

function make(loadBalancer: LoadBalancer) {
  const { chart, box } = ingressBox('waf');
  const ingressController = Box._fromTopology(chart, BOXES.ingressController, { state: PodsState.PENDING });
  new PublicIngress(chart, 'public-ingress', {
    hosts: ['api.wms.example.org', 'grafana.wms.example.org'],
    waf: box.endpointNamed('http'),
    ingressController: ingressController.endpointNamed('websecure'),
    loadBalancer,
  });
  return manifestsOf(chart);
}

const rules = (service: string, port: string) =>
  ['api.wms.example.org', 'grafana.wms.example.org'].map((host) => ({
    host,
    http: {
      paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { name: port } } } }],
    },
  }));

describe('the public hosts', () => {
  const ingress = find(make(LoadBalancer.gcp()), 'Ingress', 'public-api');

  it('lead from the ingress controller to the firewall, all of them', () => {
    expect(ingress.spec).toEqual({ ingressClassName: 'wms', rules: rules('waf', 'http') });
  });

  it('are served by HTTPS alone, in the wave of its layer', () => {
    expect(ingress.metadata).toMatchObject({
      namespace: 'ingress',
      labels: { 'app.kubernetes.io/name': 'waf' },
      annotations: {
        'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
        'argocd.argoproj.io/sync-wave': '60',
      },
    });
  });

  it.each([LoadBalancer.gcp(), LoadBalancer.nlb(), LoadBalancer.nodePort()])(
    'need no more where no Application Load Balancer is before it',
    (loadBalancer) => {
      expect(namesOf(make(loadBalancer))).toEqual(['Ingress public-api']);
    },
  );

  it('lead from an Application Load Balancer to the ingress controller', () => {
    const before = find(make(LoadBalancer.alb()), 'Ingress', 'load-balancer');
    expect(before.spec).toEqual({ ingressClassName: 'alb', rules: rules('ingress-controller', 'websecure') });
    expect(before.metadata.annotations).toMatchObject({
      ...LoadBalancer.alb()._exposure.albAnnotations,
      'alb.ingress.kubernetes.io/healthcheck-protocol': 'HTTPS',
      'alb.ingress.kubernetes.io/healthcheck-path': '/',
      'alb.ingress.kubernetes.io/success-codes': '404',
    });
  });
});
