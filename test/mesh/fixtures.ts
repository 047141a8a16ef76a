import { App, Chart } from 'cdk8s';
import { Mesh, MeshProps } from '../../lib/mesh/mesh';
import { chartId } from '../../lib/topology/namespaces';
import { chartOf, setCluster } from '../connections/fixtures';

/** An app in a mesh, and its charts by their namespaces. */
export function meshApp(props: MeshProps = {}): { app: App; chart: (namespace: string) => Chart } {
  const app = new App();
  setCluster(app, { mesh: Mesh.on(props) });
  const chart = (namespace: string) =>
    (app.node.tryFindChild(chartId(namespace)) as Chart | undefined) ?? chartOf(app, namespace, chartId(namespace));
  return { app, chart };
}

/** The identity of a workload's pods. */
export function principal(namespace: string, name: string): string {
  return `cluster.local/ns/${namespace}/sa/${name}`;
}
