import { App, Chart } from 'cdk8s';
import { Credential } from '../../lib/secrets/credential';
import { Secret, SecretProps } from '../../lib/secrets/secret';
import { chartOf } from '../connections/fixtures';
import { find, manifestsOf } from '../manifest';

const PASSWORD = new Credential({ path: 'mongodb/order-service', description: 'a password' });

const PROPS: Required<SecretProps> = {
  name: 'order-service-mongodb',
  identity: { box: 'order-service', workload: 'order-service', component: 'api' },
  data: { MONGODB_PASSWORD: [PASSWORD] },
};

let chart: Chart;

beforeEach(() => {
  chart = chartOf(new App(), 'wms-platform');
});

describe('A secret', () => {
  it('renders every prop, before the pods that read it.', () => {
    const secret = new Secret(chart, 'secret', PROPS);
    expect(secret).toMatchObject({ secretName: 'order-service-mongodb', namespace: 'wms-platform', data: PROPS.data });
    expect(find(chart, 'Secret', 'order-service-mongodb')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'order-service-mongodb',
        namespace: 'wms-platform',
        annotations: { 'argocd.argoproj.io/sync-wave': '3' },
        labels: {
          'app.kubernetes.io/name': 'order-service',
          'app.kubernetes.io/instance': 'order-service',
          'app.kubernetes.io/component': 'api',
          'app.kubernetes.io/part-of': 'wms-platform',
          'app.kubernetes.io/managed-by': 'cdk8s',
        },
      },
      type: 'Opaque',
      stringData: { MONGODB_PASSWORD: 'development-only-mongodb-order-service' },
    });
    expect(manifestsOf(chart)).toHaveLength(1);
  });

  it('refuses a name that is none.', () => {
    expect(() => new Secret(chart, 'secret', { ...PROPS, name: 'Order' })).toThrow(
      "[wms-platform/secret] 'Order' is no Secret name; allowed: lower-case letters, digits and '-'",
    );
  });
});
