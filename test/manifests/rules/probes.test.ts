import { probed } from './probes';
import { describeRule } from './rule';

const object = 'Deployment wms-platform/orchestrator';

describeRule('probes', probed, [
  {
    title: 'a server without readiness probe',
    object,
    change: (d) => delete d.spec.template.spec.containers[0].readinessProbe,
    says: 'has no readinessProbe',
  },
  {
    title: 'a probe of a port that is not there',
    object,
    change: (d) => (d.spec.template.spec.containers[0].livenessProbe.httpGet.port = 'metrics'),
    says: 'livenessProbe on port metrics',
  },
]);
