import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct, IConstruct } from 'constructs';
import { addAdditivePolicy } from '../../lib/connections/additive-policies';
import { Box } from '../../lib/connections/box';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { IConnectable } from '../../lib/connections/peer';
import { Pods } from '../../lib/connections/pods';
import { PodsState } from '../../lib/connections/pods-state';
import { STANDARD_RESOURCES } from '../../lib/topology/services';
import { ClusterContext, clusterContext, setClusterContext } from '../../lib/workload/cluster-context';
import { Deployment } from '../../lib/workload/deployment';
import { find } from '../manifest';

/** A chart of one namespace. */
export function chartOf(scope: Construct, namespace = 'test', id = namespace): Chart {
  return new Chart(scope, id, { namespace });
}

/** Two charts of one app. */
export function twoNamespaces(): { here: Chart; there: Chart } {
  const app = new App();
  return { here: chartOf(app, 'here'), there: chartOf(app, 'there') };
}

/** A workload with an endpoint on each of its ports; the first is the main one. */
export class TestWorkload extends Deployment implements IConnectable {
  public constructor(scope: Construct, name: string, ports: Record<string, number> = { http: 8080 }, pods?: Pods) {
    super(scope, name, {
      component: 'api',
      pods,
      containers: [
        {
          name: 'main',
          image: 'registry.example.com/main:1.0.0',
          resources: STANDARD_RESOURCES,
          ports: Object.entries(ports).map(([portName, port]) => ({ name: portName, port })),
        },
      ],
    });
    Object.keys(ports).forEach((portName) => this.addEndpoint(portName, EndpointKind.HTTP));
  }

  public get endpoint(): Endpoint {
    return this.endpoints[0];
  }
}

/** A box of somebody else's app, as a guest knows it. */
export function importedBox(scope: IConstruct, namespace: string, name: string, ports = { tcp: 9000 }): Box {
  const endpoints = Object.fromEntries(
    Object.entries(ports).map(([port, number]) => [port, { port: number, kind: EndpointKind.HTTP }]),
  );
  return Box._fromTopology(
    scope,
    { namespace, workload: name, component: 'server', endpoints },
    { state: PodsState.IMPORTED, onConnection: addAdditivePolicy },
  );
}

/** Changes what a scope knows of its cluster. */
export function setCluster(scope: IConstruct, context: Partial<ClusterContext>): void {
  setClusterContext(scope, { ...clusterContext(scope), ...context });
}

/** The spec of the one policy of a name. */
export function policy(chart: Chart, name: string): k8s.NetworkPolicySpec {
  return find(chart, 'NetworkPolicy', name).spec as k8s.NetworkPolicySpec;
}

/** The policy peer of a workload; with a namespace, as another namespace sees it. */
export function pods(name: string, namespace?: string) {
  const podSelector = { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } };
  return namespace
    ? { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector }
    : { podSelector };
}

/** TCP ports, as policies write them. */
export function tcp(...ports: number[]) {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}

/** The rule by which a workload reaches the DNS of a bare cluster. */
export const DNS_RULE = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [...tcp(53), { protocol: 'UDP', port: 53 }],
};
