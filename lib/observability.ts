/** Whether the platform is observed: collector, log agent, metrics, traces, logs and dashboards. */
export class Observability {
  /** The whole layer, sized as the environment is. */
  public static on(): Observability {
    return new Observability(true);
  }

  /**
   * None of it: no namespace, no pod, no connection to any of them, and services that are told to send no traces.
   */
  public static off(): Observability {
    return new Observability(false);
  }

  private constructor(
    /** Whether the layer is there. */
    public readonly enabled: boolean,
  ) {}
}
