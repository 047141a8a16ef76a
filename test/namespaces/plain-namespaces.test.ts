import { App, Chart } from 'cdk8s';
import { IngressNamespace } from '../../lib/namespaces/ingress';
import { KafkaNamespace } from '../../lib/namespaces/kafka';
import { MongoDbNamespace } from '../../lib/namespaces/mongodb';
import { NodeLogAgentNamespace } from '../../lib/namespaces/node-log-agent';
import { ObservabilityNamespace } from '../../lib/namespaces/observability';
import { PlatformNamespaceProps } from '../../lib/namespaces/platform-namespace';
import { TemporalNamespace } from '../../lib/namespaces/temporal';
import { find, manifestsOf } from '../manifest';

type NamespaceClass = new (app: App, props: PlatformNamespaceProps) => Chart;

const ACCESS = { viewers: 'oidc:v', operators: 'oidc:o', administrators: 'oidc:a' };

it.each<[string, NamespaceClass, string, string]>([
  ['kafka', KafkaNamespace, 'message-layer', 'restricted'],
  ['mongodb', MongoDbNamespace, 'data-layer', 'restricted'],
  ['temporal', TemporalNamespace, 'workflow-layer', 'restricted'],
  ['observability', ObservabilityNamespace, 'observability-layer', 'restricted'],
  ['node-log-agent', NodeLogAgentNamespace, 'observability-layer', 'privileged'],
  ['ingress', IngressNamespace, 'ingress-layer', 'restricted'],
])('The namespace %s has its name, its layer and its Pod Security', (name, Namespace, component, podSecurity) => {
  const chart = new Namespace(new App(), { access: ACCESS });
  expect(chart.namespace).toBe(name);
  expect(chart.node.id).toMatch(new RegExp(`^000\\d-${name}$`));
  expect(find(manifestsOf(chart), 'Namespace', name).metadata.labels).toMatchObject({
    'app.kubernetes.io/component': component,
    'pod-security.kubernetes.io/enforce': podSecurity,
  });
});
