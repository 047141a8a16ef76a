import { ApiObjectMetadata } from 'cdk8s';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { workloadLabels } from '../workload/labels';
import { Credential } from './credential';
import type { Secret } from './secret';

/** How a secrets backend makes Secrets. */
export interface SecretsStrategy {
  /** Makes the object that is, or becomes, a Secret. */
  render(secret: Secret): void;
  /** Where an operator puts a credential, in words. */
  location(environment: string, credential: Credential): string;
  /** The role a namespace reads as, where it has one. */
  role(environment: string, namespace: string): string | undefined;
}

/** The metadata of the object of a secret, whatever kind it is. */
export function secretMetadata(secret: Secret): ApiObjectMetadata {
  return objectMetadata({
    name: secret.secretName,
    namespace: secret.namespace,
    labels: workloadLabels(secret.identity),
    wave: SYNC_WAVES.secret,
  });
}
