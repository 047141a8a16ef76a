import { App } from 'cdk8s';
import { IngressController, IngressControllerOptions } from '../components/ingress-controller';
import { PublicIngress } from '../components/public-ingress';
import { Waf, WafOptions } from '../components/waf';
import { WafRoute } from '../components/waf-nginx';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the ingress layer is built with. */
export interface IngressNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'ingressController' | 'waf'>;
  /** What of the services' APIs is public. */
  readonly routes: WafRoute[];
  readonly ingressController?: IngressControllerOptions;
  readonly waf?: WafOptions;
}

/** The ingress layer: the ingress controller and the web application firewall. */
export class IngressNamespace extends PlatformNamespace {
  public readonly ingressController: IngressController;
  public readonly waf: Waf;

  public constructor(app: App, props: IngressNamespaceProps) {
    const { environment, boxes, routes, ingressController = {}, waf = {} } = props;
    const { sizing, provider, apiHost, proxyNetworks } = environment;
    super(app, NAMESPACES.ingress, { ...props, exposed: provider.loadBalancer._exposed });
    this.ingressController = new IngressController(this, 'ingress-controller', {
      box: boxes.ingressController,
      replicas: ingressController.replicas ?? sizing.replicas(2),
      resources: ingressController.resources ?? sizing._resources(COMPONENT_RESOURCES['ingress-controller']),
      loadBalancer: provider.loadBalancer,
      trustedProxies: proxyNetworks,
    });
    this.waf = new Waf(this, 'waf', {
      ...waf,
      box: boxes.waf,
      replicas: waf.replicas ?? sizing.replicas(2),
      resources: waf.resources ?? sizing._resources(COMPONENT_RESOURCES.waf),
      exporterResources: sizing._resources(COMPONENT_RESOURCES['waf-exporter']),
      host: apiHost,
      routes,
      trustedProxies: proxyNetworks,
    });
    new PublicIngress(this, 'public-ingress', {
      host: apiHost,
      waf: boxes.waf.endpointNamed('http'),
      ingressController: boxes.ingressController.endpointNamed('websecure'),
      loadBalancer: provider.loadBalancer,
    });
  }
}
