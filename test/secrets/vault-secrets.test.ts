import { Chart } from 'cdk8s';
import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { PASSWORD, USER, VAULT, oneSecret, store, storeAccount } from './fixtures';

describe('A Vault', () => {
  const provider = (chart: Chart) => (store(chart).spec.provider as { vault: unknown }).vault;

  it('is reached as every prop says, with a role for each namespace.', () => {
    expect(provider(oneSecret(SecretsBackend.vault(VAULT)))).toEqual({
      server: 'https://vault.example.com:8200',
      path: 'kv',
      version: 'v2',
      auth: {
        kubernetes: {
          mountPath: 'clusters/one',
          role: 'wms-staging-orders',
          serviceAccountRef: { name: 'wms-secrets' },
        },
      },
    });
  });

  it('has its engines where Vault mounts them by default.', () => {
    const backend = SecretsBackend.vault({ server: 'https://vault.example.com' });
    expect(provider(oneSecret(backend))).toMatchObject({
      path: 'secret',
      auth: { kubernetes: { mountPath: 'kubernetes' } },
    });
    expect(backend._location('staging', USER)).toBe('`secret/wms/staging/mongodb/order-service`, property `username`');
  });

  it('names the role of each namespace and environment.', () => {
    const backend = SecretsBackend.vault(VAULT);
    expect(backend._role('production', 'kafka')).toBe('wms-production-kafka');
    expect(backend._location('production', PASSWORD)).toContain('`kv/wms/production/mongodb/order-service`');
  });

  it('is read with an account without annotations.', () => {
    expect(storeAccount(oneSecret(SecretsBackend.vault(VAULT))).metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-wave': '2',
    });
  });

  it.each([
    '',
    'vault.example.com',
    'http://vault.example.com',
    'https://',
    'https://vault.example.com/',
    'https://a b',
  ])('cannot be at %j.', (server) => {
    expect(() => SecretsBackend.vault({ server })).toThrow(
      `[secrets] '${server}' is no Vault address; allowed: https:// and a host, as https://vault.example.com`,
    );
  });
});
