import { App, Chart, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { workloadLabels } from '../workload/labels';
import { checkName } from '../workload/names';
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

  private static chartFor(ours: Pods, namespace: string): AdditivePolicies {
    const guest = Chart.of(ours._scope!);
    const app = App.of(guest);
    const id = `${guest.node.id}-${namespace}`;
    return (app.node.tryFindChild(id) as AdditivePolicies | undefined) ?? new AdditivePolicies(app, id, { namespace });
  }

  /** The chart's objects, in an order that does not depend on the order of declaration. */
  public override toJson(): unknown[] {
    const name = (object: { metadata: { name: string } }) => object.metadata.name;
    return (super.toJson() as { metadata: { name: string } }[]).sort((a, b) => (name(a) < name(b) ? -1 : 1));
  }

  private addPolicy(theirs: Pods, ours: Pods): void {
    const name = checkName(ours._scope!, 'NetworkPolicy', `${theirs._identity.workload}-${ours._identity.workload}`);
    // The name alone is ambiguous: a-b and c make the same as a and b-c, and the second must not vanish.
    const id = `${theirs._identity.workload}:${ours._identity.workload}`;
    if (this.node.tryFindChild(id)) {
      return;
    }
    const between = (c: Connection) => c.client._pods === ours || c.server._pods === ours;
    new k8s.KubeNetworkPolicy(this, id, {
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
