import { Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Endpoint } from '../connections/endpoint';
import { GuestChart } from '../connections/guest-chart';
import { Peer } from '../connections/peer';
import type { Environment } from '../environment';
import { invalid } from '../errors';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { COMPONENTS } from '../topology/components';
import { REPLICATION, TOPICS } from '../topology/topics';
import { Footprint, guestFootprints } from '../workload/footprint';
import { Resources } from '../workload/resources';
import { KafkaClusterFigures, KafkaTopic, ResolvedTopic, resolveTopic } from './kafka-topic';
import { KafkaTopics } from './kafka-topics';
import { MEBIBYTE, PartitionShare, planVolume, replicasOn } from './kafka-volume';

/** A service's need of topics of its own. */
export interface TopicsRequest {
  /** The service. */
  readonly service: string;
  readonly topics: readonly KafkaTopic[];
  /** What connects. */
  readonly client: IConstruct;
}

const CLUSTERS = new WeakMap<Peer, (request: TopicsRequest) => void>();

/** Says what becomes of the requests for topics at an endpoint. */
export function onTopicsRequest(endpoint: Peer, answer: (request: TopicsRequest) => void): void {
  CLUSTERS.set(endpoint, answer);
}

/**
 * Asks whoever runs an endpoint for topics.
 *
 * @throws where the platform is of the same app: it has its own list
 */
export function requestTopics(endpoint: Peer, request: TopicsRequest): void {
  const answer = CLUSTERS.get(endpoint);
  if (!answer) {
    throw invalid(
      request.client,
      `topics of its own at ${endpoint.name}, which is of the same app; ` +
        `allowed: topics of a service beside WmsPlatform.fromEnvironment`,
    );
  }
  answer(request);
}

/**
 * Brings a guest's topics into Kafka's namespace, in a file of its own: a Job that makes them. They keep as much as the
 * platform's own topics do in that environment.
 *
 * @throws where a topic is the platform's own, or none that the cluster can have
 */
export function bringTopics(endpoint: Endpoint, environment: Environment, request: TopicsRequest): void {
  const { service, client } = request;
  const { sizing, guestServices } = environment;
  const own = request.topics.find(({ name }) => TOPICS.some((topic) => topic.name === name));
  if (own) {
    throw invalid(client, `the topic '${own.name}' is the platform's own; allowed: a topic of another name`);
  }
  const rated = request.topics.find(({ bytesPerSecond }) => bytesPerSecond);
  if (rated) {
    throw invalid(
      client,
      `the topic '${rated.name}' declares bytesPerSecond, which only the platform's volumes can be planned with; ` +
        `allowed: a topic without it`,
    );
  }
  const figures = clusterFigures(environment);
  const topics = request.topics.map((topic) => resolveTopic(client, topic, figures));
  const guestTopic = resolveTopic(client, { name: 'guest' }, figures);
  const plan = planVolume(client, {
    storage: sizing.storage(Size.gibibytes(COMPONENTS.kafka.storageGibibytes)),
    brokers: figures.brokers,
    topics: TOPICS.map(({ name, partitions }) => resolveTopic(client, { name, partitions }, figures)),
    guestTopics: guestServices,
    guestTopic,
  });
  new KafkaTopics(GuestChart.for(client, endpoint.pods.namespace), `${service}-topics`, {
    identity: { box: service, workload: `${service}-topics`, component: 'topics' },
    topics,
    shareOf: () => dividedShare(plan.standard, replicasOn(guestTopic, figures.brokers), topics, figures.brokers),
    kafka: endpoint,
    resources: sizing._resources(COMPONENT_RESOURCES['kafka-topics']),
  });
}

/** A guest has the room of one topic of the platform: its own topics share that, however many partitions they have. */
function dividedShare(
  { retentionBytes, segmentBytes }: PartitionShare,
  reserved: number,
  topics: readonly ResolvedTopic[],
  brokers: number,
): PartitionShare {
  const asked = topics.reduce((sum, topic) => sum + replicasOn(topic, brokers), 0);
  const part = (bytes: number) =>
    Math.max(MEBIBYTE, Math.floor((bytes * Math.min(1, reserved / asked)) / MEBIBYTE) * MEBIBYTE);
  return { retentionBytes: part(retentionBytes), segmentBytes: part(segmentBytes) };
}

/** The room that a quota leaves for guests: each with the Job that makes its topics. */
export function guestTopicsFootprints(guests: number, resources: Resources): Footprint[] {
  return guestFootprints(guests, 1, resources);
}

/** The cluster as the environment's topology has it. */
function clusterFigures({ sizing }: Environment): KafkaClusterFigures {
  const brokers = sizing.replicas(COMPONENTS.kafka.replicas);
  return {
    brokers,
    replicationFactor: Math.min(REPLICATION.replicationFactor, brokers),
    minInSyncReplicas: Math.min(REPLICATION.minInSyncReplicas, brokers),
  };
}
