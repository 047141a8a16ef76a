import { oidcProxyArguments, OidcProxySettings } from '../../lib/components/oidc-proxy-arguments';

const SETTINGS: OidcProxySettings = {
  issuer: 'https://login.example.org',
  clientId: 'boards',
  scopes: ['openid', 'roles'],
  groupsClaim: 'roles',
  groups: ['lookers', 'runners'],
  page: 'grafana',
  host: 'boards.wms.example.org',
  upstream: 'grafana.example:3000',
  sessionSeconds: 3600,
  trustedProxies: ['10.0.0.0/8', '192.0.2.0/24'],
};

const args = oidcProxyArguments(SETTINGS);

describe("the login's arguments", () => {
  it('say who it is at its provider, and keep its secrets in files', () => {
    expect(args).toEqual(
      expect.arrayContaining([
        '--provider=oidc',
        '--oidc-issuer-url=https://login.example.org',
        '--client-id=boards',
        '--client-secret-file=/etc/oidc/client-secret',
        '--cookie-secret-file=/etc/oidc/cookie-secret',
        '--scope=openid roles',
        '--code-challenge-method=S256',
        '--redirect-url=https://boards.wms.example.org/oauth2/callback',
        '--whitelist-domain=boards.wms.example.org',
      ]),
    );
    expect(args.filter((arg) => /^--(client|cookie)-secret=/.test(arg))).toEqual([]);
  });

  it('let in whoever is in one of its groups, and nobody else', () => {
    expect(args.filter((arg) => arg.startsWith('--allowed-group='))).toEqual([
      '--allowed-group=lookers',
      '--allowed-group=runners',
    ]);
    expect(args).toContain('--oidc-groups-claim=roles');
  });

  it('keep a session in a cookie that only its own host gets, for as long as it lasts', () => {
    expect(args).toEqual(
      expect.arrayContaining([
        '--cookie-name=__Host-wms-grafana',
        '--cookie-secure=true',
        '--cookie-samesite=lax',
        '--cookie-expire=3600s',
        '--session-cookie-minimal=true',
      ]),
    );
  });

  it('believe the firewall who a client is, and send the rest to the page', () => {
    expect(args).toContain('--reverse-proxy=true');
    expect(args.filter((arg) => arg.startsWith('--trusted-proxy-ip='))).toEqual([
      '--trusted-proxy-ip=10.0.0.0/8',
      '--trusted-proxy-ip=192.0.2.0/24',
    ]);
    expect(args).toContain('--upstream=http://grafana.example:3000/');
    expect(args).toContain('--pass-host-header=false');
  });
});
