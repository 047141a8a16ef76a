import { available } from './availability';
import { describeRule } from './rule';

const object = 'Deployment wms-platform/order-service';

describeRule('availability', available, [
  {
    title: 'a workload without budget',
    object: 'PodDisruptionBudget wms-platform/order-service',
    change: (budget, all) => all.splice(all.indexOf(budget), 1),
    says: `${object} has no budget`,
  },
  {
    title: 'a workload that may stand in one zone',
    object,
    change: (d) => delete d.spec.template.spec.topologySpreadConstraints,
    says: `${object} is not spread over zones`,
  },
  {
    title: 'a number that the autoscaler would have to fight',
    object,
    change: (d) => (d.spec.replicas = 2),
    says: `${object} fixes what its autoscaler decides`,
  },
]);
