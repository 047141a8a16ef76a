import { AlertReceiver } from './alert-receiver';
import { ExternalEndpoint } from './connections/external-endpoint';

/** Who hears of alerts. */
export interface AlertRoutes {
  /** Whoever must act at once: alerts of severity `critical`. */
  readonly critical: AlertReceiver;

  /**
   * Whoever acts in working hours: all other alerts.
   *
   * @default - the same
   */
  readonly other?: AlertReceiver;
}

/** Where an environment's alerts go. */
export class Alerting {
  /** Nowhere: Alertmanager shows them, and tells nobody. */
  public static none(): Alerting {
    return new Alerting({});
  }

  /**
   * To receivers.
   *
   * @param routes who hears of which
   */
  public static to(routes: AlertRoutes): Alerting {
    return new Alerting({ critical: routes.critical, other: routes.other ?? routes.critical });
  }

  /** @internal */
  public readonly _receivers: readonly { readonly name: string; readonly receiver: AlertReceiver }[];

  private constructor({ critical, other }: Partial<AlertRoutes>) {
    this._receivers = [
      ...(critical ? [{ name: 'critical', receiver: critical }] : []),
      ...(other ? [{ name: 'other', receiver: other }] : []),
    ];
  }

  /** What Alertmanager reaches outside the cluster, each once. @internal */
  public get _endpoints(): ExternalEndpoint[] {
    const endpoints = this._receivers.map(({ receiver }) => receiver._endpoint);
    return [...new Map(endpoints.map((endpoint) => [endpoint.name, endpoint])).values()];
  }
}
