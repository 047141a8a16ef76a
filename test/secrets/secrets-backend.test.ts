import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { Credential, SecretText } from '../../lib/secrets/credential';
import { Secret } from '../../lib/secrets/secret';
import { AwsSecretsManagerProps, SecretsBackend, VaultProps } from '../../lib/secrets/secrets-backend';
import { chartOf, setCluster, TestWorkload } from '../connections/fixtures';
import { find, findAll, Manifest, manifestsOf } from '../manifest';

const VAULT: Required<VaultProps> = {
  server: 'https://vault.example.com:8200',
  path: 'kv',
  kubernetesMountPath: 'clusters/one',
};
const AWS: Required<AwsSecretsManagerProps> = { region: 'eu-central-1', accountId: '123456789012' };

const USER = new Credential({ path: 'mongodb/order-service', property: 'username', description: 'a user' });
const PASSWORD = new Credential({ path: 'mongodb/order-service', description: 'a password' });
const DATA: Record<string, SecretText> = {
  URI: ['mongodb://', { uriEncoded: USER }, ':', { uriEncoded: PASSWORD }, '@host/orders'],
  PASSWORD: [PASSWORD],
};

let app: App;

beforeEach(() => {
  app = new App();
});

function secretsIn(chart: Chart, backend: SecretsBackend, ...names: string[]): Chart {
  setCluster(chart.node.root, { environmentName: 'staging', secrets: backend });
  const identity = { box: 'order-service', workload: 'order-service', component: 'api' };
  names.forEach((name) => new Secret(chart, name, { name, identity, data: DATA }));
  return chart;
}

const oneSecret = (backend: SecretsBackend) => secretsIn(chartOf(app, 'orders'), backend, 'mongodb');
const store = (chart: Chart) => find(chart, 'SecretStore', 'wms-secrets');
const storeAccount = (chart: Chart) => find(chart, 'ServiceAccount', 'wms-secrets');

const EXTERNAL = [
  ['Vault', SecretsBackend.vault(VAULT)],
  ['AWS Secrets Manager', SecretsBackend.awsSecretsManager(AWS)],
] as const;

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
    expect(plain.external).toBe(false);
  });

  it('tell what stands in the place of a credential.', () => {
    expect(plain._location('staging', PASSWORD)).toBe('fake value `development-only-mongodb-order-service`');
  });
});

describe.each(EXTERNAL)('Secrets from %s', (_name, backend) => {
  it('are an ExternalSecret to which its operator has nothing to add.', () => {
    const chart = oneSecret(backend);
    const { metadata, spec } = find(chart, 'ExternalSecret', 'mongodb');
    expect(metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '3' });
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'order-service' });
    const remote = (property: string) => ({
      secretKey: `mongodb_order_service_${property}`,
      remoteRef: {
        key: 'wms/staging/mongodb/order-service',
        property,
        conversionStrategy: 'Default',
        decodingStrategy: 'None',
        metadataPolicy: 'None',
      },
    });
    expect(spec).toEqual({
      refreshInterval: '1h0m0s',
      secretStoreRef: { name: 'wms-secrets', kind: 'SecretStore' },
      target: {
        name: 'mongodb',
        creationPolicy: 'Owner',
        deletionPolicy: 'Retain',
        template: {
          engineVersion: 'v2',
          mergePolicy: 'Replace',
          data: {
            URI:
              'mongodb://{{ .mongodb_order_service_username | urlquery }}:' +
              '{{ .mongodb_order_service_password | urlquery }}@host/orders',
            PASSWORD: '{{ .mongodb_order_service_password }}',
          },
        },
      },
      data: [remote('username'), remote('password')],
    });
    expect(findAll(chart, 'Secret')).toEqual([]);
  });

  it('never hold a fake value.', () => {
    expect(backend.external).toBe(true);
    expect(stringify(manifestsOf(oneSecret(backend)))).not.toContain('development-only');
  });

  it('are read with one store and one account in each namespace, before the secrets.', () => {
    const charts = ['here', 'there'].map((namespace) => chartOf(app, namespace));
    charts.forEach((chart) => new TestWorkload(chart, 'server'));
    secretsIn(charts[0], backend, 'one', 'two');
    secretsIn(charts[1], backend, 'three');
    for (const chart of charts) {
      expect(storeAccount(chart)).toMatchObject({ automountServiceAccountToken: false });
      for (const { metadata } of [store(chart), storeAccount(chart)]) {
        expect(metadata.namespace).toBe(chart.namespace);
        expect(metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('2');
        expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/name': 'wms-secrets' });
      }
    }
  });

  it('are read with one store where two charts share a namespace.', () => {
    const [first, second] = ['first', 'second'].map((id) => secretsIn(chartOf(app, 'here', id), backend, id));
    expect([...findAll(first, 'SecretStore'), ...findAll(second, 'SecretStore')]).toHaveLength(1);
    expect([...findAll(first, 'ServiceAccount'), ...findAll(second, 'ServiceAccount')]).toHaveLength(1);
  });

  it('are read with the store of another app where that makes one.', () => {
    setCluster(app, { secretStores: new Set(['orders']) });
    expect(manifestsOf(oneSecret(backend)).map(({ kind }) => kind)).toEqual(['ExternalSecret']);
  });

  it.each([
    ['path', { path: 'a/b', property: 'c' }, { path: 'a-b', property: 'c' }],
    ['property', { path: 'a/b', property: 'c_d' }, { path: 'a/b', property: 'c-d' }],
  ])(
    'refuse two credentials of one name in templates, whose %s differs, as one would be lost.',
    (_what, one, other) => {
      const credentials = [one, other].map((props) => new Credential({ ...props, description: 'a password' }));
      const identity = { box: 'x', workload: 'x', component: 'x' };
      const data = { BOTH: credentials };
      const chart = oneSecret(backend);
      expect(() => new Secret(chart, 'clash', { name: 'clash', identity, data })).toThrow(
        `[orders/clash] ${one.path}/${one.property} and ${other.path}/${other.property} have one name in templates, ` +
          `${credentials[0]._key}; allowed: names that differ in more than '/', '-' and '_'`,
      );
    },
  );
});

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
