import { portsAgree } from './ports';
import { describeRule } from './rule';

describeRule('ports', portsAgree, [
  {
    title: 'a service port that is not the container port',
    object: 'Service wms-platform/order-service',
    change: (s) => (s.spec.ports[0].port = 80),
    says: 'Service wms-platform/order-service port http \\(80 -> http\\) is no port of Deployment',
  },
  {
    title: 'a port for the outside that no container has',
    object: 'Service ingress/ingress-controller',
    change: (s) => {
      s.spec.type = 'LoadBalancer';
      s.spec.ports.push({ name: 'gone', port: 443, targetPort: 'gone' });
    },
    says: 'Service ingress/ingress-controller port gone \\(443 -> gone\\) is no port of Deployment ingress',
  },
  {
    title: 'a container port that nobody uses',
    object: 'Deployment wms-platform/order-service',
    change: (d) => d.spec.template.spec.containers[0].ports.push({ name: 'debug', containerPort: 6060 }),
    says: 'port debug is behind no Service',
  },
]);
