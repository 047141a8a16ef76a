import { App } from 'cdk8s';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** The workflow layer: Temporal and its store. */
export class TemporalNamespace extends PlatformNamespace {
  public constructor(app: App, props: PlatformNamespaceProps) {
    super(app, NAMESPACES.temporal, props);
  }
}
