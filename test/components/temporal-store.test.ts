import { Credential, ExternalEndpoint, ExternalPostgreSqlProps, TemporalStore } from '../../lib';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const external = (props: Partial<ExternalPostgreSqlProps> = {}) =>
  TemporalStore.external({ host: 'db.example.com', caCertificate: CERTIFICATE, ...props });

describe('an external store for Temporal', () => {
  it('is PostgreSQL at its port in the private networks, encrypted, as the role temporal', () => {
    const store = external();
    expect(store._connection).toMatchObject({
      host: 'db.example.com',
      port: 5432,
      user: 'temporal',
      password: { path: 'postgresql/temporal' },
      caCertificate: CERTIFICATE,
    });
    expect(store._endpoint).toBeInstanceOf(ExternalEndpoint);
    expect(store._endpoint.endpoint).toMatchObject({
      name: 'temporal-store',
      hosts: ['db.example.com'],
      ports: [{ port: 5432 }],
      cidrs: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
    });
  });

  it('is where and as whom it says', () => {
    const password = new Credential({ path: 'rds/temporal', description: 'a password' });
    const all: Required<ExternalPostgreSqlProps> = {
      host: 'db.example.com',
      port: 6432,
      cidrs: ['10.20.0.0/24'],
      user: 'wms_temporal',
      password,
      tls: true,
      caCertificate: CERTIFICATE,
    };
    const store = TemporalStore.external(all);
    expect(store._connection).toEqual({
      host: 'db.example.com',
      port: 6432,
      user: 'wms_temporal',
      password,
      caCertificate: CERTIFICATE,
    });
    expect(store._endpoint.endpoint).toMatchObject({ ports: [{ port: 6432 }], cidrs: ['10.20.0.0/24'] });
  });

  it('may be without TLS', () => {
    expect(external({ tls: false, caCertificate: undefined })._connection.caCertificate).toBeUndefined();
  });

  it.each<[string, Partial<ExternalPostgreSqlProps>, string]>([
    ['a host that is none', { host: 'DB' }, "[temporal-store] 'DB' is no host"],
    ['a port that is none', { port: 0 }, '[temporal-store] port 0 is none'],
    ['a network that is none', { cidrs: ['10.0.0.0'] }, "[temporal-store] '10.0.0.0' is no CIDR"],
    ['a user that is none', { user: "o'neil" }, "[temporal store] 'o'neil' is no user; allowed: lower-case letters"],
    [
      'TLS without a certificate',
      { caCertificate: undefined },
      '[temporal store] must provide caCertificate, or tls: false for a server that has none',
    ],
    [
      'a certificate without TLS',
      { tls: false },
      '[temporal store] caCertificate is given without TLS; allowed: tls: true together with it',
    ],
    [
      'a certificate that is none',
      { caCertificate: 'ca.pem' },
      '[temporal store] caCertificate is no certificate; allowed: PEM, from BEGIN CERTIFICATE to END CERTIFICATE',
    ],
  ])('is refused with %s', (_what, props, message) => {
    expect(() => external(props)).toThrow(message);
  });
});
