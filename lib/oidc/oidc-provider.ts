import { checkHost } from '../connections/cidr';
import { ExternalEndpoint } from '../connections/external-endpoint';
import { invalid, oneOf } from '../errors';
import { PEOPLE_ROLES } from '../topology/people-roles';
import { PEOPLE_PAGES, PeoplePageName } from '../topology/people-pages';

/** What the provider and the platform have agreed on for a page. */
export interface OidcPageProps {
  /**
   * The client that the provider knows the page as.
   *
   * @default - `wms-grafana`, `wms-temporal`
   */
  readonly clientId?: string;

  /**
   * Whose groups may open it, by the names of the environment's `access`: viewers, operators, administrators.
   *
   * @default - Grafana: all three; Temporal: operators and administrators
   */
  readonly roles?: string[];

  /**
   * Its host name, below the environment's domain.
   *
   * @default - `grafana.<domain>`, `temporal.<domain>`
   */
  readonly host?: string;
}

/** An OpenID Connect provider, as people's identities come from it. */
export interface OidcProviderProps {
  /** Its issuer URL, as `https://login.example.com/realms/wms`: the very text that stands in its tokens. */
  readonly issuer: string;

  /**
   * Further hosts that its discovery document names, as those of its token and key endpoints.
   *
   * @default - none: all at the issuer's host
   */
  readonly hosts?: string[];

  /**
   * The networks it is in.
   *
   * @default - the internet (0.0.0.0/0 without private, carrier-grade NAT and link-local networks)
   */
  readonly cidrs?: string[];

  /**
   * The claim that holds a person's groups.
   *
   * @default groups
   */
  readonly groupsClaim?: string;

  /**
   * What the API server puts before the provider's groups (its `--oidc-groups-prefix`). The environment's `access` has
   * it, the provider's tokens do not.
   *
   * @default oidc:
   */
  readonly groupsPrefix?: string;

  /**
   * The scopes that the pages ask for.
   *
   * @default - openid, email, profile, groups
   */
  readonly scopes?: string[];

  /**
   * What tokens for the public APIs are made out to.
   *
   * @default - wms-api
   */
  readonly audiences?: string[];

  /**
   * What has been agreed on for Grafana.
   *
   * @default - see OidcPageProps
   */
  readonly grafana?: OidcPageProps;

  /**
   * What has been agreed on for Temporal's page.
   *
   * @default - see OidcPageProps
   */
  readonly temporal?: OidcPageProps;
}

/** A page as an environment serves it. @internal */
export interface OidcPage {
  readonly name: PeoplePageName;
  readonly host: string;
  readonly clientId: string;
  /** As they stand in the provider's tokens. */
  readonly groups: readonly string[];
}

const WHERE = 'oidc';

/** Where people's identities come from: a provider outside the cluster, which people and tokens are checked against. */
export class OidcProvider {
  /** Its issuer URL. */
  public readonly issuer: string;

  /** The claim that holds a person's groups. */
  public readonly groupsClaim: string;

  /** The scopes that the pages ask for. */
  public readonly scopes: string[];

  /** What tokens for the public APIs are made out to. */
  public readonly audiences: string[];

  /** Where it is. */
  public readonly endpoint: ExternalEndpoint;

  private readonly groupsPrefix: string;
  private readonly pages: Record<PeoplePageName, OidcPageProps>;

  /** @throws where the issuer is no https URL, a role is none, or a client, scope, claim or audience is empty */
  public constructor(props: OidcProviderProps) {
    const url = checkIssuer(props.issuer);
    this.issuer = props.issuer;
    this.endpoint = new ExternalEndpoint('oidc-provider', {
      hosts: [url.hostname, ...(props.hosts ?? [])],
      port: url.port ? Number(url.port) : 443,
      protocol: 'TLS',
      cidrs: props.cidrs,
    });
    this.groupsClaim = checkWord('groupsClaim', props.groupsClaim ?? 'groups');
    this.groupsPrefix = props.groupsPrefix ?? 'oidc:';
    this.scopes = (props.scopes ?? ['openid', 'email', 'profile', 'groups']).map((s) => checkWord('scopes', s));
    if (!this.scopes.includes('openid')) {
      throw invalid(WHERE, `scopes are ${this.scopes.join(', ') || 'none'}; allowed: openid and others`);
    }
    this.audiences = (props.audiences ?? ['wms-api']).map((a) => checkWord('audiences', a));
    if (this.audiences.length === 0) {
      throw invalid(WHERE, `audiences is empty; allowed: at least one, or every token of the issuer would do`);
    }
    this.pages = { grafana: props.grafana ?? {}, temporal: props.temporal ?? {} };
    for (const [name, page] of Object.entries(this.pages)) {
      checkPage(name, page);
    }
  }

  /**
   * The pages of an environment: where each is, and which of the provider's groups may open it.
   *
   * @internal
   */
  public _pages(domain: string, access: { readonly [role: string]: string }): OidcPage[] {
    return (Object.keys(PEOPLE_PAGES) as PeoplePageName[]).map((name) => {
      const { host = `${PEOPLE_PAGES[name].host}.${domain}`, clientId = `wms-${name}`, roles } = this.pages[name];
      if (!host.endsWith(`.${domain}`)) {
        throw invalid(`${WHERE} ${name}`, `its host '${host}' is outside the domain; allowed: a name below ${domain}`);
      }
      const groups = (roles ?? PEOPLE_PAGES[name].roles).map((role) => this.groupOf(role, access[role]));
      return { name, host, clientId, groups: [...new Set(groups)].sort() };
    });
  }

  private groupOf(role: string, group: string): string {
    const { groupsPrefix } = this;
    if (!group.startsWith(groupsPrefix) || group === groupsPrefix) {
      throw invalid(
        WHERE,
        `the group '${group}' of ${role} is none of the provider's; allowed: names after the API server's prefix ` +
          `'${groupsPrefix}', or another groupsPrefix`,
      );
    }
    return group.slice(groupsPrefix.length);
  }
}

function checkIssuer(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== 'https:' || url.search || url.hash || url.username) {
    throw invalid(WHERE, `'${issuer}' is no issuer; allowed: an https URL without query, as https://login.example.com`);
  }
  checkHost(WHERE, url.hostname);
  return url;
}

function checkPage(name: string, { clientId, roles, host }: OidcPageProps): void {
  const where = `${WHERE} ${name}`;
  if (clientId !== undefined) {
    checkWord(`${name}.clientId`, clientId);
  }
  if (host !== undefined) {
    checkHost(where, host);
  }
  const unknown = roles?.find((role) => !Object.hasOwn(PEOPLE_ROLES, role));
  if (unknown !== undefined) {
    throw invalid(where, `there is no group of '${unknown}'; ${oneOf(Object.keys(PEOPLE_ROLES))}`);
  }
  if (roles?.length === 0) {
    throw invalid(where, `roles is empty, so that nobody could open it; ${oneOf(Object.keys(PEOPLE_ROLES))}`);
  }
}

/** Text that stands in a list or an argument as it is. */
function checkWord(what: string, word: string): string {
  if (!/^[-\w.:/@]+$/.test(word)) {
    throw invalid(WHERE, `${what} has '${word}'; allowed: letters, digits and -_.:/@`);
  }
  return word;
}
