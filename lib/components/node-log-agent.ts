import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { ConfigMap } from '../workload/config-map';
import { DaemonSet } from '../workload/daemon-set';
import { named } from '../workload/labels';
import { checkName } from '../workload/names';
import { Resources } from '../workload/resources';
import { configVolume } from '../workload/volumes';
import { COLLECTOR_METRICS, collectorContainer, collectorMemory } from './collector-container';
import { NODE_LOG_PATHS, nodeLogAgentConfig } from './otel-collector-config';

/** What can be set of the nodes' log agent. */
export interface NodeLogAgentOptions {
  /**
   * The most nodes the cluster has; the quota of its namespace is derived from it.
   *
   * @default - 30; 3 where the environment is sized for one machine
   */
  readonly maxNodes?: number;

  /**
   * What each pod asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;

  /**
   * Namespaces whose pods' logs are read beside the platform's.
   *
   * @default - none
   */
  readonly namespaces?: string[];
}

/** What a log agent is made from. */
export interface NodeLogAgentProps {
  /** The box of the topology it is. */
  readonly box: Box;

  /** The most nodes the cluster has. */
  readonly maxNodes: number;

  /** What each pod asks for and may use. */
  readonly resources: Resources;

  /** The namespaces whose pods' logs are read. */
  readonly namespaces: string[];

  /** The collector that lines are sent to. */
  readonly gateway: Endpoint;
}

/**
 * The log agent of each node: reads what the platform's containers write to their output, as the node keeps it, and sends
 * it to the collector.
 *
 * The files belong to root, so it runs as root, without any capability, and mounts two directories of the node: the
 * pods' logs, which it cannot write, and one of its own, where it remembers how far it has read them.
 */
export class NodeLogAgent extends Construct {
  /** Its pods. */
  public readonly daemonSet: DaemonSet;

  /** @throws on bad resources, namespaces or numbers of nodes */
  public constructor(scope: Construct, id: string, props: NodeLogAgentProps) {
    super(scope, id);
    const { box, maxNodes, resources, namespaces, gateway } = props;
    const identity = box.pods._identity;
    const config = new ConfigMap(this, 'config', {
      name: identity.workload,
      identity,
      data: {
        'collector.yaml': nodeLogAgentConfig({
          namespaces: namespaces.map((namespace) => checkName(this, 'Namespace', namespace)),
          gateway: gateway.address,
          memory: collectorMemory(this, resources),
        }),
      },
    });
    this.daemonSet = new DaemonSet(this, 'daemon-set', {
      pods: box.pods,
      ...named(identity),
      maxNodes,
      root: true,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      podAnnotations: config.hashAnnotation,
      volumes: [
        configVolume('config', config),
        { name: 'logs', hostPath: { path: NODE_LOG_PATHS.logs, type: 'Directory' } },
        { name: 'offsets', hostPath: { path: NODE_LOG_PATHS.offsets, type: 'DirectoryOrCreate' } },
      ],
      containers: [
        collectorContainer(this, {
          resources,
          ports: [],
          volumeMounts: [
            { name: 'logs', mountPath: NODE_LOG_PATHS.logs, readOnly: true },
            { name: 'offsets', mountPath: NODE_LOG_PATHS.offsets },
          ],
        }),
      ],
    });
    this.daemonSet.addMetrics(this.daemonSet.addEndpoint(COLLECTOR_METRICS.name, EndpointKind.METRICS));
  }
}
