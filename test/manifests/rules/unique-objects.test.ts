import { describeRule } from './rule';
import { uniqueObjects } from './unique-objects';

describeRule('unique objects', uniqueObjects, [
  {
    title: 'an object that is written twice',
    object: 'ConfigMap wms-platform/order-service',
    change: (configMap, manifests) => manifests.push(configMap),
    says: 'ConfigMap wms-platform/order-service is written twice',
  },
]);
