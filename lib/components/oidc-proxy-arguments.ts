/** The ports of the proxy's container. */
export const OIDC_PROXY_PORTS = { http: 4180, metrics: 44180 } as const;

/** Where the client's secret and the key of the sessions are mounted. */
export const OIDC_PROXY_SECRETS = '/etc/oidc';

/** What the proxy's arguments depend on. */
export interface OidcProxySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly groupsClaim: string;
  /** Who may open the page; the others are refused. */
  readonly groups: readonly string[];
  readonly page: string;
  /** The host name that people use. */
  readonly host: string;
  /** `host:port` of the page. */
  readonly upstream: string;
  readonly sessionSeconds: number;
  /** The networks that the firewall is in. */
  readonly trustedProxies: readonly string[];
}

/** The arguments of oauth2-proxy: its whole configuration but for the secrets. */
export function oidcProxyArguments(settings: OidcProxySettings): string[] {
  const { groups, host, page, trustedProxies } = settings;
  return [
    `--http-address=0.0.0.0:${OIDC_PROXY_PORTS.http}`,
    `--metrics-address=0.0.0.0:${OIDC_PROXY_PORTS.metrics}`,
    '--provider=oidc',
    `--oidc-issuer-url=${settings.issuer}`,
    `--client-id=${settings.clientId}`,
    `--client-secret-file=${OIDC_PROXY_SECRETS}/client-secret`,
    '--code-challenge-method=S256',
    `--scope=${settings.scopes.join(' ')}`,
    `--oidc-groups-claim=${settings.groupsClaim}`,
    ...groups.map((group) => `--allowed-group=${group}`),
    // It is the group that decides.
    '--email-domain=*',
    `--redirect-url=https://${host}/oauth2/callback`,
    `--whitelist-domain=${host}`,
    '--skip-provider-button=true',
    // Scripts are told that the session is over, and not sent to a login page.
    '--api-route=^/api/',
    `--cookie-name=__Host-wms-${page}`,
    `--cookie-secret-file=${OIDC_PROXY_SECRETS}/cookie-secret`,
    '--cookie-secure=true',
    '--cookie-samesite=lax',
    `--cookie-expire=${settings.sessionSeconds}s`,
    // The provider's tokens stay out of the cookie: the page needs none, and they would make it too large for a header.
    '--session-cookie-minimal=true',
    '--reverse-proxy=true',
    ...trustedProxies.map((cidr) => `--trusted-proxy-ip=${cidr}`),
    `--upstream=http://${settings.upstream}/`,
    // A sidecar sends a request where its Host says.
    '--pass-host-header=false',
    '--pass-basic-auth=false',
    '--proxy-websockets=false',
    '--silence-ping-logging=true',
    // The firewall before it logs every request.
    '--request-logging=false',
  ];
}
