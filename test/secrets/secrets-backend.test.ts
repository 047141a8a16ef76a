import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { AWS, oneSecret, PASSWORD, VAULT } from './fixtures';
import { kindsOf, manifestsOf } from '../manifest';

describe('A secrets backend', () => {
  it.each([
    ['plain', SecretsBackend.plain(), 'Secret'],
    ['Vault', SecretsBackend.vault(VAULT), 'ExternalSecret'],
    ['AWS Secrets Manager', SecretsBackend.awsSecretsManager(AWS), 'ExternalSecret'],
  ])('makes secrets its own way: %s.', (_name, backend, kind) => {
    expect(kindsOf(manifestsOf(oneSecret(backend)))).toContain(kind);
  });

  it('tells an operator where a credential is, and who reads it there.', () => {
    const backend = SecretsBackend.vault(VAULT);
    expect(backend._location('staging', PASSWORD)).toBe('`kv/wms/staging/mongodb/order-service`, property `password`');
    expect(backend._role('staging', 'orders')).toBe('wms-staging-orders');
  });
});
