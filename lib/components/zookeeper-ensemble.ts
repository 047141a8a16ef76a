import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { Identity, named } from '../workload/labels';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { ContainerProps } from '../workload/container';
import { execProbe, tcpProbe } from '../workload/probes';
import { checkQuorumSize } from '../workload/quorum';
import { StatefulSet } from '../workload/stateful-set';
import { configVolume, tmpVolume } from '../workload/volumes';
import { heapMebibytes, HeapRule } from './jvm-heap';
import { memberEndpoint } from './member-endpoint';
import { MemberSetProps } from './member-set';
import { ZOOKEEPER_CONF, ZOOKEEPER_DATA, ZOOKEEPER_PORTS, zookeeperFiles } from './zookeeper-config';

/** Its data stands in the heap: half of the limit, the rest for the virtual machine and its buffers. */
const HEAP: HeapRule = { part: 0.5, least: '256Mi' };

/** How long a member that serves again is watched before the next is replaced. */
const MIN_READY_SECONDS = 10;

/** A ZooKeeper ensemble: members that agree by quorum, each with a volume. */
export class ZookeeperEnsemble extends Construct implements IConnectable {
  /** Its members. */
  public readonly statefulSet: StatefulSet;

  /** Where clients connect to. */
  public readonly client: Endpoint;

  /** @throws on an even or zero number of members, bad resources, and a memory limit below 256Mi */
  public constructor(scope: Construct, id: string, props: MemberSetProps) {
    super(scope, id);
    const { box, members, storage, storageClassName, resources } = props;
    const identity = box.pods._identity;
    const config = new ConfigMap(this, 'config', { name: identity.workload, identity });
    this.statefulSet = new StatefulSet(this, 'stateful-set', {
      pods: box.pods,
      ...named(identity),
      replicas: checkQuorumSize(this, members),
      minReadySeconds: members > 1 ? MIN_READY_SECONDS : undefined,
      priorityClassName: PRIORITY_CLASSES.data.name,
      terminationGracePeriod: Duration.seconds(60),
      podAnnotations: config.hashAnnotation,
      volumeClaims: [{ name: 'data', size: storage, storageClassName }],
      volumes: [configVolume('config', config), tmpVolume()],
      containers: [this.server(identity, resources)],
    });
    for (const [name, text] of Object.entries(zookeeperFiles(this.statefulSet.hosts))) {
      config.add(name, text);
    }
    this.client = this.statefulSet.serve(box.endpointNamed('tcp-client'));
    this.statefulSet.addMetrics(this.statefulSet.addEndpoint('http-metrics', EndpointKind.METRICS));
    for (const name of ['tcp-follower', 'tcp-election'] as const) {
      const endpoint = memberEndpoint(this.statefulSet, name, ZOOKEEPER_PORTS[name], EndpointKind.ZOOKEEPER);
      this.statefulSet.connectToPeers(endpoint);
    }
  }

  /** Its main endpoint: `client`. */
  public get endpoint(): Peer {
    return this.client;
  }

  /** `host:port` of each member, as its clients must know them. */
  public get addresses(): string[] {
    return this.statefulSet.hosts.map((host) => `${host}:${this.client.port}`);
  }

  private server(identity: Identity, resources: MemberSetProps['resources']): ContainerProps {
    return {
      name: identity.workload,
      image: clusterContext(this).images.of('zookeeper'),
      command: ['bash', `${ZOOKEEPER_CONF}/start.sh`],
      resources,
      ports: Object.entries(ZOOKEEPER_PORTS).map(([name, port]) => ({ name, port })),
      env: [
        { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'ZOOCFGDIR', value: ZOOKEEPER_CONF },
        { name: 'ZOO_LOG_DIR', value: '/tmp/logs' },
        { name: 'ZK_SERVER_HEAP', value: `${heapMebibytes(this, resources.memoryLimit, HEAP)}` },
        // There is no room for a dump of the heap.
        { name: 'SERVER_JVMFLAGS', value: '-XX:-HeapDumpOnOutOfMemoryError' },
        { name: 'JMXDISABLE', value: 'true' },
      ],
      startupProbe: tcpProbe('tcp-client', { periodSeconds: 2, failureThreshold: 60 }),
      livenessProbe: tcpProbe('tcp-client', { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 }),
      readinessProbe: execProbe(['bash', `${ZOOKEEPER_CONF}/ready.sh`], {
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 2,
      }),
      volumeMounts: [
        { name: 'config', mountPath: ZOOKEEPER_CONF, readOnly: true },
        { name: 'data', mountPath: ZOOKEEPER_DATA },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
  }
}
