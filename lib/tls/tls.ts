import { Duration } from 'cdk8s';
import { invalid } from '../errors';
import { checkHost } from '../connections/cidr';
import { checkName } from '../workload/names';

/** A certificate authority on the internet that speaks ACME. */
export interface AcmeProps {
  /** Whom it tells that a certificate has not been renewed. */
  readonly email: string;

  /**
   * The URL of its directory.
   *
   * @default https://acme-v02.api.letsencrypt.org/directory
   */
  readonly server?: string;
}

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

  /**
   * The authority that certifies the public hosts. It must reach them at port 80. Where a load balancer ends clients' TLS
   * itself (an ALB does), nothing is asked of it.
   *
   * @default - none: the ingress controller signs the public hosts' certificate itself
   */
  readonly acme?: AcmeProps;
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
    const { namespace = 'cert-manager', duration = Duration.days(90), renewBefore = Duration.days(30), acme } = props;
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
    return new Tls({ namespace, duration, renewBefore, acme: acme && checkAcme(acme) });
  }

  private constructor(
    /** @internal */
    public readonly _certManager?: Required<Omit<CertManagerProps, 'acme'>> & { readonly acme?: Required<AcmeProps> },
  ) {}
}

function checkAcme({ email, server = 'https://acme-v02.api.letsencrypt.org/directory' }: AcmeProps) {
  const [, host] = /^[^\s@]+@([^\s@]+)$/.exec(email) ?? [];
  if (!host) {
    throw invalid('tls acme', `'${email}' is no e-mail address; allowed: as platform@example.com`);
  }
  checkHost('tls acme', host);
  if (!URL.canParse(server) || new URL(server).protocol !== 'https:') {
    throw invalid('tls acme', `'${server}' is no directory; allowed: an https URL`);
  }
  return { email, server };
}

/** A duration as the API server prints it back. */
export function goDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  return `${Math.floor(seconds / 3600)}h${Math.floor((seconds % 3600) / 60)}m${seconds % 60}s`;
}
