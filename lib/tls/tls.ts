import { Duration } from 'cdk8s';
import { invalid } from '../errors';
import { checkName } from '../workload/names';

/** How cert-manager makes the platform's certificates. */
export interface CertManagerProps {
  /**
   * The namespace in which cert-manager looks for the Secrets of ClusterIssuers (its cluster resource namespace). It must
   * be there.
   *
   * @default cert-manager
   */
  readonly namespace?: string;

  /**
   * How long a certificate is valid; at least an hour.
   *
   * @default Duration.days(90)
   */
  readonly duration?: Duration;

  /**
   * How long before its end a certificate is renewed; at least five minutes, and less than `duration`.
   *
   * @default Duration.days(30)
   */
  readonly renewBefore?: Duration;
}

/** Whether servers of the platform encrypt connections by themselves, and where their certificates come from. */
export class Tls {
  /** No encryption of their own. */
  public static none(): Tls {
    return new Tls();
  }

  /**
   * Certificates of an authority inside the cluster, made and renewed by cert-manager.
   *
   * @param props what differs from the defaults
   * @throws where a duration is none that cert-manager takes
   */
  public static certManager(props: CertManagerProps = {}): Tls {
    const { namespace = 'cert-manager', duration = Duration.days(90), renewBefore = Duration.days(30) } = props;
    checkName('tls', 'Namespace', namespace);
    if (duration.toSeconds() < 3600) {
      throw invalid('tls', `duration is ${duration.toHumanString()}; allowed: at least an hour`);
    }
    if (renewBefore.toSeconds() < 300 || renewBefore.toSeconds() >= duration.toSeconds()) {
      throw invalid(
        'tls',
        `renewBefore is ${renewBefore.toHumanString()}; allowed: at least five minutes, and less than duration ` +
          `(${duration.toHumanString()})`,
      );
    }
    return new Tls({ namespace, duration, renewBefore });
  }

  private constructor(
    /** @internal */
    public readonly _certManager?: Required<CertManagerProps>,
  ) {}
}

/** A duration as the API server prints it back. */
export function goDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
}
