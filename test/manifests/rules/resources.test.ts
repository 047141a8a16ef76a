import { resourcesStated } from './resources';
import { describeRule } from './rule';

describeRule('resources', resourcesStated, [
  {
    title: 'a container without memory limit',
    object: 'Deployment wms-platform/labor-service',
    change: (d) => delete d.spec.template.spec.containers[0].resources.limits.memory,
    says: 'container service states no limits.memory',
  },
]);
