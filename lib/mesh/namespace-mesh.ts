import { Construct } from 'constructs';
import {
  AuthorizationPolicy,
  AuthorizationPolicySpecAction,
  PeerAuthentication,
  PeerAuthenticationSpecMtlsMode,
} from '../../imports/security.istio.io';
import { ObjectMetadata, objectMetadata } from '../gitops/metadata';

/** What guards a namespace in the mesh: mutual TLS alone, and nobody may connect whom no workload's policy lets in. */
export class NamespaceMesh extends Construct {
  public constructor(scope: Construct, id: string, metadata: Omit<ObjectMetadata, 'name'>) {
    super(scope, id);
    new PeerAuthentication(this, 'peer-authentication', {
      metadata: objectMetadata({ ...metadata, name: 'default' }),
      spec: { mtls: { mode: PeerAuthenticationSpecMtlsMode.STRICT } },
    });
    new AuthorizationPolicy(this, 'authorization-policy', {
      metadata: objectMetadata({ ...metadata, name: 'default-deny' }),
      spec: { action: AuthorizationPolicySpecAction.ALLOW },
    });
  }
}
