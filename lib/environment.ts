import { Alerting } from './alerting';
import { checkCidrs, checkHost, PRIVATE_NETWORKS } from './connections/cidr';
import { CloudProvider } from './cloud-provider';
import { Dns } from './connections/dns';
import { ExternalEndpoint } from './connections/external-endpoint';
import { KubernetesApi } from './connections/kubernetes-api';
import { Nodes } from './connections/nodes';
import { invalid, oneOf } from './errors';
import { Mesh } from './mesh/mesh';
import { OidcPage, OidcProvider } from './oidc/oidc-provider';
import { Credential } from './secrets/credential';
import { Observability } from './observability';
import { SecretsBackend } from './secrets/secrets-backend';
import { Sizing } from './sizing';
import { Tls } from './tls/tls';
import { ImagePolicy, ImagePolicyProps } from './workload/images';
import { checkCount, checkName } from './workload/names';

/** Where the images of the platform's own services come from. */
export interface ServiceImages {
  /** The registry and path that their names are below, as `registry.example.com/wms`. */
  readonly registry: string;

  /** The tag that they all have, as `1.4.2`. */
  readonly tag: string;
}

/** The OIDC groups that people are in, as the API server spells them (its own prefix included). */
export interface AccessGroups {
  /** See everything but secrets. */
  readonly viewers: string;

  /** And restart, drain and scale what runs. */
  readonly operators: string;

  /** And change everything in the platform's namespaces, secrets included. */
  readonly administrators: string;
}

/** What may differ in any environment. */
export interface EnvironmentOptions {
  /**
   * A mirror, overrides and digests for the images of the topology's boxes.
   *
   * @default - the library's own table of images
   */
  readonly images?: ImagePolicyProps;

  /**
   * The groups that people are in.
   *
   * @default - oidc:wms-viewers, oidc:wms-operators and oidc:wms-administrators
   */
  readonly access?: AccessGroups;

  /**
   * The carriers that shipping-service calls.
   *
   * @default - the public API hosts of UPS, FedEx, USPS and DHL, port 443
   */
  readonly carriers?: ExternalEndpoint;

  /**
   * The carriers that shipping-service has an API key of, as `ups` for the host `onlinetools.ups.com`. Each becomes a
   * credential, and the variable `UPS_API_KEY`.
   *
   * @default - none
   */
  readonly carrierKeys?: string[];

  /**
   * Whether pods are restarted when a Secret that they read has changed, by Stakater's Reloader. The cluster must have it.
   *
   * @default false
   */
  readonly restartOnSecretChange?: boolean;

  /**
   * Where people's identities come from. It puts logins before people's pages (Grafana, Temporal), which are then
   * reached from outside, and in a mesh tokens before the public APIs.
   *
   * @default - none: people's pages are not reached from outside
   */
  readonly oidc?: OidcProvider;

  /**
   * Who hears of alerts.
   *
   * @default Alerting.none()
   */
  readonly alerting?: Alerting;

  /**
   * How many services of other teams the quotas leave room for.
   *
   * @default - 2; 1 in development
   */
  readonly guestServices?: number;

  /**
   * What the services log: debug, info, warn or error.
   *
   * @default - info; debug in development
   */
  readonly logLevel?: string;

  /**
   * The DNS suffix of the cluster's Services.
   *
   * @default cluster.local
   */
  readonly clusterDomain?: string;

  /**
   * Where the cluster's DNS answers.
   *
   * @default - pods labelled `k8s-app: kube-dns` in kube-system; on GCP also NodeLocal DNSCache's 169.254.20.10
   */
  readonly dns?: Dns;

  /**
   * Where the cluster's API server is.
   *
   * @default - in the private networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16)
   */
  readonly kubernetesApi?: KubernetesApi;

  /**
   * Where the cluster's nodes are.
   *
   * @default - in the private networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16)
   */
  readonly nodes?: Nodes;

  /**
   * The networks of the load balancer and of the cluster's pods: what comes from there is believed where it says which
   * client a request is from.
   *
   * @default - the private networks (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16)
   */
  readonly proxyNetworks?: string[];

  /**
   * Whether the platform is observed.
   *
   * @default Observability.on()
   */
  readonly observability?: Observability;
}

/** What may differ from what a factory chooses. */
export interface EnvironmentOverrides extends EnvironmentOptions {
  /**
   * What the platform's Ingress hosts are below.
   *
   * @default - `<name>.wms.example.com`
   */
  readonly domain?: string;

  /**
   * Where its cluster runs.
   *
   * @default - see the factory
   */
  readonly provider?: CloudProvider;

  /**
   * How much of the topology's figures it gets.
   *
   * @default - see the factory
   */
  readonly sizing?: Sizing;

  /**
   * Where its secrets come from.
   *
   * @default - see the factory
   */
  readonly secrets?: SecretsBackend;

  /**
   * Whether MongoDB encrypts its connections, and where its certificates come from.
   *
   * @default - Tls.certManager(); Tls.none() in development
   */
  readonly tls?: Tls;

  /**
   * Whether its pods speak to each other through a service mesh.
   *
   * @default - Mesh.on(); Mesh.off() in development
   */
  readonly mesh?: Mesh;
}

/** What a development environment is made of. */
export interface DevelopmentProps extends EnvironmentOverrides {
  /**
   * Where the services' images come from.
   *
   * @default - `wms/<service>:development`, which are loaded into the cluster by hand
   */
  readonly services?: ServiceImages;
}

/** What a staging or production environment is made of. */
export interface ClusterEnvironmentProps extends EnvironmentOverrides {
  /** Where the services' images come from. */
  readonly services: ServiceImages;
}

/** An environment from scratch: nothing has a default that depends on the kind of environment. */
export interface EnvironmentProps extends EnvironmentOptions {
  /** Its name, a DNS label, as `production`. */
  readonly name: string;

  /** What the platform's Ingress hosts are below. */
  readonly domain: string;

  /** Where its cluster runs. */
  readonly provider: CloudProvider;

  /** How much of the topology's figures it gets. */
  readonly sizing: Sizing;

  /** Where its secrets come from. */
  readonly secrets: SecretsBackend;

  /**
   * Whether MongoDB encrypts its connections, and where its certificates come from.
   *
   * @default Tls.none()
   */
  readonly tls?: Tls;

  /**
   * Whether its pods speak to each other through a service mesh.
   *
   * @default Mesh.off()
   */
  readonly mesh?: Mesh;

  /** Where the services' images come from. */
  readonly services: ServiceImages;
}

const CARRIERS = ['onlinetools.ups.com', 'apis.fedex.com', 'apis.usps.com', 'express.api.dhl.com'];

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];

/** Everything that differs between clusters. */
export class Environment {
  /**
   * One machine (kind, minikube) without any operator: one pod of each, plain Secrets with fake values.
   *
   * @param props what differs from that
   */
  public static development(props: DevelopmentProps = {}): Environment {
    return new Environment({
      ...props,
      name: 'development',
      domain: props.domain ?? 'development.wms.example.com',
      provider: props.provider ?? CloudProvider.local(),
      sizing: props.sizing ?? Sizing.single(),
      secrets: props.secrets ?? SecretsBackend.plain(),
      services: props.services ?? { registry: 'docker.io/wms', tag: 'development' },
      images: { allowLatest: true, ...props.images },
      guestServices: props.guestServices ?? 1,
      logLevel: props.logLevel ?? 'debug',
    });
  }

  /**
   * GKE: the topology's replicas with a tenth of its storage, External Secrets from Vault, certificates by cert-manager,
   * Istio.
   *
   * @param props its images, and what differs from that
   */
  public static staging(props: ClusterEnvironmentProps): Environment {
    return new Environment({
      ...props,
      name: 'staging',
      domain: props.domain ?? 'staging.wms.example.com',
      provider: props.provider ?? CloudProvider.gcp({ region: 'europe-west4' }),
      sizing: props.sizing ?? Sizing.fullWithSmallVolumes(),
      secrets: props.secrets ?? SecretsBackend.vault({ server: 'https://vault.example.com' }),
      tls: props.tls ?? Tls.certManager(),
      mesh: props.mesh ?? Mesh.on(),
      services: required('staging', props.services),
    });
  }

  /**
   * EKS: the topology's figures exactly, External Secrets from AWS Secrets Manager, certificates by cert-manager,
   * Istio.
   *
   * @param props its images, and what differs from that
   */
  public static production(props: ClusterEnvironmentProps): Environment {
    const provider = props.provider ?? CloudProvider.aws({ region: 'us-east-1' });
    return new Environment({
      ...props,
      name: 'production',
      domain: props.domain ?? 'wms.example.com',
      provider,
      sizing: props.sizing ?? Sizing.full(),
      secrets: props.secrets ?? productionSecrets(provider),
      tls: props.tls ?? Tls.certManager(),
      mesh: props.mesh ?? Mesh.on(),
      services: required('production', props.services),
    });
  }

  /** Its name. */
  public readonly name: string;

  /** What the platform's Ingress hosts are below. */
  public readonly domain: string;

  /** Where its cluster runs. */
  public readonly provider: CloudProvider;

  /** How much of the topology's figures it gets. */
  public readonly sizing: Sizing;

  /** Where its secrets come from. */
  public readonly secrets: SecretsBackend;

  /** Whether MongoDB encrypts its connections, and where its certificates come from. */
  public readonly tls: Tls;

  /** Whether its pods speak to each other through a service mesh. */
  public readonly mesh: Mesh;

  /** The groups that people are in. */
  public readonly access: AccessGroups;

  /** The carriers that shipping-service calls. */
  public readonly carriers: ExternalEndpoint;

  /** The carriers that shipping-service has an API key of. */
  public readonly carrierKeys: string[];

  /** Whether pods are restarted when a Secret that they read has changed. */
  public readonly restartOnSecretChange: boolean;

  /** Where people's identities come from. */
  public readonly oidc?: OidcProvider;

  /** Who hears of alerts. */
  public readonly alerting: Alerting;

  /** How many services of other teams the quotas leave room for. */
  public readonly guestServices: number;

  /** What the services log. */
  public readonly logLevel: string;

  /** The DNS suffix of the cluster's Services. */
  public readonly clusterDomain: string;

  /** Where the cluster's DNS answers. */
  public readonly dns: Dns;

  /** Where the cluster's API server is. */
  public readonly kubernetesApi: KubernetesApi;

  /** Where the cluster's nodes are. */
  public readonly nodes: Nodes;

  /** The networks of the load balancer and of the cluster's pods. */
  public readonly proxyNetworks: string[];

  /** Whether the platform is observed. */
  public readonly observability: Observability;

  /** @internal */
  public readonly _images: ImagePolicy;

  private readonly services: ServiceImages;

  /** @throws where a value is none that its kind allows */
  public constructor(props: EnvironmentProps) {
    this.name = checkName('environment', 'environment', props.name);
    this.domain = checkHost(`environment ${this.name}`, props.domain);
    this.provider = props.provider;
    this.sizing = props.sizing;
    this.secrets = props.secrets;
    this.tls = props.tls ?? Tls.none();
    this.mesh = props.mesh ?? Mesh.off();
    this.services = props.services;
    this._images = new ImagePolicy(props.images);
    this.access = props.access ?? {
      viewers: 'oidc:wms-viewers',
      operators: 'oidc:wms-operators',
      administrators: 'oidc:wms-administrators',
    };
    this.oidc = props.oidc;
    this.observability = props.observability ?? Observability.on();
    this.checkPages();
    this.carriers = props.carriers ?? new ExternalEndpoint('carriers', { hosts: CARRIERS });
    this.carrierKeys = this.checkCarriers(props.carrierKeys ?? []);
    this.restartOnSecretChange = props.restartOnSecretChange ?? false;
    this.alerting = props.alerting ?? Alerting.none();
    this.guestServices = checkCount(`environment ${this.name}`, 'guestServices', props.guestServices ?? 2);
    this.logLevel = props.logLevel ?? 'info';
    if (!LOG_LEVELS.includes(this.logLevel)) {
      throw invalid(`environment ${this.name}`, `'${this.logLevel}' is no log level; ${oneOf(LOG_LEVELS)}`);
    }
    this.clusterDomain = props.clusterDomain ?? 'cluster.local';
    this.dns = props.dns ?? new Dns({ nodeLocal: props.provider.name === 'gcp' ? ['169.254.20.10/32'] : [] });
    this.kubernetesApi = props.kubernetesApi ?? new KubernetesApi(PRIVATE_NETWORKS);
    this.nodes = props.nodes ?? new Nodes(PRIVATE_NETWORKS);
    this.proxyNetworks = checkCidrs(`environment ${this.name} proxyNetworks`, props.proxyNetworks ?? PRIVATE_NETWORKS);
    // Every service has the same registry and tag: a bad one fails here, and not with the first service.
    this.serviceImage('order-service');
  }

  /** The host name of the services' public APIs. */
  public get apiHost(): string {
    return `api.${this.domain}`;
  }

  /**
   * People's pages behind a login, where there is one.
   *
   * @internal
   */
  public get _pages(): OidcPage[] {
    const { viewers, operators, administrators } = this.access;
    const pages = this.oidc?._pages(this.domain, { viewers, operators, administrators }) ?? [];
    return pages.filter(({ name }) => name !== 'grafana' || this.observability.enabled);
  }

  /**
   * The carriers' keys, by the variables that shipping-service reads them from.
   *
   * @internal
   */
  public get _carrierKeys(): Record<string, Credential> {
    return Object.fromEntries(
      this.carrierKeys.map((carrier) => [
        `${carrier.replace(/-/g, '_').toUpperCase()}_API_KEY`,
        new Credential({ path: `carriers/${carrier}`, property: 'api-key', description: `API key of ${carrier}` }),
      ]),
    );
  }

  /**
   * The image of one of the platform's own services.
   *
   * @param service its name, as `order-service`
   */
  public serviceImage(service: string): string {
    const { registry, tag } = this.services;
    return this._images.check(`${registry}/${service}:${tag}`, `environment ${this.name} services`);
  }

  private checkCarriers(keys: readonly string[]): string[] {
    // The carrier's name in onlinetools.ups.com.
    const carriers = this.carriers.hosts.map((host) => host.split('.').at(-2)!);
    const unknown = keys.find((key) => !carriers.includes(key));
    if (unknown !== undefined) {
      throw invalid(
        `environment ${this.name}`,
        `carrierKeys has '${unknown}', which is none of its carriers; ${oneOf([...new Set(carriers)])}`,
      );
    }
    return [...new Set(keys)].sort();
  }

  private checkPages(): void {
    const hosts = [this.apiHost, ...this._pages.map(({ host }) => host)];
    const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
    if (twice) {
      throw invalid(
        `environment ${this.name}`,
        `the host ${twice} is taken twice; allowed: a host for each page and the APIs`,
      );
    }
  }
}

function productionSecrets({ name, region, accountId }: CloudProvider): SecretsBackend {
  if (name !== 'aws' || !region) {
    throw invalid('environment production', `must provide secrets, as its provider is ${name}; the default is for aws`);
  }
  return SecretsBackend.awsSecretsManager({ region, accountId });
}

function required(environment: string, services: ServiceImages | undefined): ServiceImages {
  if (!services?.registry || !services.tag) {
    throw invalid(
      `environment ${environment}`,
      `must provide services.registry and services.tag, where its images are`,
    );
  }
  return services;
}
