import { labelled } from './labels';
import { describeRule } from './rule';

describeRule('labels', labelled, [
  {
    title: 'an object without component',
    object: 'PriorityClass wms-data',
    change: (c) => delete c.metadata.labels['app.kubernetes.io/component'],
    says: 'PriorityClass wms-data has no label app.kubernetes.io/component',
  },
]);
