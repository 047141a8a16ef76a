import { App } from 'cdk8s';
import { KafkaCluster, KafkaOptions } from '../components/kafka-cluster';
import { guestTopicsFootprints } from '../components/kafka-guest';
import { KafkaMode } from '../components/kafka-mode';
import { memberSet, MemberSetOptions } from '../components/member-set';
import { ZookeeperEnsemble } from '../components/zookeeper-ensemble';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { COMPONENTS } from '../topology/components';
import { NAMESPACES } from '../topology/namespaces';
import { Footprint } from '../workload/footprint';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the message layer is built with. */
export interface KafkaNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'kafka' | 'zookeeper'>;
  readonly kafka?: KafkaOptions;
  readonly zookeeper?: MemberSetOptions;
}

/** The message layer: Kafka and ZooKeeper. */
export class KafkaNamespace extends PlatformNamespace {
  public readonly kafka: KafkaCluster;
  /** None where Kafka has left it. */
  public readonly zookeeper?: ZookeeperEnsemble;

  public constructor(app: App, props: KafkaNamespaceProps) {
    super(app, NAMESPACES.kafka, { ...props, guests: guestTopicsRoom(props.environment) });
    const { environment, boxes, kafka = {}, zookeeper } = props;
    const { sizing, guestServices } = environment;
    const mode = kafka.mode ?? KafkaMode.zookeeper();
    const figures = COMPONENT_RESOURCES;
    if (mode._steps.zookeeper) {
      const set = memberSet(environment, boxes.zookeeper, COMPONENTS.zookeeper, figures.zookeeper, zookeeper);
      this.zookeeper = new ZookeeperEnsemble(this, 'zookeeper', set);
    }
    this.kafka = new KafkaCluster(this, 'kafka', {
      ...memberSet(environment, boxes.kafka, COMPONENTS.kafka, figures.kafka, kafka),
      mode,
      zookeeper: this.zookeeper?.addresses,
      // Controllers take ZooKeeper's place, and so its figures.
      controllers: memberSet(
        environment,
        boxes.kafka,
        COMPONENTS.zookeeper,
        figures['kafka-controller'],
        kafka.controllers,
      ),
      replicationFactor: kafka.replicationFactor,
      minInSyncReplicas: kafka.minInSyncReplicas,
      topics: kafka.topics,
      guestTopics: guestServices,
      topicsResources: sizing._resources(figures['kafka-topics']),
      exporterResources: sizing._resources(figures['kafka-exporter']),
    });
  }
}

/** What the quota keeps free for the topics of guests. */
function guestTopicsRoom({ guestServices, sizing }: Environment): Footprint[] {
  return guestTopicsFootprints(guestServices, sizing._resources(COMPONENT_RESOURCES['kafka-topics']));
}
