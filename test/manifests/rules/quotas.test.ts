import { quotasSuffice } from './quotas';
import { describeRule } from './rule';

describeRule('quotas', quotasSuffice, [
  {
    title: 'a quota of too few pods',
    object: 'ResourceQuota wms-platform/quota',
    change: (q) => (q.spec.hard.pods = '100'),
    says: 'ResourceQuota wms-platform/quota allows pods 100, but its workloads reach 1\\d\\d',
  },
  {
    title: 'a quota of too little CPU',
    object: 'ResourceQuota wms-platform/quota',
    change: (q) => (q.spec.hard['limits.cpu'] = '10'),
    says: 'allows limits.cpu 10000, but its workloads reach',
  },
]);
