import { App, Chart } from 'cdk8s';
import { Credential, SecretText } from '../../lib/secrets/credential';
import { Secret } from '../../lib/secrets/secret';
import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { AwsSecretsManagerProps } from '../../lib/secrets/aws-secrets';
import { VaultProps } from '../../lib/secrets/vault-secrets';
import { chartOf, setCluster } from '../connections/fixtures';
import { find, Manifest } from '../manifest';

export const VAULT: Required<VaultProps> = {
  server: 'https://vault.example.com:8200',
  path: 'kv',
  kubernetesMountPath: 'clusters/one',
};
export const AWS: Required<AwsSecretsManagerProps> = { region: 'eu-central-1', accountId: '123456789012' };

export const USER = new Credential({ path: 'mongodb/order-service', property: 'username', description: 'a user' });
export const PASSWORD = new Credential({ path: 'mongodb/order-service', description: 'a password' });
export const DATA: Record<string, SecretText> = {
  URI: ['mongodb://', { uriEncoded: USER }, ':', { uriEncoded: PASSWORD }, '@host/orders'],
  PASSWORD: [PASSWORD],
};

/** Makes secrets of these names in a chart. */
export function secretsIn(chart: Chart, backend: SecretsBackend, ...names: string[]): Chart {
  setCluster(chart.node.root, { environmentName: 'staging', secrets: backend });
  const identity = { box: 'order-service', workload: 'order-service', component: 'api' };
  names.forEach((name) => new Secret(chart, name, { name, identity, data: DATA }));
  return chart;
}

/** A chart with one secret. */
export function oneSecret(backend: SecretsBackend): Chart {
  return secretsIn(chartOf(new App(), 'orders'), backend, 'mongodb');
}

export function store(chart: Chart): Manifest {
  return find(chart, 'SecretStore', 'wms-secrets');
}

export function storeAccount(chart: Chart): Manifest {
  return find(chart, 'ServiceAccount', 'wms-secrets');
}
