import { SecretStoreSpecProvider, SecretStoreSpecProviderAwsService } from '../../imports/external-secrets.io';
import { invalid } from '../errors';
import { Credential } from './credential';
import { ExternalSecrets, STORE } from './external-secrets';

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

/** External Secrets from AWS Secrets Manager. */
export class AwsSecrets extends ExternalSecrets {
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

  public location(environment: string, credential: Credential): string {
    return `\`${this.remoteKey(environment, credential)}\`, key \`${credential.property}\``;
  }

  public role(environment: string, namespace: string): string | undefined {
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
    const role = this.role(environment, namespace);
    return role
      ? { 'eks.amazonaws.com/role-arn': `arn:${this.partition}:iam::${this.props.accountId}:role/${role}` }
      : undefined;
  }
}
