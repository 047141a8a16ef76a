import { Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { Peer } from '../connections/peer';
import { PodsState } from '../connections/pods-state';
import { invalid } from '../errors';
import { Credential } from '../secrets/credential';
import { Secret } from '../secrets/secret';
import { TEMPORAL_NAMESPACE } from '../topology/components';
import { TlsCertificate } from '../tls/tls-certificate';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap, contentHash } from '../workload/config-map';
import { Identity } from '../workload/labels';
import { CA_FILE, CA_MOUNT, caVolume } from './mongodb-tasks';
import { mongoDbUri } from './mongodb-uri';
import { requestDatabase } from './mongodb-user';
import { SERVICE_COMPONENT } from './service-box';

/** The id of a service's Secret for MongoDB, below the service: it is there once the service or its worker connects. */
export const MONGODB_SECRET = 'mongodb-secret';

/** The id of the certificate whose Secret has the authority of MongoDB's servers. A client needs nothing else of it. */
const MONGODB_CERTIFICATE = 'mongodb-certificate';

/** What a service's configuration is about. */
export interface ServiceConfigurationProps {
  /** The pods that read it. */
  readonly identity: Identity;
  /** The service it belongs to: a service and its worker are one user of MongoDB, with one Secret. */
  readonly service: Construct;
  /** The service's name, and so its user in MongoDB. */
  readonly serviceName: string;
  readonly database?: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secretSettings: Readonly<Record<string, Credential>>;
}

/**
 * The environment variables of a service's pods: a ConfigMap for what everybody may read, Secrets for the rest. Each kind
 * of endpoint that the service connects to becomes the variables that its code reads.
 */
export class ServiceConfiguration extends Construct {
  private readonly config: ConfigMap;
  private readonly secretEnv = new Map<string, k8s.EnvVar>();
  private authority?: k8s.Volume;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceConfigurationProps,
  ) {
    super(scope, id);
    this.config = new ConfigMap(this, 'config', { name: props.identity.workload, identity: props.identity });
    for (const [name, value] of Object.entries(props.settings)) {
      this.set(name, value);
    }
    const twice = Object.keys(props.secretSettings).find((name) => Object.hasOwn(props.settings, name));
    if (twice) {
      throw invalid(this, `variable ${twice} is both a setting and a secret setting; allowed: one of them`);
    }
    const secrets = Object.entries(props.secretSettings);
    if (secrets.length > 0) {
      const data = Object.fromEntries(secrets.map(([name, credential]) => [checkVariable(this, name), [credential]]));
      const name = `${props.identity.workload}-settings`;
      this.addSecretEnv(new Secret(this, 'settings', { name, identity: props.identity, data }));
    }
  }

  /** The pods' variables from ConfigMaps. */
  public get envFrom(): k8s.EnvFromSource[] {
    return [{ configMapRef: { name: this.config.configMapName } }];
  }

  /** The pods' variables from Secrets, in the order of their names. None at all are left out, not written as an empty list. */
  public get env(): k8s.EnvVar[] {
    return Lazy.any({
      produce: () => {
        const variables = [...this.secretEnv.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
        return variables.length > 0 ? variables : undefined;
      },
    }) as k8s.EnvVar[];
  }

  /** The pods' volumes: their own, and what their connections need. */
  public volumes(own: readonly k8s.Volume[]): k8s.Volume[] {
    return Lazy.any({ produce: () => [...own, ...(this.authority ? [this.authority] : [])] }) as k8s.Volume[];
  }

  /** Where the container mounts them. */
  public volumeMounts(own: readonly k8s.VolumeMount[]): k8s.VolumeMount[] {
    return Lazy.any({ produce: () => [...own, ...(this.authority ? [CA_MOUNT] : [])] }) as k8s.VolumeMount[];
  }

  /** Annotations that roll the pods when the ConfigMap changes. */
  public get hashAnnotation(): Record<string, string> {
    return this.config.hashAnnotation;
  }

  /** Tells the pods where a peer is that they have been connected to. */
  public addPeer(peer: Peer): void {
    if (!(peer instanceof Endpoint)) {
      return;
    }
    if (peer.pods._state === PodsState.ABSENT) {
      return peer.kind === EndpointKind.OTLP ? this.set('TRACING_ENABLED', 'false') : undefined;
    }
    switch (peer.kind) {
      case EndpointKind.MONGODB:
        return this.addDatabase(peer);
      case EndpointKind.KAFKA:
        return this.set('KAFKA_BROKERS', peer.address);
      case EndpointKind.TEMPORAL:
        this.set('TEMPORAL_HOST', peer.address);
        return this.set('TEMPORAL_NAMESPACE', TEMPORAL_NAMESPACE);
      case EndpointKind.OTLP:
        this.set('OTEL_EXPORTER_OTLP_ENDPOINT', peer.address);
        return this.set('TRACING_ENABLED', 'true');
      case EndpointKind.HTTP:
        return this.set(serviceUrlVariable(peer.pods._identity.workload), `http://${peer.address}`);
      default:
        throw invalid(
          this,
          `no variable is known for ${peer.name}, which is of the kind ${peer.kind}; ` +
            `allowed: deployment.connectTo, and its address among the settings`,
        );
    }
  }

  private addDatabase(peer: Endpoint): void {
    const { database, service, serviceName } = this.props;
    if (!database) {
      throw invalid(this, `must provide database, as it connects to ${peer.name}`);
    }
    this.set('MONGODB_DATABASE', database);
    const identity = { box: serviceName, workload: serviceName, component: SERVICE_COMPONENT };
    const caFile = this.mountAuthority(identity);
    const data = { MONGODB_URI: mongoDbUri({ members: peer.memberAddresses, user: serviceName, database, caFile }) };
    const existing = service.node.tryFindChild(MONGODB_SECRET) as Secret | undefined;
    if (existing && contentHash(existing.data) !== contentHash(data)) {
      throw invalid(this, `connects to ${peer.name}, but has a database elsewhere already; allowed: one MongoDB`);
    }
    const name = `${serviceName}-mongodb`;
    this.addSecretEnv(existing ?? new Secret(service, MONGODB_SECRET, { name, identity, data }));
    if (!existing) {
      requestDatabase(peer, { user: serviceName, database, client: service });
    }
  }

  /** Where servers encrypt: the file with the certificate of their authority, mounted into the pods. */
  private mountAuthority(identity: Identity): string | undefined {
    if (!clusterContext(this).tls?._certManager) {
      return undefined;
    }
    const { service } = this.props;
    const certificate =
      (service.node.tryFindChild(MONGODB_CERTIFICATE) as TlsCertificate | undefined) ??
      new TlsCertificate(service, MONGODB_CERTIFICATE, { name: `${identity.workload}-mongodb-tls`, identity });
    this.authority = caVolume(certificate.secretName);
    return CA_FILE;
  }

  private addSecretEnv({ secretName, data }: Secret): void {
    for (const key of Object.keys(data)) {
      const source = { secretKeyRef: { name: secretName, key } };
      const before = this.secretEnv.get(key)?.valueFrom?.secretKeyRef;
      if (before && before.name !== secretName) {
        throw invalid(
          this,
          `variable ${key} has two values, of the Secrets ${before.name} and ${secretName}; allowed: one`,
        );
      }
      this.secretEnv.set(key, { name: key, valueFrom: source });
    }
  }

  private set(name: string, value: string): void {
    this.config.add(checkVariable(this, name), value);
  }
}

/** `ORDER_SERVICE_URL` for order-service. */
function serviceUrlVariable(service: string): string {
  return `${service
    .replace(/-service$/, '')
    .replace(/-/g, '_')
    .toUpperCase()}_SERVICE_URL`;
}

function checkVariable(scope: Construct, name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw invalid(scope, `'${name}' is no environment variable; allowed: letters, digits and '_'`);
  }
  return name;
}
