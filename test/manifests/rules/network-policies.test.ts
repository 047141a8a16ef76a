import { policiesNarrow } from './network-policies';
import { describeRule } from './rule';

const object = 'NetworkPolicy wms-platform/shipping-service';

describeRule('network policies', policiesNarrow, [
  {
    title: 'a workload without a policy',
    object,
    change: (policy, all) => all.splice(all.indexOf(policy), 1),
    says: 'Deployment wms-platform/shipping-service has 0 policies',
  },
  {
    title: 'egress to everybody',
    object,
    change: (p) => delete p.spec.egress[0].to,
    says: 'allows egress with everybody',
  },
  {
    title: 'ingress on all ports',
    object,
    change: (p) => delete p.spec.ingress[0].ports,
    says: 'allows ingress on all ports',
  },
  {
    title: 'egress to all networks',
    object,
    change: (p) => delete p.spec.egress[0].to[0].ipBlock.except,
    says: 'allows egress with too many',
  },
  {
    title: 'ingress from a whole namespace',
    object,
    change: (p) => delete p.spec.ingress[0].from[0].podSelector,
    says: `${object} allows ingress with too many`,
  },
]);
