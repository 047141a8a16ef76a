import { describeRule } from './rule';
import { wavesInOrder } from './sync-waves';

describeRule('sync waves', wavesInOrder, [
  {
    title: 'an object without a wave',
    object: 'NetworkPolicy kafka/default-deny',
    change: (p) => delete p.metadata.annotations,
    says: 'NetworkPolicy kafka/default-deny has no sync wave',
  },
  {
    title: 'a secret that comes after its pods',
    object: 'ExternalSecret wms-platform/inventory-service-mongodb',
    change: (s) => (s.metadata.annotations['argocd.argoproj.io/sync-wave'] = '51'),
    says: 'Deployment wms-platform/inventory-service \\(wave 50\\) refers to ExternalSecret .* \\(wave 51\\)',
  },
]);
