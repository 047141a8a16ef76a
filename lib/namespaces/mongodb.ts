import { App } from 'cdk8s';
import { memberSet, MemberSetOptions } from '../components/member-set';
import { MongoDbReplicaSet } from '../components/mongodb-replica-set';
import { guestTaskFootprints } from '../components/mongodb-tasks';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { COMPONENTS } from '../topology/components';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the data layer is built with. */
export interface MongoDbNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'mongodb'>;
  readonly mongodb?: MemberSetOptions;
}

/** The data layer: MongoDB. */
export class MongoDbNamespace extends PlatformNamespace {
  public readonly mongodb: MongoDbReplicaSet;

  public constructor(app: App, props: MongoDbNamespaceProps) {
    super(app, NAMESPACES.mongodb, { ...props, guests: guestTaskFootprints(props.environment.guestServices) });
    const { environment, boxes, mongodb: options } = props;
    const figures = memberSet(environment, boxes.mongodb, COMPONENTS.mongodb, COMPONENT_RESOURCES.mongodb, options);
    this.mongodb = new MongoDbReplicaSet(this, 'mongodb', figures);
  }
}
