import { Construct } from 'constructs';
import {
  Certificate,
  CertificateSpecPrivateKeyAlgorithm,
  CertificateSpecPrivateKeyRotationPolicy,
  Issuer,
  IssuerSpecAcmeSolversHttp01IngressPodTemplateSpecResourcesLimits as Limits,
  IssuerSpecAcmeSolversHttp01IngressPodTemplateSpecResourcesRequests as Requests,
} from '../../imports/cert-manager.io';
import { Pods } from '../connections/pods';
import { objectMetadata } from '../gitops/metadata';
import { layerWave } from '../gitops/sync-waves';
import { clusterContext } from '../workload/cluster-context';
import { workloadLabels } from '../workload/labels';
import { AcmeSolver, SOLVER_RESOURCES } from './acme-solver';
import { AcmeProps } from './tls';

/** A certificate for public hosts. */
export interface PublicCertificateProps {
  readonly acme: Required<AcmeProps>;
  /** The host names that clients use. */
  readonly hosts: readonly string[];
  /** The pods that pass the authority's requests on to the solver. */
  readonly ingressController: Pods;
  readonly ingressClass: string;
}

const NAME = 'public-tls';

/**
 * The certificate of the public hosts, of an authority that browsers trust. The authority asks for a page at each host, so
 * it is issued when the ingress controller runs, and in the same sync wave.
 */
export class PublicCertificate extends Construct {
  /** The Secret it is in. */
  public readonly secretName = NAME;

  public constructor(scope: Construct, id: string, props: PublicCertificateProps) {
    super(scope, id);
    const { acme, hosts, ingressController, ingressClass } = props;
    const { namespace } = ingressController;
    const solver = new AcmeSolver(namespace);
    ingressController.connectTo(solver);
    solver.addNetworkPolicy(this);
    const metadata = (name: string) =>
      objectMetadata({
        name,
        namespace,
        labels: workloadLabels(ingressController._identity),
        wave: layerWave(namespace),
      });
    const { cpuRequest, memoryRequest, cpuLimit, memoryLimit } = SOLVER_RESOURCES;
    new Issuer(this, 'issuer', {
      metadata: metadata('acme'),
      spec: {
        acme: {
          email: acme.email,
          server: acme.server,
          privateKeySecretRef: { name: 'acme-account' },
          solvers: [
            {
              http01: {
                ingress: {
                  ingressClassName: ingressClass,
                  // The default is a node port, which the quota does not allow.
                  serviceType: 'ClusterIP',
                  podTemplate: {
                    // The authority's requests come from outside the mesh, and so does what answers them.
                    metadata: clusterContext(this).mesh
                      ? { labels: { 'sidecar.istio.io/inject': 'false' } }
                      : undefined,
                    spec: {
                      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
                      resources: {
                        requests: { cpu: Requests.fromString(cpuRequest), memory: Requests.fromString(memoryRequest) },
                        limits: { cpu: Limits.fromString(cpuLimit), memory: Limits.fromString(memoryLimit) },
                      },
                    },
                  },
                },
              },
            },
          ],
        },
      },
    });
    new Certificate(this, 'certificate', {
      metadata: metadata(NAME),
      spec: {
        secretName: NAME,
        dnsNames: [...hosts],
        privateKey: {
          algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA,
          size: 256,
          rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
        },
        issuerRef: { name: 'acme', kind: Issuer.GVK.kind, group: 'cert-manager.io' },
      },
    });
  }
}
