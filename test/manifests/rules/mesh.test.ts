import { meshGuardsEdges, sidecarsWhereInjected } from './mesh';
import { describeRule } from './rule';

describeRule("the mesh's policies", meshGuardsEdges, [
  {
    title: 'a client that only the mesh lets in',
    object: 'AuthorizationPolicy wms-platform/labor-service',
    change: (p) => p.spec.rules[0].from[0].source.principals.push('cluster.local/ns/wms-platform/sa/order-service'),
    says: 'Deployment wms-platform/labor-service: cluster.local/ns/wms-platform/sa/order-service:8009 is in its AuthorizationPolicies alone',
  },
  {
    title: 'a client that only the network lets in',
    object: 'AuthorizationPolicy wms-platform/labor-service',
    change: (p) => delete p.spec.rules,
    says: 'Deployment wms-platform/labor-service: cluster.local/ns/wms-platform/sa/orchestrator:8009 is in its NetworkPolicies alone',
  },
  {
    title: 'a wrong port',
    object: 'NetworkPolicy temporal/temporal-ui',
    change: (_p, manifests) => {
      const policy = manifests.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'postgresql');
      policy.spec.ingress.push({ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 5432 }] });
    },
    says: 'StatefulSet temporal/postgresql: its NetworkPolicies let clients without sidecar reach port 5432',
  },
]);

describeRule('sidecars', sidecarsWhereInjected, [
  {
    title: 'a pod that lacks its label',
    object: 'Deployment wms-platform/order-service',
    change: (d) => delete d.spec.template.metadata.labels['sidecar.istio.io/inject'],
    says: 'Deployment wms-platform/order-service lacks the label of a sidecar in wms-platform',
  },
  {
    title: 'a sidecar outside the mesh',
    object: 'StatefulSet kafka/zookeeper',
    change: (s) => (s.spec.template.metadata.labels['sidecar.istio.io/inject'] = 'true'),
    says: 'StatefulSet kafka/zookeeper has the label of a sidecar in kafka',
  },
]);
