import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Certificate,
  CertificateSpecAdditionalOutputFormatsType,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
  CertificateSpecUsages,
} from '../../imports/cert-manager.io';
import { invalid } from '../errors';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { clusterContext } from '../workload/cluster-context';
import { Identity, workloadLabels } from '../workload/labels';
import { checkName } from '../workload/names';
import { INTERNAL_CA, issuerRef } from './certificate-authority';
import { goDuration } from './tls';

/** A certificate of the cluster's own authority. */
export interface TlsCertificateProps {
  /** Its name, and that of the Secret with `tls.crt`, `tls.key` and `ca.crt`. */
  readonly name: string;
  readonly identity: Identity;
  /** The names it serves under; none for what only connects. */
  readonly dnsNames?: readonly string[];
}

/**
 * A certificate that cert-manager makes and renews. A server's has its key in one file with it too, `tls-combined.pem`;
 * members of a set are each other's clients, so it is good for both sides.
 */
export class TlsCertificate extends Construct {
  /** The Secret it is in. */
  public readonly secretName: string;

  public constructor(scope: Construct, id: string, props: TlsCertificateProps) {
    super(scope, id);
    const certManager = clusterContext(this).tls?._certManager;
    if (!certManager) {
      throw invalid(this, `the environment has no certificates; allowed: with Tls.certManager`);
    }
    const { name, identity, dnsNames = [] } = props;
    this.secretName = checkName(this, 'Secret', name);
    const server = dnsNames.length > 0;
    new Certificate(this, 'certificate', {
      metadata: objectMetadata({
        name,
        namespace: Chart.of(this).namespace,
        labels: workloadLabels(identity),
        wave: SYNC_WAVES.secret,
      }),
      spec: {
        secretName: name,
        commonName: identity.workload,
        dnsNames: server ? [...dnsNames] : undefined,
        duration: goDuration(certManager.duration),
        renewBefore: goDuration(certManager.renewBefore),
        usages: [
          CertificateSpecUsages.DIGITAL_SIGNATURE,
          ...(server ? [CertificateSpecUsages.SERVER_AUTH] : []),
          CertificateSpecUsages.CLIENT_AUTH,
        ],
        privateKey: {
          algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
          size: 256,
          rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
        },
        additionalOutputFormats: server
          ? [{ type: CertificateSpecAdditionalOutputFormatsType.COMBINED_PEM }]
          : undefined,
        issuerRef: issuerRef(INTERNAL_CA),
      },
    });
  }
}
