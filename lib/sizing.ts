import { Size } from 'cdk8s';
import { ComponentResources } from './topology/component-resources';
import { Resources } from './workload/resources';

/** How much of the topology's figures an environment gets. */
export class Sizing {
  /** The topology's figures exactly, with autoscaling. */
  public static full(): Sizing {
    return new Sizing(false, 1, true);
  }

  /** The topology's replicas, with a tenth of its storage, with autoscaling. */
  public static fullWithSmallVolumes(): Sizing {
    return new Sizing(false, 0.1, true);
  }

  /** One pod of each, small volumes (a fiftieth, at least 1Gi), no autoscaling: for one machine. */
  public static single(): Sizing {
    return new Sizing(true, 0.02, false);
  }

  private constructor(
    private readonly one: boolean,
    private readonly storageFactor: number,
    /** Whether deployments may grow by themselves, which needs metrics-server. */
    public readonly autoscaling: boolean,
  ) {}

  /**
   * How many pods the environment runs of what the topology gives so many.
   *
   * @param figure the topology's figure
   */
  public replicas(figure: number): number {
    return this.one ? Math.min(figure, 1) : figure;
  }

  /**
   * What a container of a component gets.
   *
   * @internal
   */
  public _resources(figures: ComponentResources): Resources {
    return this._figure(figures);
  }

  /**
   * Of what is different where everything runs on one machine, that which holds.
   *
   * @internal
   */
  public _figure<T>({ full, single }: { readonly full: T; readonly single: T }): T {
    return this.one ? single : full;
  }

  /**
   * How large a volume is that the topology gives this size.
   *
   * @param figure the topology's figure
   */
  public storage(figure: Size): Size {
    return Size.gibibytes(Math.max(1, Math.floor(figure.toGibibytes() * this.storageFactor)));
  }
}
