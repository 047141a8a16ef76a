import { App } from 'cdk8s';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** The observability layer: collector, metrics, traces, logs and dashboards. */
export class ObservabilityNamespace extends PlatformNamespace {
  public constructor(app: App, props: PlatformNamespaceProps) {
    super(app, NAMESPACES.observability, props);
  }
}
