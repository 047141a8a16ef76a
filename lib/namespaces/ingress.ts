import { App } from 'cdk8s';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** The DMZ: ingress controller, web application firewall and OIDC proxies. */
export class IngressNamespace extends PlatformNamespace {
  public constructor(app: App, props: PlatformNamespaceProps) {
    super(app, NAMESPACES.ingress, props);
  }
}
