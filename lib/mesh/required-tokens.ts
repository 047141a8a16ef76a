import { Construct } from 'constructs';
import {
  AuthorizationPolicy,
  AuthorizationPolicySpecAction,
  RequestAuthentication,
} from '../../imports/security.istio.io';
import { Pods } from '../connections/pods';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { OidcProvider } from '../oidc/oidc-provider';
import { workloadLabels } from '../workload/labels';
import { Mesh } from './mesh';

/** Whose requests need a token, and of whom. */
export interface RequiredTokensProps {
  readonly mesh: Mesh;
  readonly provider: OidcProvider;
  /** The pods that the requests come to. */
  readonly server: Pods;
  /** The pods that pass on what comes from outside. Other pods of the mesh need no token. */
  readonly client: Pods;
}

/**
 * Requests from outside need a token of the provider. A RequestAuthentication by itself refuses bad tokens and lets through
 * requests without one; a policy refuses those.
 */
export class RequiredTokens extends Construct {
  public constructor(scope: Construct, id: string, props: RequiredTokensProps) {
    super(scope, id);
    const { mesh, provider, server, client } = props;
    const { issuer, audiences } = provider;
    const metadata = (name: string) =>
      objectMetadata({
        name,
        namespace: server.namespace,
        labels: workloadLabels(server._identity),
        wave: SYNC_WAVES.configuration,
      });
    const selector = { matchLabels: server._selectorLabels };
    new RequestAuthentication(this, 'request-authentication', {
      metadata: metadata(server._identity.workload),
      // The service sees the token too. Where its keys are, istiod asks the issuer.
      spec: { selector, jwtRules: [{ issuer, audiences: [...audiences], forwardOriginalToken: true }] },
    });
    const principals = [mesh._principal(client.namespace, client._identity.workload)];
    new AuthorizationPolicy(this, 'authorization-policy', {
      metadata: metadata(`${server._identity.workload}-tokens`),
      spec: {
        selector,
        action: AuthorizationPolicySpecAction.DENY,
        rules: [{ from: [{ source: { principals, notRequestPrincipals: [`${issuer}/*`] } }] }],
      },
    });
  }
}
