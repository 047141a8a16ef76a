import { Part } from '../../manifest';
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
    title: 'a cluster role that nothing makes',
    object: 'ClusterRoleBinding wms-ingress-controller',
    change: (b) => (b.roleRef.name = 'missing'),
    says: 'ClusterRoleBinding wms-ingress-controller refers to ClusterRole missing',
  },
  {
    title: 'an ingress class that nothing makes',
    object: 'Ingress ingress/public-api',
    change: (i) => (i.spec.ingressClassName = 'missing'),
    says: 'Ingress ingress/public-api refers to IngressClass missing',
  },
  {
    title: 'a public host that leads to nothing',
    object: 'Ingress ingress/public-api',
    change: (i) => (i.spec.rules[0].http.paths[0].backend.service.name = 'missing'),
    says: 'Ingress ingress/public-api refers to Service missing',
  },
  {
    title: 'a certificate of a public host that nothing makes',
    object: 'Ingress ingress/public-api',
    change: (i) => (i.spec.tls = [{ secretName: 'missing' }]),
    says: 'Ingress ingress/public-api refers to Secret missing',
  },
  {
    title: 'an issuer that nothing makes',
    object: 'Certificate mongodb/mongodb-tls',
    change: (c) => (c.spec.issuerRef.name = 'missing'),
    says: 'Certificate mongodb/mongodb-tls refers to ClusterIssuer missing',
  },
  {
    title: 'a certificate that nothing makes',
    object: 'ClusterIssuer wms-internal-ca',
    change: (i) => (i.spec.ca.secretName = 'missing'),
    says: 'ClusterIssuer wms-internal-ca refers to Secret missing',
  },
  {
    title: 'a password that nothing makes',
    object: 'CronJob mongodb/mongodb-users',
    change: (c) => {
      const { volumes } = c.spec.jobTemplate.spec.template.spec;
      volumes.find((v: Part) => v.projected).projected.sources[0].secret.name = 'missing';
    },
    says: 'CronJob mongodb/mongodb-users refers to Secret missing',
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
