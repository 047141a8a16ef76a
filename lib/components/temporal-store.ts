import { PRIVATE_NETWORKS } from '../connections/cidr';
import { ExternalEndpoint } from '../connections/external-endpoint';
import { IConnectable } from '../connections/peer';
import { invalid } from '../errors';
import { Credential } from '../secrets/credential';

/** A PostgreSQL that somebody else runs, as a cloud's managed one. */
export interface ExternalPostgreSqlProps {
  /** Its host name. */
  readonly host: string;

  /**
   * Its port.
   *
   * @default 5432
   */
  readonly port?: number;

  /**
   * The networks it is in. Network policies know addresses, not names.
   *
   * @default - the private networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16)
   */
  readonly cidrs?: string[];

  /**
   * The role that Temporal connects as. It owns the databases `temporal` and `temporal_visibility`, which are there already.
   *
   * @default temporal
   */
  readonly user?: string;

  /**
   * That role's password.
   *
   * @default - the credential postgresql/temporal
   */
  readonly password?: Credential;

  /**
   * Whether connections are encrypted, and the server's name is checked.
   *
   * @default true
   */
  readonly tls?: boolean;

  /**
   * The certificate (PEM) of the authority that signed the server's.
   *
   * @default - none, which only a store without TLS may have
   */
  readonly caCertificate?: string;
}

/** What Temporal's pods need to know of their store. */
export interface StoreConnection {
  /** The server's host name. */
  readonly host: string;
  /** The server's port. */
  readonly port: number;
  /** The role that Temporal connects as. */
  readonly user: string;
  /** That role's password. */
  readonly password: Credential;
  /**
   * The certificate (PEM) of the authority that signed the server's.
   *
   * @default - none: connections are not encrypted
   */
  readonly caCertificate?: string;
}

/** The role that Temporal connects as. */
export const TEMPORAL_DATABASE_USER = 'temporal';

/** The password of Temporal's role; the role and what Temporal's pods read are made from the same. */
export function temporalStorePassword(): Credential {
  return new Credential({
    path: `postgresql/${TEMPORAL_DATABASE_USER}`,
    // The server puts it into a URL, where it writes a space as what is none.
    description: "password of Temporal's PostgreSQL role; no spaces",
  });
}

/** Where Temporal keeps its data, when that is not the platform's own PostgreSQL. */
export class TemporalStore {
  /**
   * A PostgreSQL (12 or newer) that somebody else runs. The platform then makes none.
   *
   * @param props where it is
   * @throws where the host, the port, a network or the certificate is none, or a store with TLS has no certificate
   */
  public static external(props: ExternalPostgreSqlProps): TemporalStore {
    const where = 'temporal store';
    const { host, port = 5432, user = TEMPORAL_DATABASE_USER, tls = true, caCertificate } = props;
    const endpoint = new ExternalEndpoint('temporal-store', {
      hosts: [host],
      port,
      cidrs: props.cidrs ?? PRIVATE_NETWORKS,
    });
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(user)) {
      throw invalid(where, `'${user}' is no user; allowed: lower-case letters, digits and '_'`);
    }
    if (tls && caCertificate === undefined) {
      throw invalid(where, `must provide caCertificate, or tls: false for a server that has none`);
    }
    if (!tls && caCertificate !== undefined) {
      throw invalid(where, `caCertificate is given without TLS; allowed: tls: true together with it`);
    }
    if (
      caCertificate !== undefined &&
      !/^-----BEGIN CERTIFICATE-----\n[^]+\n-----END CERTIFICATE-----\n?$/.test(caCertificate)
    ) {
      throw invalid(where, `caCertificate is no certificate; allowed: PEM, from BEGIN CERTIFICATE to END CERTIFICATE`);
    }
    const password = props.password ?? temporalStorePassword();
    return new TemporalStore(endpoint, { host, port, user, password, caCertificate });
  }

  private constructor(
    /** @internal */
    public readonly _endpoint: IConnectable,
    /** @internal */
    public readonly _connection: StoreConnection,
  ) {}
}
