import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Certificate,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
  ClusterIssuer,
} from '../../imports/cert-manager.io';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { platformLabels } from '../workload/labels';
import { goDuration } from './tls';

/** The issuer of the platform's own certificates, and the Secret of its key. */
export const INTERNAL_CA = 'wms-internal-ca';

const SELF_SIGNED = 'wms-self-signed';

/** The authority that signs certificates inside the cluster: cert-manager makes its key and keeps it. */
export class CertificateAuthority extends Construct {
  public constructor(scope: Construct, id: string, props: { namespace: string }) {
    super(scope, id);
    new ClusterIssuer(this, 'self-signed', { metadata: metadata(SELF_SIGNED), spec: { selfSigned: {} } });
    new Certificate(this, 'certificate', {
      metadata: metadata(INTERNAL_CA, props.namespace),
      spec: {
        isCa: true,
        commonName: INTERNAL_CA,
        secretName: INTERNAL_CA,
        duration: goDuration(Duration.days(3650)),
        renewBefore: goDuration(Duration.days(365)),
        // With the same key and name, whoever knows the certificate before trusts what the one after it signs.
        privateKey: {
          algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
          size: 256,
          rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.NEVER,
        },
        issuerRef: issuerRef(SELF_SIGNED),
      },
    });
    new ClusterIssuer(this, 'issuer', { metadata: metadata(INTERNAL_CA), spec: { ca: { secretName: INTERNAL_CA } } });
  }
}

/** A reference to a ClusterIssuer, complete. */
export function issuerRef(name: string) {
  return { name, kind: ClusterIssuer.GVK.kind, group: 'cert-manager.io' };
}

function metadata(name: string, namespace?: string) {
  return objectMetadata({ name, namespace, labels: platformLabels(name, 'certificates'), wave: SYNC_WAVES.cluster });
}
