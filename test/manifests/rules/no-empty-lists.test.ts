import { noEmptyLists } from './no-empty-lists';
import { describeRule } from './rule';

describeRule('no empty lists', noEmptyLists, [
  {
    title: 'a policy that writes that nothing comes in',
    object: 'NetworkPolicy wms-platform/picking-service-worker',
    change: (p) => (p.spec.ingress = []),
    says: 'NetworkPolicy wms-platform/picking-service-worker writes ingress as an empty list',
  },
  {
    title: 'a policy that writes that nothing goes out',
    object: 'NetworkPolicy kafka/default-deny',
    change: (p) => (p.spec.egress = []),
    says: 'NetworkPolicy kafka/default-deny writes egress as an empty list',
  },
]);
