import { App } from 'cdk8s';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** The message layer: Kafka and ZooKeeper. */
export class KafkaNamespace extends PlatformNamespace {
  public constructor(app: App, props: PlatformNamespaceProps) {
    super(app, NAMESPACES.kafka, props);
  }
}
