import { chartId } from '../../lib/topology/namespaces';
import { development, namespaceManifests, platformOf } from '../fixtures';
import { find } from '../manifest';

const { app } = platformOf(development());

it.each([
  ['kafka', 'message-layer', 'restricted'],
  ['mongodb', 'data-layer', 'restricted'],
  ['temporal', 'workflow-layer', 'restricted'],
  ['observability', 'observability-layer', 'restricted'],
  ['node-log-agent', 'observability-layer', 'privileged'],
  ['ingress', 'ingress-layer', 'restricted'],
])('The namespace %s has its name, its layer and its Pod Security', (name, component, podSecurity) => {
  expect(chartId(name)).toMatch(new RegExp(`^000\\d-${name}$`));
  expect(find(namespaceManifests(app, name), 'Namespace', name).metadata.labels).toMatchObject({
    'app.kubernetes.io/component': component,
    'pod-security.kubernetes.io/enforce': podSecurity,
  });
});
