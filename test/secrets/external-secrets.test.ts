import { App } from 'cdk8s';
import { stringify } from 'yaml';
import { Credential } from '../../lib/secrets/credential';
import { Secret } from '../../lib/secrets/secret';
import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { TestWorkload, chartOf, setCluster } from '../connections/fixtures';
import { find, findAll, manifestsOf } from '../manifest';
import { AWS, VAULT, oneSecret, secretsIn, store, storeAccount } from './fixtures';

const EXTERNAL = [
  ['Vault', SecretsBackend.vault(VAULT)],
  ['AWS Secrets Manager', SecretsBackend.awsSecretsManager(AWS)],
] as const;

let app: App;

beforeEach(() => {
  app = new App();
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
    expect(manifestsOf(secretsIn(chartOf(app, 'orders'), backend, 'mongodb')).map(({ kind }) => kind)).toEqual([
      'ExternalSecret',
    ]);
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
