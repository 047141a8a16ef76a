import {
  Alerting,
  AlertReceiver,
  ClusterEnvironmentProps,
  CloudProvider,
  DevelopmentProps,
  Dns,
  Environment,
  EnvironmentOptions,
  EnvironmentProps,
  ExternalEndpoint,
  KubernetesApi,
  Mesh,
  Nodes,
  OidcProvider,
  Observability,
  SecretsBackend,
  Sizing,
  Tls,
} from '../lib';
import { production, SERVICE_IMAGES } from './fixtures';

const staging = (props: Partial<ClusterEnvironmentProps> = {}) =>
  Environment.staging({ services: SERVICE_IMAGES, ...props });

const OPTIONS: Required<EnvironmentOptions> = {
  images: { mirror: 'mirror.example.com/all' },
  access: { viewers: 'v', operators: 'o', administrators: 'a' },
  carriers: new ExternalEndpoint('carriers', { hosts: ['api.example.com'] }),
  carrierKeys: ['example'],
  restartOnSecretChange: true,
  oidc: new OidcProvider({ issuer: 'https://login.example.com', groupsPrefix: '' }),
  alerting: Alerting.to({ critical: AlertReceiver.pagerDuty() }),
  guestServices: 7,
  logLevel: 'warn',
  clusterDomain: 'k8s.example.com',
  dns: new Dns({ namespace: 'dns' }),
  kubernetesApi: new KubernetesApi(['10.1.0.0/16']),
  nodes: new Nodes(['10.2.0.0/16']),
  proxyNetworks: ['10.3.0.0/16'],
  observability: Observability.off(),
};

/** Every override of a factory. */
const ALL: Required<ClusterEnvironmentProps> & Required<DevelopmentProps> = {
  ...OPTIONS,
  domain: 'warehouse.example.org',
  provider: CloudProvider.gcp({ region: 'us-central1' }),
  sizing: Sizing.fullWithSmallVolumes(),
  secrets: SecretsBackend.vault({ server: 'https://vault.example.org' }),
  tls: Tls.certManager({ namespace: 'pki' }),
  mesh: Mesh.on({ revision: 'canary' }),
  services: { registry: 'other.example.com', tag: '9' },
};

/** From scratch: the overrides of a factory, and a name. */
const SCRATCH: Required<EnvironmentProps> = { ...ALL, name: 'pilot' };

const PUBLIC = [
  'domain',
  'provider',
  'sizing',
  'secrets',
  'tls',
  'mesh',
  'access',
  'carriers',
  'oidc',
  'restartOnSecretChange',
  'guestServices',
  'logLevel',
  'clusterDomain',
  'dns',
  'kubernetesApi',
  'nodes',
] as const;

describe('the factories', () => {
  it.each([
    {
      environment: Environment.development(),
      name: 'development',
      domain: 'development.wms.example.com',
      provider: CloudProvider.local(),
      sizing: Sizing.single(),
      secrets: SecretsBackend.plain(),
      guestServices: 1,
      logLevel: 'debug',
      image: 'docker.io/wms/order-service:development',
    },
    {
      environment: staging(),
      name: 'staging',
      domain: 'staging.wms.example.com',
      provider: CloudProvider.gcp({ region: 'europe-west4' }),
      sizing: Sizing.fullWithSmallVolumes(),
      secrets: SecretsBackend.vault({ server: 'https://vault.example.com' }),
      guestServices: 2,
      logLevel: 'info',
      image: 'registry.example.com/wms/order-service:1.4.2',
    },
    {
      environment: production(),
      name: 'production',
      domain: 'wms.example.com',
      provider: CloudProvider.aws({ region: 'us-east-1' }),
      sizing: Sizing.full(),
      secrets: SecretsBackend.awsSecretsManager({ region: 'us-east-1' }),
      guestServices: 2,
      logLevel: 'info',
      image: 'registry.example.com/wms/order-service:1.4.2',
    },
  ])('make $name what it is', ({ environment, image, ...expected }) => {
    const { name, domain, provider, sizing, secrets, guestServices, logLevel } = environment;
    expect({ name, domain, provider, sizing, secrets, guestServices, logLevel }).toEqual(expected);
    expect(secrets.constructor).toBe(expected.secrets.constructor);
    expect(environment.serviceImage('order-service')).toBe(image);
  });

  it.each([Environment.development(), staging(), production()])('give $name the same of all else', (environment) => {
    expect(environment.access).toEqual({
      viewers: 'oidc:wms-viewers',
      operators: 'oidc:wms-operators',
      administrators: 'oidc:wms-administrators',
    });
    expect(environment.carriers).toMatchObject({
      hosts: ['apis.fedex.com', 'apis.usps.com', 'express.api.dhl.com', 'onlinetools.ups.com'],
      ports: [{ port: 443 }],
      cidrs: ['0.0.0.0/0'],
    });
    expect(environment.clusterDomain).toBe('cluster.local');
    expect(environment.kubernetesApi.cidrs).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']);
    expect(environment.nodes.cidrs).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']);
    expect(environment.proxyNetworks).toEqual(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']);
    expect(environment.apiHost).toBe(`api.${environment.domain}`);
  });

  it.each([
    ['development', Environment.development(ALL)],
    ['staging', Environment.staging(ALL)],
    ['production', Environment.production(ALL)],
    ['pilot', new Environment(SCRATCH)],
  ])('take every override for %s', (name, environment) => {
    expect(environment.name).toBe(name);
    for (const prop of PUBLIC) {
      expect(environment[prop]).toBe(ALL[prop]);
    }
    expect(environment.proxyNetworks).toEqual(ALL.proxyNetworks);
    expect(environment.carrierKeys).toEqual(ALL.carrierKeys);
    expect(environment.apiHost).toBe('api.warehouse.example.org');
    expect(environment._images.of('loki')).toMatch(/^mirror\.example\.com\/all\/grafana\/loki:/);
    expect(environment.serviceImage('order-service')).toBe('other.example.com/order-service:9');
  });

  it('turn the mesh on in staging and production alone', () => {
    const environments = [Environment.development(), staging(), Environment.production({ services: SERVICE_IMAGES })];
    expect(environments.map(({ mesh }) => mesh.enabled)).toEqual([false, true, true]);
  });

  it('read the secrets of production in the region and account of its provider', () => {
    const secrets = (provider: CloudProvider) => production({ provider }).secrets;
    expect(secrets(CloudProvider.aws({ region: 'eu-west-1', accountId: '123456789012' }))).toEqual(
      SecretsBackend.awsSecretsManager({ region: 'eu-west-1', accountId: '123456789012' }),
    );
  });
});

describe('an environment from scratch', () => {
  const { name, domain, provider, sizing, secrets, services } = SCRATCH;
  const least: EnvironmentProps = { name, domain, provider, sizing, secrets, services };

  it('needs no more than what no default can know', () => {
    expect(new Environment(least)).toMatchObject({ name: 'pilot', guestServices: 2, logLevel: 'info' });
  });

  it.each([
    ['gcp', CloudProvider.gcp({ region: 'us-central1' }), [{ ipBlock: { cidr: '169.254.20.10/32' } }]],
    ['aws', CloudProvider.aws({ region: 'us-east-1' }), []],
    ['local', CloudProvider.local(), []],
  ])('asks the DNS of a cluster of %s', (_name, where, nodeLocal) => {
    expect(new Environment({ ...least, provider: where }).dns._policyPeers()).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
      ...nodeLocal,
    ]);
  });

  it.each<[string, Partial<EnvironmentProps>, string]>([
    ['name', { name: 'Pilot 1' }, "[environment] 'Pilot 1' is no environment name; allowed: lower-case letters"],
    ['domain', { domain: 'wms' }, "[environment pilot] 'wms' is no host name; allowed: lower-case DNS names"],
    ['domain', { domain: 'https://wms.example.com' }, "'https://wms.example.com' is no host name; allowed:"],
    [
      'log level',
      { logLevel: 'verbose' },
      "[environment pilot] 'verbose' is no log level; allowed: debug, error, info, warn",
    ],
    [
      'network of proxies',
      { proxyNetworks: ['10.0.0.0'] },
      "[environment pilot proxyNetworks] '10.0.0.0' is no CIDR; allowed: an address and a prefix length",
    ],
    [
      'list of proxies',
      { proxyNetworks: [] },
      '[environment pilot proxyNetworks] cidrs is empty; allowed: at least one network',
    ],
    [
      'number of guests',
      { guestServices: -1 },
      '[environment pilot] guestServices is -1; allowed: a whole number of 0',
    ],
  ])('is refused with a bad %s', (_what, props, message) => {
    expect(() => new Environment({ ...least, ...props })).toThrow(message);
  });
});

describe('the images of the services', () => {
  it.each([
    ['staging' as const, {}],
    ['staging' as const, { services: { registry: 'registry.example.com' } }],
    ['production' as const, { services: { registry: '', tag: '1.4.2' } }],
    ['production' as const, { services: { registry: 'registry.example.com', tag: '' } }],
  ])('must be given for %s, registry and tag', (name, props) => {
    expect(() => Environment[name](props as ClusterEnvironmentProps)).toThrow(
      `[environment ${name}] must provide services.registry and services.tag, where its images are`,
    );
  });

  const latest = { services: { registry: 'registry.example.com', tag: 'latest' } };

  it.each(['staging' as const, 'production' as const])('may not move in %s', (name) => {
    expect(() => Environment[name](latest)).toThrow(
      `[environment ${name} services] image 'registry.example.com/order-service:latest' has the tag ` +
        `'latest'; allowed: a fixed tag or a digest`,
    );
  });

  it('may move in development', () => {
    expect(Environment.development(latest).serviceImage('order-service')).toBe(
      'registry.example.com/order-service:latest',
    );
  });

  it('may be forbidden to move in development too', () => {
    const strict = { ...latest, images: { allowLatest: false } };
    expect(() => Environment.development(strict)).toThrow("has the tag 'latest'; allowed: a fixed tag");
  });

  it('are refused where registry and tag make no image', () => {
    const services = { registry: 'https://registry.example.com', tag: '1' };
    expect(() => production({ services })).toThrow(
      "[environment production services] 'https://registry.example.com/order-service:1' is no image; allowed:",
    );
  });
});

it.each([CloudProvider.gcp({ region: 'europe-west4' }), CloudProvider.local()])(
  'Production on $name must say where its secrets are',
  (provider) => {
    expect(() => production({ provider })).toThrow(
      `[environment production] must provide secrets, as its provider is ${provider.name}; the default is for aws`,
    );
  },
);

describe("An environment's pages for people", () => {
  const oidc = (props = {}) => new OidcProvider({ issuer: 'https://login.example.com', ...props });

  it('are none without a provider of identities.', () => {
    expect(production()._pages).toEqual([]);
  });

  it('have hosts below its domain, and groups as the provider spells them.', () => {
    expect(production({ domain: 'wms.example.org', oidc: oidc() })._pages).toEqual([
      {
        name: 'grafana',
        host: 'grafana.wms.example.org',
        clientId: 'wms-grafana',
        groups: ['wms-administrators', 'wms-operators', 'wms-viewers'],
      },
      {
        name: 'temporal',
        host: 'temporal.wms.example.org',
        clientId: 'wms-temporal',
        groups: ['wms-administrators', 'wms-operators'],
      },
    ]);
  });

  it('have what has been agreed on with the provider.', () => {
    const access = { viewers: 'idp/look', operators: 'idp/run', administrators: 'idp/own' };
    const page = { clientId: 'dashboards', roles: ['viewers'], host: 'boards.wms.example.org' };
    const environment = production({
      domain: 'wms.example.org',
      access,
      oidc: oidc({ groupsPrefix: 'idp/', grafana: page }),
    });
    expect(environment._pages[0]).toEqual({
      name: 'grafana',
      host: 'boards.wms.example.org',
      clientId: 'dashboards',
      groups: ['look'],
    });
  });

  it('cannot be outside its domain.', () => {
    expect(() => production({ oidc: oidc({ grafana: { host: 'grafana.example.org' } }) })).toThrow(
      `[oidc grafana] its host 'grafana.example.org' is outside the domain; allowed: a name below wms.example.com`,
    );
  });

  it('cannot share a host.', () => {
    expect(() => production({ oidc: oidc({ temporal: { host: 'api.wms.example.com' } }) })).toThrow(
      '[environment production] the host api.wms.example.com is taken twice; allowed: a host for each page and the APIs',
    );
  });

  it.each(['wms-viewers', 'oidc:'])('cannot be opened by %j, which is no group of the provider.', (viewers) => {
    const access = { viewers, operators: 'oidc:o', administrators: 'oidc:a' };
    expect(() => production({ access, oidc: oidc() })).toThrow(
      `[oidc] the group '${viewers}' of viewers is none of the provider's; allowed: names after the API server's prefix ` +
        `'oidc:', or another groupsPrefix`,
    );
  });
});

describe("Carriers' keys", () => {
  const carriers = new ExternalEndpoint('carriers', { hosts: ['api.fast-freight.example', 'api.dhl.com'] });

  it('are of the carriers whose hosts the environment names, each once.', () => {
    const environment = production({ carriers, carrierKeys: ['fast-freight', 'dhl', 'dhl'] });
    expect(environment.carrierKeys).toEqual(['dhl', 'fast-freight']);
    expect(environment._carrierKeys).toMatchObject({
      DHL_API_KEY: { path: 'carriers/dhl', property: 'api-key' },
      FAST_FREIGHT_API_KEY: { path: 'carriers/fast-freight', property: 'api-key' },
    });
  });

  it('are none by default, and of nobody else.', () => {
    expect(production()._carrierKeys).toEqual({});
    expect(() => production({ carriers, carrierKeys: ['ups'] })).toThrow(
      "[environment production] carrierKeys has 'ups', which is none of its carriers; allowed: dhl, fast-freight",
    );
  });
});
