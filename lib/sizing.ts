import { Size } from 'cdk8s';

/** How much of the seed's figures an environment gets. */
export class Sizing {
  /** The seed's figures exactly, with autoscaling. */
  public static seed(): Sizing {
    return new Sizing(false, 1, true);
  }

  /** The seed's replicas, with a tenth of its storage, with autoscaling. */
  public static seedWithSmallVolumes(): Sizing {
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
   * How many pods the environment runs of what the seed gives so many.
   *
   * @param seed the seed's figure
   */
  public replicas(seed: number): number {
    return this.one ? Math.min(seed, 1) : seed;
  }

  /**
   * How large a volume is that the seed gives this size.
   *
   * @param seed the seed's figure
   */
  public storage(seed: Size): Size {
    return Size.gibibytes(Math.max(1, Math.floor(seed.toGibibytes() * this.storageFactor)));
  }
}
