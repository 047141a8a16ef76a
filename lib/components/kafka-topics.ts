import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint } from '../connections/endpoint';
import { layerWave } from '../gitops/sync-waves';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { Job } from '../workload/job';
import { Identity, named } from '../workload/labels';
import { Resources } from '../workload/resources';
import { configVolume, tmpVolume } from '../workload/volumes';
import { KAFKA_CONFIG } from './kafka-config';
import { ResolvedTopic } from './kafka-topic';
import { topicsList, TOPICS_SCRIPT } from './kafka-topics-script';
import { PartitionShare } from './kafka-volume';

/** What a job makes topics from. */
export interface KafkaTopicsProps {
  /** Whose topics they are, and the names of the job's objects. */
  readonly identity: Identity;
  readonly topics: readonly ResolvedTopic[];
  /** What a partition of a topic may take of a volume. */
  readonly shareOf: (topic: string) => PartitionShare;
  /** Where the brokers are reached. */
  readonly kafka: Endpoint;
  readonly resources: Resources;
}

/** The heap of Kafka's tools, and how they start soonest: each call is a virtual machine of its own. */
const TOOLS = {
  KAFKA_HEAP_OPTS: '-Xmx96m',
  KAFKA_JVM_PERFORMANCE_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1',
  LOG_DIR: '/tmp/logs',
};

/** A job that makes topics, brings their settings up to date and raises their partitions. A changed topic is a new job. */
export class KafkaTopics extends Construct {
  /** The job. */
  public readonly job: Job;

  public constructor(scope: Construct, id: string, props: KafkaTopicsProps) {
    super(scope, id);
    const { identity, topics, shareOf, kafka, resources } = props;
    const config = new ConfigMap(this, 'config', {
      name: identity.workload,
      identity,
      data: { 'topics.list': topicsList(topics, shareOf), 'topics.sh': TOPICS_SCRIPT },
    });
    this.job = new Job(this, 'job', {
      ...named(identity),
      timeout: Duration.minutes(30),
      priorityClassName: PRIORITY_CLASSES.platform.name,
      podAnnotations: config.hashAnnotation,
      syncWave: layerWave(kafka.pods.namespace) + 1,
      volumes: [configVolume('config', config), tmpVolume()],
      containers: [
        {
          name: 'topics',
          image: clusterContext(this).images.of('kafka'),
          command: ['bash', `${KAFKA_CONFIG}/topics.sh`],
          resources,
          env: Object.entries({ BOOTSTRAP_SERVER: kafka.address, ...TOOLS }).map(([name, value]) => ({ name, value })),
          volumeMounts: [
            { name: 'config', mountPath: KAFKA_CONFIG, readOnly: true },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
    });
    this.job.connectTo(kafka);
  }
}
