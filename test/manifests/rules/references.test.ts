import { referencesExist } from './references';
import { describeRule } from './rule';

const object = 'Deployment wms-platform/order-service';

describeRule('references', referencesExist, [
  {
    title: 'a ConfigMap that nothing makes',
    object,
    change: (d) => (d.spec.template.spec.containers[0].envFrom[0].configMapRef.name = 'missing'),
    says: `${object} refers to ConfigMap missing`,
  },
  {
    title: 'a Secret that nothing makes',
    object,
    change: (d) => (d.spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef.name = 'missing'),
    says: `${object} refers to Secret missing`,
  },
  {
    title: 'an account that nothing makes',
    object,
    change: (d) => (d.spec.template.spec.serviceAccountName = 'missing'),
    says: `${object} refers to ServiceAccount missing`,
  },
  {
    title: 'an autoscaler without target',
    object: 'HorizontalPodAutoscaler wms-platform/order-service',
    change: (a) => (a.spec.scaleTargetRef.name = 'missing'),
    says: 'refers to Deployment missing',
  },
  {
    title: 'a role that nothing makes',
    object: 'RoleBinding kafka/wms-viewer',
    change: (b) => (b.roleRef.name = 'missing'),
    says: 'RoleBinding kafka/wms-viewer refers to ClusterRole missing',
  },
  {
    title: 'a secret store that nothing makes',
    object: 'ExternalSecret wms-platform/order-service-mongodb',
    change: (s) => (s.spec.secretStoreRef.name = 'missing'),
    says: 'refers to SecretStore missing',
  },
  {
    title: 'a namespace that nothing makes',
    object: 'Service wms-platform/order-service',
    change: (s) => (s.metadata.namespace = 'missing'),
    says: 'Service missing/order-service refers to Namespace missing',
  },
]);
