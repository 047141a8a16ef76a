import { App } from 'cdk8s';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the data layer is built with. */
export interface MongoDbNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'mongodb'>;
}

/** The data layer: MongoDB. */
export class MongoDbNamespace extends PlatformNamespace {
  public constructor(app: App, props: MongoDbNamespaceProps) {
    super(app, NAMESPACES.mongodb, props);
  }
}
