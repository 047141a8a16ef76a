import { App } from 'cdk8s';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** The data layer: MongoDB. */
export class MongoDbNamespace extends PlatformNamespace {
  public constructor(app: App, props: PlatformNamespaceProps) {
    super(app, NAMESPACES.mongodb, props);
  }
}
