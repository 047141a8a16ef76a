import { ApiObject, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import {
  ExternalSecret,
  ExternalSecretSpecDataRemoteRefConversionStrategy,
  ExternalSecretSpecDataRemoteRefDecodingStrategy,
  ExternalSecretSpecDataRemoteRefMetadataPolicy,
  ExternalSecretSpecSecretStoreRefKind,
  ExternalSecretSpecTargetCreationPolicy,
  ExternalSecretSpecTargetDeletionPolicy,
  ExternalSecretSpecTargetTemplateEngineVersion,
  ExternalSecretSpecTargetTemplateMergePolicy,
  SecretStore,
  SecretStoreSpecProvider,
  SecretStoreSpecProviderAwsService,
  SecretStoreSpecProviderVaultVersion,
} from '../../imports/external-secrets.io';
import { invalid } from '../errors';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { clusterContext } from '../workload/cluster-context';
import { platformLabels, workloadLabels } from '../workload/labels';
import { Credential, credentialsIn, renderText } from './credential';
import type { Secret } from './secret';

/** How to reach a Vault. */
export interface VaultProps {
  /** Its address, as `https://vault.example.com`. */
  readonly server: string;

  /**
   * The mount of its key-value engine, version 2.
   *
   * @default secret
   */
  readonly path?: string;

  /**
   * The mount of its Kubernetes authentication for this cluster.
   *
   * @default kubernetes
   */
  readonly kubernetesMountPath?: string;
}

/** How to reach an AWS Secrets Manager. */
export interface AwsSecretsManagerProps {
  /** The region, as `us-east-1`. */
  readonly region: string;

  /**
   * The account (twelve digits) that has the IAM roles the namespaces read as.
   *
   * @default - none: the External Secrets operator reads as itself, for every namespace
   */
  readonly accountId?: string;
}

/** The name of each namespace's SecretStore and of the account it reads with. */
const STORE = 'wms-secrets';

/** Where an environment's secrets come from. */
export abstract class SecretsBackend {
  /** Plain Secrets with values that are obviously fake. For development only. */
  public static plain(): SecretsBackend {
    return new PlainSecrets();
  }

  /**
   * External Secrets from Vault. Each namespace reads as a Vault role of its own, `wms-<environment>-<namespace>`.
   *
   * @param props how to reach it
   */
  public static vault(props: VaultProps): SecretsBackend {
    return new VaultSecrets(props);
  }

  /**
   * External Secrets from AWS Secrets Manager. With an account id each namespace reads as an IAM role of its own,
   * `wms-<environment>-<namespace>-secrets`.
   *
   * @param props how to reach it
   */
  public static awsSecretsManager(props: AwsSecretsManagerProps): SecretsBackend {
    return new AwsSecrets(props);
  }

  /** Whether its values are real, and so never in a manifest. */
  public abstract readonly external: boolean;

  /** @internal */
  public abstract _render(secret: Secret): void;

  /**
   * Where an operator puts a credential, and who reads it there, in words.
   *
   * @internal
   */
  public abstract _location(environment: string, credential: Credential): string;

  /**
   * The role a namespace reads as.
   *
   * @internal
   */
  public abstract _role(environment: string, namespace: string): string | undefined;
}

class PlainSecrets extends SecretsBackend {
  public readonly external = false;

  public _render(secret: Secret): void {
    const fake = (c: Credential) => c._fakeValue;
    new k8s.KubeSecret(secret, 'secret', {
      metadata: secretMetadata(secret),
      type: 'Opaque',
      stringData: Object.fromEntries(
        Object.entries(secret.data).map(([key, text]) => [
          key,
          renderText(text, fake, (c) => encodeURIComponent(fake(c))),
        ]),
      ),
    });
  }

  public _location(_environment: string, credential: Credential): string {
    return `fake value \`${credential._fakeValue}\``;
  }

  public _role(): undefined {
    return undefined;
  }
}

/** What the backends behind the External Secrets operator have in common. */
abstract class ExternalSecrets extends SecretsBackend {
  public readonly external = true;

  public _render(secret: Secret): void {
    const { environmentName } = clusterContext(secret);
    this.ensureStore(secret, environmentName);
    const credentials = new Map<string, Credential>();
    for (const c of Object.values(secret.data).flatMap(credentialsIn)) {
      const other = credentials.get(c._key);
      if (other && (other.path !== c.path || other.property !== c.property)) {
        throw invalid(
          secret,
          `${other.path}/${other.property} and ${c.path}/${c.property} have one name in templates, ${c._key}; ` +
            `allowed: names that differ in more than '/', '-' and '_'`,
        );
      }
      credentials.set(c._key, c);
    }
    // The operator writes every default it finds missing; what it would write stands here, or Argo CD sees a difference.
    new ExternalSecret(secret, 'secret', {
      metadata: secretMetadata(secret),
      spec: {
        refreshInterval: '1h0m0s',
        secretStoreRef: { name: STORE, kind: ExternalSecretSpecSecretStoreRefKind.SECRET_STORE },
        target: {
          name: secret.secretName,
          creationPolicy: ExternalSecretSpecTargetCreationPolicy.OWNER,
          deletionPolicy: ExternalSecretSpecTargetDeletionPolicy.RETAIN,
          template: {
            engineVersion: ExternalSecretSpecTargetTemplateEngineVersion.V2,
            mergePolicy: ExternalSecretSpecTargetTemplateMergePolicy.REPLACE,
            data: Object.fromEntries(
              Object.entries(secret.data).map(([key, text]) => [
                key,
                renderText(
                  text,
                  (c) => `{{ .${c._key} }}`,
                  (c) => `{{ .${c._key} | urlquery }}`,
                ),
              ]),
            ),
          },
        },
        data: [...credentials.values()].map((c) => ({
          secretKey: c._key,
          remoteRef: {
            key: this.remoteKey(environmentName, c),
            property: c.property,
            conversionStrategy: ExternalSecretSpecDataRemoteRefConversionStrategy.DEFAULT,
            decodingStrategy: ExternalSecretSpecDataRemoteRefDecodingStrategy.NONE,
            metadataPolicy: ExternalSecretSpecDataRemoteRefMetadataPolicy.NONE,
          },
        })),
      },
    });
  }

  protected abstract provider(environment: string, namespace: string): SecretStoreSpecProvider;

  protected abstract storeAccountAnnotations(
    environment: string,
    namespace: string,
  ): Record<string, string> | undefined;

  protected remoteKey(environment: string, credential: Credential): string {
    return `wms/${environment}/${credential.path}`;
  }

  /** Each namespace has its own store and account, so that it can read no other namespace's secrets. */
  private ensureStore(secret: Secret, environment: string): void {
    const chart = Chart.of(secret);
    const { namespace } = secret;
    const made = chart.node.root.node
      .findAll()
      .some((c) => ApiObject.isApiObject(c) && c.kind === SecretStore.GVK.kind && c.metadata.namespace === namespace);
    if (made || clusterContext(secret).secretStores.has(namespace)) {
      return;
    }
    const metadata = (annotations?: Record<string, string>) =>
      objectMetadata({
        name: STORE,
        namespace,
        labels: platformLabels(STORE, 'secrets'),
        wave: SYNC_WAVES.configuration,
        annotations,
      });
    new k8s.KubeServiceAccount(chart, 'secret-store-account', {
      metadata: metadata(this.storeAccountAnnotations(environment, namespace)),
      automountServiceAccountToken: false,
    });
    new SecretStore(chart, 'secret-store', {
      metadata: metadata(),
      spec: { provider: this.provider(environment, namespace) },
    });
  }
}

class VaultSecrets extends ExternalSecrets {
  public constructor(private readonly props: VaultProps) {
    super();
    if (!/^https:\/\/[a-z0-9.-]+(:\d+)?$/.test(props.server)) {
      throw invalid(
        'secrets',
        `'${props.server}' is no Vault address; allowed: https:// and a host, as https://vault.example.com`,
      );
    }
  }

  public _location(environment: string, credential: Credential): string {
    return `\`${this.mount}/${this.remoteKey(environment, credential)}\`, property \`${credential.property}\``;
  }

  public _role(environment: string, namespace: string): string {
    return `wms-${environment}-${namespace}`;
  }

  protected provider(environment: string, namespace: string): SecretStoreSpecProvider {
    return {
      vault: {
        server: this.props.server,
        path: this.mount,
        version: SecretStoreSpecProviderVaultVersion.V2,
        auth: {
          kubernetes: {
            mountPath: this.props.kubernetesMountPath ?? 'kubernetes',
            role: this._role(environment, namespace),
            serviceAccountRef: { name: STORE },
          },
        },
      },
    };
  }

  protected storeAccountAnnotations(): undefined {
    return undefined;
  }

  private get mount(): string {
    return this.props.path ?? 'secret';
  }
}

class AwsSecrets extends ExternalSecrets {
  public constructor(private readonly props: AwsSecretsManagerProps) {
    super();
    if (props.accountId !== undefined && !/^\d{12}$/.test(props.accountId)) {
      throw invalid('secrets', `'${props.accountId}' is no AWS account; allowed: twelve digits`);
    }
    if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(props.region)) {
      throw invalid('secrets', `'${props.region}' is no AWS region; allowed: a region's name, as us-east-1`);
    }
  }

  /** AWS keeps its Chinese and its government regions apart from the others. */
  private get partition(): string {
    const prefix = /^(cn|us-gov)-/.exec(this.props.region)?.[1];
    return prefix ? `aws-${prefix}` : 'aws';
  }

  public _location(environment: string, credential: Credential): string {
    return `\`${this.remoteKey(environment, credential)}\`, key \`${credential.property}\``;
  }

  public _role(environment: string, namespace: string): string | undefined {
    return this.props.accountId ? `wms-${environment}-${namespace}-secrets` : undefined;
  }

  protected provider(): SecretStoreSpecProvider {
    return {
      aws: {
        service: SecretStoreSpecProviderAwsService.SECRETS_MANAGER,
        region: this.props.region,
        auth: this.props.accountId ? { jwt: { serviceAccountRef: { name: STORE } } } : undefined,
      },
    };
  }

  protected storeAccountAnnotations(environment: string, namespace: string): Record<string, string> | undefined {
    const role = this._role(environment, namespace);
    return role
      ? { 'eks.amazonaws.com/role-arn': `arn:${this.partition}:iam::${this.props.accountId}:role/${role}` }
      : undefined;
  }
}

function secretMetadata(secret: Secret) {
  return objectMetadata({
    name: secret.secretName,
    namespace: secret.namespace,
    labels: workloadLabels(secret.identity),
    wave: SYNC_WAVES.secret,
  });
}
