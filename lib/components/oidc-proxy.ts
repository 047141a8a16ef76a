import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { invalid } from '../errors';
import { OidcProvider } from '../oidc/oidc-provider';
import { Credential } from '../secrets/credential';
import { Secret } from '../secrets/secret';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { Deployment } from '../workload/deployment';
import { named } from '../workload/labels';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { oidcProxyArguments, OIDC_PROXY_PORTS, OIDC_PROXY_SECRETS } from './oidc-proxy-arguments';

/** What can be set of the proxies before people's pages. */
export interface OidcProxyOptions {
  /**
   * How many pods each of them runs.
   *
   * @default - 2; 1 where the environment is sized for one machine
   */
  readonly replicas?: number;

  /**
   * What each pod asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;

  /**
   * How long a login lasts, and so how long somebody who has left a group still gets in.
   *
   * @default Duration.hours(8)
   */
  readonly sessionDuration?: Duration;
}

/** What a proxy before a page is made from. */
export interface OidcProxyProps {
  /** The page's name, as `grafana`. */
  readonly page: string;
  /** How many pods it runs. */
  readonly replicas: number;
  /** What each pod asks for and may use. */
  readonly resources: Resources;
  /** Where identities come from. */
  readonly provider: OidcProvider;
  /** The client that the provider knows the page as. */
  readonly clientId: string;
  /** The groups that may open it, as they stand in the provider's tokens. */
  readonly groups: string[];
  /** The host name that people use. */
  readonly host: string;
  /** The page. */
  readonly upstream: Endpoint;
  /** The networks that the firewall is in. */
  readonly trustedProxies: string[];
  /**
   * How long a login lasts.
   *
   * @default Duration.hours(8)
   */
  readonly sessionDuration?: Duration;
}

/** The user that the image runs as. */
const OAUTH2_PROXY_USER = 65532;

/**
 * The login before one of people's pages: oauth2-proxy, which lets through who is in one of the page's groups. A session
 * is in the browser's cookie alone, encrypted, so that every pod knows it.
 */
export class OidcProxy extends Construct {
  /** Its pods. */
  public readonly deployment: Deployment;

  /** Where it takes the page's requests. */
  public readonly http: Endpoint;

  /** @throws on bad replicas, resources, and a session shorter than a minute */
  public constructor(scope: Construct, id: string, props: OidcProxyProps) {
    super(scope, id);
    const { page, provider, upstream, sessionDuration = Duration.hours(8) } = props;
    if (sessionDuration.toSeconds() < 60) {
      throw invalid(this, `sessionDuration is ${sessionDuration.toHumanString()}; allowed: at least a minute`);
    }
    const name = `oidc-proxy-${page}`;
    const identity = { box: 'oidc-proxy', workload: name, component: 'login' };
    const secret = new Secret(this, 'secret', { name, identity, data: credentials(page, props.clientId) });
    this.deployment = new Deployment(this, 'deployment', {
      ...named(identity),
      replicas: props.replicas,
      user: OAUTH2_PROXY_USER,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      containers: [
        {
          name: 'oauth2-proxy',
          image: clusterContext(this).images.of('oidc-proxy'),
          args: oidcProxyArguments({
            issuer: provider.issuer,
            clientId: props.clientId,
            scopes: provider.scopes,
            groupsClaim: provider.groupsClaim,
            groups: props.groups,
            page,
            host: props.host,
            upstream: upstream.address,
            sessionSeconds: sessionDuration.toSeconds(),
            trustedProxies: props.trustedProxies,
          }),
          resources: props.resources,
          ports: Object.entries(OIDC_PROXY_PORTS).map(([portName, port]) => ({ name: portName, port })),
          // It asks the provider for its endpoints before it listens.
          startupProbe: httpProbe('http', '/ping', { periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 3 }),
          livenessProbe: httpProbe('http', '/ping', { periodSeconds: 20, failureThreshold: 3, timeoutSeconds: 3 }),
          readinessProbe: httpProbe('http', '/ready', { periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 }),
          volumeMounts: [{ name: 'secrets', mountPath: OIDC_PROXY_SECRETS, readOnly: true }],
        },
      ],
      volumes: [{ name: 'secrets', secret: { secretName: secret.secretName, defaultMode: 0o440 } }],
    });
    this.http = this.deployment.addEndpoint('http', EndpointKind.HTTP);
    this.deployment.addMetrics(this.deployment.addEndpoint('metrics', EndpointKind.METRICS));
  }
}

function credentials(page: string, clientId: string) {
  const path = `oidc/${page}`;
  return {
    'client-secret': [
      new Credential({ path, property: 'client-secret', description: `secret of the OIDC client ${clientId}` }),
    ],
    'cookie-secret': [
      new Credential({
        path,
        property: 'cookie-secret',
        description: `key of the sessions of ${page}'s page: 32 characters; a new one ends all sessions`,
        // The server takes no other length.
        developmentValue: 'development-only-no-real-secret!',
      }),
    ],
  };
}
