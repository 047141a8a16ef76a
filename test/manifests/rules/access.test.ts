import { leastPrivilege } from './access';
import { describeRule } from './rule';

describeRule('access', leastPrivilege, [
  {
    title: 'a wildcard',
    object: 'ClusterRole wms-administrator',
    change: (r) => (r.rules[0].verbs = ['*']),
    says: 'ClusterRole wms-administrator has a wildcard',
  },
  {
    title: 'secrets for operators',
    object: 'ClusterRole wms-operator',
    change: (r) => r.rules[0].resources.push('secrets'),
    says: 'ClusterRole wms-operator reaches secrets',
  },
]);
