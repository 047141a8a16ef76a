import { OidcProvider } from '../../lib';
import { Mesh } from '../../lib/mesh/mesh';
import { RequiredTokens } from '../../lib/mesh/required-tokens';
import { TestWorkload } from '../connections/fixtures';
import { find } from '../manifest';
import { meshApp, principal } from './fixtures';

describe('requests from outside', () => {
  const { chart } = meshApp();
  const services = chart('wms-platform');
  const server = new TestWorkload(services, 'orders', { http: 8080 });
  const client = new TestWorkload(chart('ingress'), 'firewall');
  const provider = new OidcProvider({ issuer: 'https://login.example.org', audiences: ['shop', 'desk'] });
  new RequiredTokens(services, 'tokens', { mesh: Mesh.on(), provider, server: server.pods, client: client.pods });
  const selector = {
    matchLabels: { 'app.kubernetes.io/name': 'orders', 'app.kubernetes.io/instance': 'orders' },
  };

  it('have tokens of the provider that are made out to the APIs, and the service sees them', () => {
    expect(find(services, 'RequestAuthentication', 'orders').spec).toEqual({
      selector,
      jwtRules: [{ issuer: 'https://login.example.org', audiences: ['shop', 'desk'], forwardOriginalToken: true }],
    });
  });

  it('are refused without one, and those of other pods are not', () => {
    expect(find(services, 'AuthorizationPolicy', 'orders-tokens').spec).toEqual({
      selector,
      action: 'DENY',
      rules: [
        {
          from: [
            {
              source: {
                principals: [principal('ingress', 'firewall')],
                notRequestPrincipals: ['https://login.example.org/*'],
              },
            },
          ],
        },
      ],
    });
  });
});
