import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Endpoint } from '../connections/endpoint';
import { objectMetadata } from '../gitops/metadata';
import { layerWave } from '../gitops/sync-waves';
import { LoadBalancer } from '../load-balancer';
import { workloadLabels } from '../workload/labels';
import { INGRESS_CLASS } from './ingress-controller';

/** What the public hosts lead to. */
export interface PublicIngressProps {
  /** The host names that clients use. */
  readonly hosts: readonly string[];
  /** The web application firewall. */
  readonly waf: Endpoint;
  /** The ingress controller's HTTPS endpoint. */
  readonly ingressController: Endpoint;
  readonly loadBalancer: LoadBalancer;
  /** The Secret with their certificate; none where the ingress controller signs one itself. */
  readonly certificate?: string;
}

/** An Application Load Balancer asks a pod where it sends requests to; for no host of its own, Traefik answers 404. */
const HEALTH_CHECK = {
  'alb.ingress.kubernetes.io/healthcheck-protocol': 'HTTPS',
  'alb.ingress.kubernetes.io/healthcheck-path': '/',
  'alb.ingress.kubernetes.io/success-codes': '404',
};

/**
 * The way of the public hosts: at the ingress controller to the web application firewall, and before that, where there is
 * an Application Load Balancer, from it to the ingress controller.
 */
export class PublicIngress extends Construct {
  public constructor(scope: Construct, id: string, props: PublicIngressProps) {
    super(scope, id);
    const { hosts, waf, ingressController, loadBalancer, certificate } = props;
    this.addIngress(
      'public-api',
      INGRESS_CLASS,
      hosts,
      waf,
      {
        'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      },
      certificate,
    );
    const { albAnnotations } = loadBalancer._exposure;
    if (albAnnotations) {
      this.addIngress('load-balancer', 'alb', hosts, ingressController, { ...albAnnotations, ...HEALTH_CHECK });
    }
  }

  private addIngress(
    name: string,
    ingressClassName: string,
    hosts: readonly string[],
    backend: Endpoint,
    annotations: Record<string, string>,
    certificate?: string,
  ): void {
    const { namespace, _identity: identity } = backend.pods;
    const service = { name: backend.host.split('.')[0], port: { name: backend.portName } };
    new k8s.KubeIngress(this, name, {
      metadata: objectMetadata({
        name,
        namespace,
        labels: workloadLabels(identity),
        wave: layerWave(namespace),
        annotations,
      }),
      spec: {
        ingressClassName,
        tls: certificate ? [{ hosts: [...hosts], secretName: certificate }] : undefined,
        rules: hosts.map((host) => ({
          host,
          http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] },
        })),
      },
    });
  }
}
