import { describeRule } from './rule';
import { selectorsMatch } from './selectors';

const wrong = { 'app.kubernetes.io/name': 'nobody' };
const both = { 'app.kubernetes.io/name': 'picking-service' };

describeRule('selectors', selectorsMatch, [
  {
    title: "a deployment that selects another's pods too",
    object: 'Deployment wms-platform/picking-service',
    change: (d) => (d.spec.selector.matchLabels = both),
    says: 'Deployment wms-platform/picking-service selects .*picking-service-worker instead of its own',
  },
  {
    title: 'a service without pods',
    object: 'Service wms-platform/order-service',
    change: (s) => (s.spec.selector = wrong),
    says: 'Service wms-platform/order-service selects no pods',
  },
  {
    title: 'a budget without pods',
    object: 'PodDisruptionBudget wms-platform/order-service',
    change: (b) => (b.spec.selector.matchLabels = wrong),
    says: 'PodDisruptionBudget wms-platform/order-service selects no pods',
  },
  {
    title: 'a policy for the pods of an issuer that is not there',
    object: 'NetworkPolicy wms-platform/picking-service',
    change: (p) => (p.spec.podSelector.matchLabels = { 'acme.cert-manager.io/http01-solver': 'true' }),
    says: 'NetworkPolicy wms-platform/picking-service is for 0 issuers',
  },
  {
    title: 'a policy of two workloads',
    object: 'NetworkPolicy wms-platform/picking-service',
    change: (p) => (p.spec.podSelector.matchLabels = both),
    says: 'NetworkPolicy wms-platform/picking-service selects .*, Deployment wms-platform/picking-service-worker',
  },
]);
