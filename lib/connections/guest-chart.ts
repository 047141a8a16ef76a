import { App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { clusterContext, setClusterContext } from '../workload/cluster-context';

/**
 * What a guest brings into a namespace that somebody else owns, in a file of its own, so that the owner can review and
 * apply just that.
 */
export class GuestChart extends Chart {
  /** The chart for a namespace, of the guest that a construct belongs to. */
  public static for(construct: IConstruct, namespace: string): GuestChart {
    const chart = Chart.of(construct);
    const guest = GuestChart.guests.get(chart) ?? chart;
    const charts = GuestChart.charts.get(guest) ?? new Map<string, GuestChart>();
    GuestChart.charts.set(guest, charts);
    const found = charts.get(namespace) ?? new GuestChart(guest, namespace);
    charts.set(namespace, found);
    GuestChart.guests.set(found, guest);
    return found;
  }

  /** The charts that each guest has brought, by namespace. */
  private static readonly charts = new WeakMap<Chart, Map<string, GuestChart>>();

  /** The guest that has brought a chart. */
  private static readonly guests = new WeakMap<Chart, Chart>();

  private constructor(guest: Chart, namespace: string) {
    super(App.of(guest), `${guest.node.id}-${namespace}`, { namespace });
    setClusterContext(this, clusterContext(guest));
  }

  /** The chart's objects, in an order that does not depend on the order of declaration. */
  public override toJson(): unknown[] {
    const key = ({ kind, metadata }: Named) => `${metadata.name} ${kind}`;
    return (super.toJson() as Named[]).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }
}

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
