import { App } from 'cdk8s';
import { INGRESS_CLASS, IngressController, IngressControllerOptions } from '../components/ingress-controller';
import { OidcProxy, OidcProxyOptions } from '../components/oidc-proxy';
import { PublicIngress } from '../components/public-ingress';
import { Waf, WafOptions } from '../components/waf';
import { WafRoute } from '../components/waf-nginx';
import { Box } from '../connections/box';
import { Endpoint } from '../connections/endpoint';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { NAMESPACES } from '../topology/namespaces';
import { PeoplePageName } from '../topology/people-pages';
import { solverFootprint } from '../tls/acme-solver';
import { PublicCertificate } from '../tls/public-certificate';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the ingress layer is built with. */
export interface IngressNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'ingressController' | 'waf'>;
  /** What of the services' APIs is public. */
  readonly routes: WafRoute[];
  /** People's pages, where there is a login to put before them. */
  readonly pages: Readonly<Record<PeoplePageName, Endpoint>>;
  readonly oidcProxy?: OidcProxyOptions;
  readonly ingressController?: IngressControllerOptions;
  readonly waf?: WafOptions;
}

/** The ingress layer: the ingress controller, the web application firewall, and the logins before people's pages. */
export class IngressNamespace extends PlatformNamespace {
  public readonly ingressController: IngressController;
  public readonly waf: Waf;
  public readonly oidcProxies: OidcProxy[];

  public constructor(app: App, props: IngressNamespaceProps) {
    const { environment, boxes, routes, ingressController = {}, waf = {} } = props;
    const { sizing, provider, apiHost, proxyNetworks } = environment;
    const hosts = [apiHost, ...environment._pages.map(({ host }) => host)];
    // Where a load balancer ends clients' TLS, nobody but itself sees the ingress controller's certificate.
    const { albAnnotations } = provider.loadBalancer._exposure;
    const acme = albAnnotations ? undefined : environment.tls._certManager?.acme;
    super(app, NAMESPACES.ingress, {
      ...props,
      exposed: provider.loadBalancer._exposed,
      passing: acme ? [solverFootprint(hosts.length)] : [],
    });
    this.ingressController = new IngressController(this, 'ingress-controller', {
      box: boxes.ingressController,
      replicas: ingressController.replicas ?? sizing.replicas(2),
      resources: ingressController.resources ?? sizing._resources(COMPONENT_RESOURCES['ingress-controller']),
      loadBalancer: provider.loadBalancer,
      trustedProxies: proxyNetworks,
    });
    this.oidcProxies = this.createOidcProxies(props);
    this.waf = new Waf(this, 'waf', {
      ...waf,
      box: boxes.waf,
      replicas: waf.replicas ?? sizing.replicas(2),
      resources: waf.resources ?? sizing._resources(COMPONENT_RESOURCES.waf),
      exporterResources: sizing._resources(COMPONENT_RESOURCES['waf-exporter']),
      host: apiHost,
      routes,
      pages: this.oidcProxies.map(({ http }, index) => ({ host: hosts[index + 1], upstream: http.address })),
      trustedProxies: proxyNetworks,
    });
    const certificate =
      acme &&
      new PublicCertificate(this, 'public-certificate', {
        acme,
        hosts,
        ingressController: boxes.ingressController.pods,
        ingressClass: INGRESS_CLASS,
      });
    new PublicIngress(this, 'public-ingress', {
      hosts,
      waf: boxes.waf.endpointNamed('http'),
      ingressController: boxes.ingressController.endpointNamed('websecure'),
      loadBalancer: provider.loadBalancer,
      certificate: certificate?.secretName,
    });
  }

  private createOidcProxies({ environment, pages, oidcProxy: options = {} }: IngressNamespaceProps): OidcProxy[] {
    const { sizing, proxyNetworks, oidc, _pages } = environment;
    return _pages.map(
      ({ name, host, clientId, groups }) =>
        new OidcProxy(this, `oidc-proxy-${name}`, {
          page: name,
          host,
          clientId,
          groups: [...groups],
          provider: oidc!,
          upstream: pages[name],
          replicas: options.replicas ?? sizing.replicas(2),
          resources: options.resources ?? sizing._resources(COMPONENT_RESOURCES['oidc-proxy']),
          sessionDuration: options.sessionDuration,
          trustedProxies: proxyNetworks,
        }),
    );
  }
}
