import { App } from 'cdk8s';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the message layer is built with. */
export interface KafkaNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'kafka' | 'zookeeper'>;
}

/** The message layer: Kafka and ZooKeeper. */
export class KafkaNamespace extends PlatformNamespace {
  public constructor(app: App, props: KafkaNamespaceProps) {
    super(app, NAMESPACES.kafka, props);
  }
}
