import { SecretStoreSpecProvider, SecretStoreSpecProviderVaultVersion } from '../../imports/external-secrets.io';
import { invalid } from '../errors';
import { Credential } from './credential';
import { ExternalSecrets, STORE } from './external-secrets';

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

/** External Secrets from Vault. */
export class VaultSecrets extends ExternalSecrets {
  public constructor(private readonly props: VaultProps) {
    super();
    if (!/^https:\/\/[a-z0-9.-]+(:\d+)?$/.test(props.server)) {
      throw invalid(
        'secrets',
        `'${props.server}' is no Vault address; allowed: https:// and a host, as https://vault.example.com`,
      );
    }
  }

  public location(environment: string, credential: Credential): string {
    return `\`${this.mount}/${this.remoteKey(environment, credential)}\`, property \`${credential.property}\``;
  }

  public role(environment: string, namespace: string): string {
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
            role: this.role(environment, namespace),
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
