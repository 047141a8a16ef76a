import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { find, manifestsOf } from '../manifest';
import { PASSWORD, oneSecret } from './fixtures';

describe('Plain secrets', () => {
  const plain = SecretsBackend.plain();

  it('hold values that are obviously fake, escaped where they are in a URI.', () => {
    const fake = 'development-only-mongodb-order-service';
    expect(find(oneSecret(plain), 'Secret', 'mongodb')).toMatchObject({
      type: 'Opaque',
      stringData: { URI: `mongodb://${fake}:${fake}@host/orders`, PASSWORD: fake },
    });
  });

  it('need no store and no role.', () => {
    expect(manifestsOf(oneSecret(plain)).map(({ kind }) => kind)).toEqual(['Secret']);
    expect(plain._role('staging', 'orders')).toBeUndefined();
  });

  it('tell what stands in the place of a credential.', () => {
    expect(plain._location('staging', PASSWORD)).toBe('fake value `development-only-mongodb-order-service`');
  });
});
