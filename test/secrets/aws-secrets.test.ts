import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { Manifest } from '../manifest';
import { AWS, PASSWORD, oneSecret, store, storeAccount } from './fixtures';

describe('AWS Secrets Manager', () => {
  const roleOf = ({ metadata }: Manifest) => metadata.annotations['eks.amazonaws.com/role-arn'];

  it('is read with an IAM role for each namespace where the account is known.', () => {
    const chart = oneSecret(SecretsBackend.awsSecretsManager(AWS));
    expect(store(chart).spec).toEqual({
      provider: {
        aws: {
          service: 'SecretsManager',
          region: 'eu-central-1',
          auth: { jwt: { serviceAccountRef: { name: 'wms-secrets' } } },
        },
      },
    });
    expect(roleOf(storeAccount(chart))).toBe('arn:aws:iam::123456789012:role/wms-staging-orders-secrets');
    expect(store(chart).metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '2' });
  });

  it.each([
    ['aws', 'ap-southeast-2'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-cn', 'cn-north-1'],
  ])('has its role in the partition %s for the region %s.', (partition, region) => {
    const chart = oneSecret(SecretsBackend.awsSecretsManager({ ...AWS, region }));
    expect(roleOf(storeAccount(chart))).toBe(`arn:${partition}:iam::123456789012:role/wms-staging-orders-secrets`);
  });

  it('is read as the operator itself where the account is not known.', () => {
    const backend = SecretsBackend.awsSecretsManager({ region: 'us-east-1' });
    const chart = oneSecret(backend);
    expect(store(chart).spec).toEqual({ provider: { aws: { service: 'SecretsManager', region: 'us-east-1' } } });
    expect(roleOf(storeAccount(chart))).toBeUndefined();
    expect(backend._role('staging', 'orders')).toBeUndefined();
  });

  it('names the role of each namespace and environment, and where an operator puts a credential.', () => {
    const backend = SecretsBackend.awsSecretsManager(AWS);
    expect(backend._role('production', 'kafka')).toBe('wms-production-kafka-secrets');
    expect(backend._location('production', PASSWORD)).toBe('`wms/production/mongodb/order-service`, key `password`');
  });

  it.each(['', '12345678901', '1234567890123', '12345678901x'])('has no account %j.', (accountId) => {
    expect(() => SecretsBackend.awsSecretsManager({ ...AWS, accountId })).toThrow(
      `[secrets] '${accountId}' is no AWS account; allowed: twelve digits`,
    );
  });

  it.each(['', 'europe', 'us-east', 'US-EAST-1', 'europe-west4'])('has no region %j.', (region) => {
    expect(() => SecretsBackend.awsSecretsManager({ region })).toThrow(
      `[secrets] '${region}' is no AWS region; allowed: a region's name, as us-east-1`,
    );
  });

  it.each(['us-east-1', 'ap-southeast-2', 'us-gov-west-1'])('has the region %s.', (region) => {
    expect(() => SecretsBackend.awsSecretsManager({ region })).not.toThrow();
  });
});
