import { App } from 'cdk8s';
import { NodeLogAgent, NodeLogAgentOptions } from '../components/node-log-agent';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the nodes' log agent is built with. */
export interface NodeLogAgentNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'nodeLogAgent' | 'otelCollector'>;
  readonly nodeLogAgent?: NodeLogAgentOptions;
}

/** Nodes that a cluster of the topology's size may grow to. */
const MOST_NODES = { full: 30, single: 3 } as const;

/** The one privileged namespace: it holds only what must read the nodes' log files. */
export class NodeLogAgentNamespace extends PlatformNamespace {
  public readonly nodeLogAgent: NodeLogAgent;

  public constructor(app: App, props: NodeLogAgentNamespaceProps) {
    super(app, NAMESPACES.nodeLogAgent, props);
    const { environment, boxes, nodeLogAgent: options = {} } = props;
    const { sizing } = environment;
    const others = Object.values(NAMESPACES).filter((namespace) => namespace !== NAMESPACES.nodeLogAgent);
    this.nodeLogAgent = new NodeLogAgent(this, 'node-log-agent', {
      box: boxes.nodeLogAgent,
      maxNodes: options.maxNodes ?? sizing._figure<number>(MOST_NODES),
      resources: options.resources ?? sizing._resources(COMPONENT_RESOURCES['node-log-agent']),
      // Its own lines, about lines that it could not send, would come round again.
      namespaces: [...new Set([...others.map(({ name }) => name as string), ...(options.namespaces ?? [])])],
      gateway: boxes.otelCollector.endpointNamed('grpc-otlp'),
    });
  }
}
