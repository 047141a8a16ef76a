import { describeRule } from './rule';
import { noSecretValues } from './secret-values';

describeRule('secret values', noSecretValues, [
  {
    title: 'a Secret with a value',
    object: 'ExternalSecret wms-platform/order-service-mongodb',
    change: (_, all) =>
      all.push({
        kind: 'Secret',
        metadata: { namespace: 'wms-platform', name: 'leak' },
        stringData: { password: 'development-only' },
      }),
    says: 'Secret wms-platform/leak holds values',
  },
  {
    title: 'a secret setting in a ConfigMap',
    object: 'ConfigMap wms-platform/order-service',
    change: (c) => (c.data.MONGODB_URI = 'mongodb://somewhere'),
    says: 'ConfigMap wms-platform/order-service has the key MONGODB_URI',
  },
  {
    title: 'a literal under the name of a secret',
    object: 'Deployment wms-platform/order-service',
    change: (d) => d.spec.template.spec.containers[0].env.push({ name: 'API_TOKEN', value: 'abc' }),
    says: 'sets API_TOKEN to a literal',
  },
]);
