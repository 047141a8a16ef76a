import { AwsSecrets, AwsSecretsManagerProps } from './aws-secrets';
import { Credential } from './credential';
import { PlainSecrets } from './plain-secrets';
import type { Secret } from './secret';
import type { SecretsStrategy } from './secrets-strategy';
import { VaultProps, VaultSecrets } from './vault-secrets';

/** Where an environment's secrets come from. */
export class SecretsBackend {
  /** Plain Secrets with values that are obviously fake. For development only. */
  public static plain(): SecretsBackend {
    return new SecretsBackend(new PlainSecrets());
  }

  /**
   * External Secrets from Vault. Each namespace reads as a Vault role of its own, `wms-<environment>-<namespace>`.
   *
   * @param props how to reach it
   */
  public static vault(props: VaultProps): SecretsBackend {
    return new SecretsBackend(new VaultSecrets(props));
  }

  /**
   * External Secrets from AWS Secrets Manager. With an account id each namespace reads as an IAM role of its own,
   * `wms-<environment>-<namespace>-secrets`.
   *
   * @param props how to reach it
   */
  public static awsSecretsManager(props: AwsSecretsManagerProps): SecretsBackend {
    return new SecretsBackend(new AwsSecrets(props));
  }

  private constructor(private readonly strategy: SecretsStrategy) {}

  /** @internal */
  public _render(secret: Secret): void {
    this.strategy.render(secret);
  }

  /**
   * Where an operator puts a credential, in words.
   *
   * @internal
   */
  public _location(environment: string, credential: Credential): string {
    return this.strategy.location(environment, credential);
  }

  /**
   * The role a namespace reads as.
   *
   * @internal
   */
  public _role(environment: string, namespace: string): string | undefined {
    return this.strategy.role(environment, namespace);
  }
}
