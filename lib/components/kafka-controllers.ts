import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { ConfigMap } from '../workload/config-map';
import { tcpProbe } from '../workload/probes';
import { checkQuorumSize } from '../workload/quorum';
import { StatefulSet } from '../workload/stateful-set';
import { HeapRule } from './jvm-heap';
import { KAFKA_PORTS } from './kafka-config';
import { kafkaNode } from './kafka-node';
import { memberEndpoint } from './member-endpoint';
import { MemberSetProps } from './member-set';

/** The members of a quorum of controllers. */
export interface KafkaControllersProps extends MemberSetProps {
  /** Their name, and that of their objects. */
  readonly name: string;
}

const PORT = 'tcp-controller';

/** The metadata is in the heap; half of the limit is for the virtual machine and the log of the metadata. */
const HEAP: HeapRule = { part: 0.5, least: '384Mi' };

/** The controllers of a Kafka cluster without ZooKeeper: a quorum, apart from the brokers. */
export class KafkaControllers extends Construct {
  /** Its members. */
  public readonly statefulSet: StatefulSet;

  /** Where members and brokers reach each of them. */
  public readonly controller: Endpoint;

  private readonly config: ConfigMap;

  /** @throws on an even or zero number of members, bad resources, and a memory limit below 384Mi */
  public constructor(scope: Construct, id: string, props: KafkaControllersProps) {
    super(scope, id);
    const { name, members, storage, storageClassName, resources } = props;
    const { box } = props.box.pods._identity;
    const identity = { box, workload: name, component: 'controller' };
    this.config = new ConfigMap(this, 'config', { name, identity });
    this.statefulSet = new StatefulSet(this, 'stateful-set', {
      name,
      box,
      component: identity.component,
      replicas: checkQuorumSize(this, members),
      minReadySeconds: members > 1 ? 10 : undefined,
      priorityClassName: PRIORITY_CLASSES.data.name,
      terminationGracePeriod: Duration.seconds(60),
      volumeClaims: [{ name: 'data', size: storage, storageClassName }],
      ...kafkaNode(this, this.config, {
        name,
        resources,
        heap: HEAP,
        ports: [{ name: PORT, port: KAFKA_PORTS[PORT] }],
        startupProbe: tcpProbe(PORT, { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 60 }),
        livenessProbe: tcpProbe(PORT, { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 }),
        readinessProbe: tcpProbe(PORT, { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 2 }),
      }),
    });
    this.controller = memberEndpoint(this.statefulSet, PORT, KAFKA_PORTS[PORT], EndpointKind.KAFKA);
    this.statefulSet.connectToPeers(this.controller);
  }

  /** Adds the files of its members, which name what is made after them. */
  public addFiles(files: Record<string, string>): void {
    Object.entries(files).forEach(([name, text]) => this.config.add(name, text));
  }
}
