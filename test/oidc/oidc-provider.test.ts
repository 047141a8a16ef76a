import { OidcProvider, OidcProviderProps } from '../../lib';

const ISSUER = 'https://login.example.com/realms/wms';
const make = (props: Partial<OidcProviderProps> = {}) => new OidcProvider({ issuer: ISSUER, ...props });

describe('A provider of identities', () => {
  it('is at its issuer, and asked for what people are in.', () => {
    const provider = make();
    expect(provider).toMatchObject({
      issuer: ISSUER,
      groupsClaim: 'groups',
      scopes: ['openid', 'email', 'profile', 'groups'],
      audiences: ['wms-api'],
    });
    expect(provider.endpoint).toMatchObject({
      hosts: ['login.example.com'],
      port: 443,
      protocol: 'TLS',
      cidrs: ['0.0.0.0/0'],
    });
  });

  it('may have other hosts, networks, claims, scopes and audiences, and a port of its own.', () => {
    const provider = make({
      issuer: 'https://login.example.com:8443',
      hosts: ['keys.example.com'],
      cidrs: ['192.0.2.0/24'],
      groupsClaim: 'https://example.com/roles',
      scopes: ['openid', 'roles'],
      audiences: ['orders', 'waves'],
    });
    expect(provider).toMatchObject({
      groupsClaim: 'https://example.com/roles',
      scopes: ['openid', 'roles'],
      audiences: ['orders', 'waves'],
    });
    expect(provider.endpoint).toMatchObject({
      hosts: ['keys.example.com', 'login.example.com'],
      port: 8443,
      protocol: 'TLS',
      cidrs: ['192.0.2.0/24'],
    });
  });

  it.each([
    '',
    'login',
    'http://login.example.com',
    'https://login.example.com?a=b',
    'https://login.example.com#a',
    'https://a:b@login.example.com',
  ])('is not at %j.', (issuer) => {
    expect(() => make({ issuer })).toThrow(
      `[oidc] '${issuer}' is no issuer; allowed: an https URL without query, as https://login.example.com`,
    );
  });

  it('is at a host name, not at an address.', () => {
    expect(() => make({ issuer: 'https://192.0.2.1' })).toThrow("[oidc] '192.0.2.1' is no host name");
  });

  it('gives tokens that say who somebody is, for somebody.', () => {
    expect(() => make({ scopes: ['email'] })).toThrow('[oidc] scopes are email; allowed: openid and others');
    expect(() => make({ scopes: [] })).toThrow('[oidc] scopes are none; allowed: openid and others');
    expect(() => make({ audiences: [] })).toThrow(
      '[oidc] audiences is empty; allowed: at least one, or every token of the issuer would do',
    );
  });

  it.each([
    ['scopes', { scopes: ['openid', 'a b'] }, 'a b'],
    ['groupsClaim', { groupsClaim: '' }, ''],
    ['audiences', { audiences: ['a,b'] }, 'a,b'],
    ['grafana.clientId', { grafana: { clientId: 'a b' } }, 'a b'],
    ['temporal.clientId', { temporal: { clientId: '' } }, ''],
  ])('has %s that stand in an argument as they are.', (what, props, word) => {
    expect(() => make(props)).toThrow(`[oidc] ${what} has '${word}'; allowed: letters, digits and -_.:/@`);
  });

  it('knows the groups that the environment has, and no others.', () => {
    expect(() => make({ grafana: { roles: ['viewers', 'managers'] } })).toThrow(
      "[oidc grafana] there is no group of 'managers'; allowed: administrators, operators, viewers",
    );
    expect(() => make({ temporal: { roles: [] } })).toThrow(
      '[oidc temporal] roles is empty, so that nobody could open it; allowed: administrators, operators, viewers',
    );
  });

  it('has pages at hosts.', () => {
    expect(() => make({ grafana: { host: 'Grafana' } })).toThrow("[oidc grafana] 'Grafana' is no host name");
  });
});
