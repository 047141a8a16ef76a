import { App, Chart, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { workloadLabels } from '../workload/labels';
import { Connection } from './connection';
import { additivePolicySpec } from './network-policy';
import { Pods } from './pods';
import { PodsState } from './pods-state';

/**
 * What a guest brings for the other side of its connections: network policies in a namespace that somebody else owns,
 * in a file of their own, so that the owner can review and apply just those.
 */
export class AdditivePolicies extends Chart {
  /** Adds the policy for one connection between a guest's workload and pods that somebody else runs. */
  public static add(connection: Connection): void {
    const pods = [connection.client._pods, connection.server._pods];
    const theirs = pods.find((p) => p?._state === PodsState.IMPORTED);
    const ours = pods.find((p) => p?._state === PodsState.STANDING);
    if (theirs && ours) {
      AdditivePolicies.chartFor(ours, theirs.namespace).addPolicy(theirs, ours);
    }
  }

  private static readonly charts = new WeakMap<App, Map<string, AdditivePolicies>>();

  private static chartFor(ours: Pods, namespace: string): AdditivePolicies {
    const guest = Chart.of(ours._scope!);
    const app = App.of(guest);
    const charts = AdditivePolicies.charts.get(app) ?? new Map<string, AdditivePolicies>();
    AdditivePolicies.charts.set(app, charts);
    const key = `${guest.node.path}:${namespace}`;
    const chart = charts.get(key) ?? new AdditivePolicies(app, `${guest.node.id}-${namespace}`, { namespace });
    charts.set(key, chart);
    return chart;
  }

  /** The chart's objects, in an order that does not depend on the order of declaration. */
  public override toJson(): unknown[] {
    const name = (object: { metadata: { name: string } }) => object.metadata.name;
    return (super.toJson() as { metadata: { name: string } }[]).sort((a, b) => (name(a) < name(b) ? -1 : 1));
  }

  private addPolicy(theirs: Pods, ours: Pods): void {
    // Dots keep the parts apart, and the namespace two teams' workloads of one name: policies of other teams stay theirs.
    const name = [theirs._identity.workload, ours.namespace, ours._identity.workload].join('.');
    if (this.node.tryFindChild(name)) {
      return;
    }
    const between = (c: Connection) => c.client._pods === ours || c.server._pods === ours;
    new k8s.KubeNetworkPolicy(this, name, {
      metadata: objectMetadata({
        name,
        namespace: theirs.namespace,
        labels: workloadLabels(ours._identity),
        wave: SYNC_WAVES.configuration,
      }),
      spec: Lazy.any({
        produce: () => additivePolicySpec(theirs, [...theirs._accepted, ...theirs._opened].filter(between)),
      }),
    });
  }
}
