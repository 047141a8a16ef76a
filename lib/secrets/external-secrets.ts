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
} from '../../imports/external-secrets.io';
import { invalid } from '../errors';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { clusterContext } from '../workload/cluster-context';
import { platformLabels } from '../workload/labels';
import { Credential, credentialsIn, renderText } from './credential';
import type { Secret } from './secret';
import { secretMetadata, SecretsStrategy } from './secrets-strategy';

/** The name of each namespace's SecretStore and of the account it reads with. */
export const STORE = 'wms-secrets';

/** What the backends behind the External Secrets operator have in common. */
export abstract class ExternalSecrets implements SecretsStrategy {
  public render(secret: Secret): void {
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

  public abstract location(environment: string, credential: Credential): string;

  public abstract role(environment: string, namespace: string): string | undefined;

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
