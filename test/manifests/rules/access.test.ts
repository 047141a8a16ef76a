import { Part } from '../../manifest';
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
  {
    title: 'an ingress controller that writes secrets',
    object: 'Role ingress/ingress-controller',
    change: (r) => r.rules.find((rule: Part) => rule.resources.includes('secrets')).verbs.push('update'),
    says: 'Role ingress/ingress-controller reaches secrets',
  },
  {
    title: 'an ingress controller that sees the secrets of the cluster',
    object: 'ClusterRole wms-ingress-controller',
    change: (r) => r.rules[0].resources.push('secrets'),
    says: 'ClusterRole wms-ingress-controller reaches secrets',
  },
]);
