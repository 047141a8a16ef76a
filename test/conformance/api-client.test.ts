import { collectionOf, objectsOf } from './api-client';

describe('where an API server keeps the objects of a kind', () => {
  it.each([
    ['v1', 'ConfigMap', '/api/v1/configmaps'],
    ['apps/v1', 'Deployment', '/apis/apps/v1/deployments'],
    ['networking.k8s.io/v1', 'NetworkPolicy', '/apis/networking.k8s.io/v1/networkpolicies'],
    ['networking.k8s.io/v1', 'Ingress', '/apis/networking.k8s.io/v1/ingresses'],
    ['scheduling.k8s.io/v1', 'PriorityClass', '/apis/scheduling.k8s.io/v1/priorityclasses'],
    ['networking.istio.io/v1', 'Gateway', '/apis/networking.istio.io/v1/gateways'],
    ['networking.istio.io/v1', 'ServiceEntry', '/apis/networking.istio.io/v1/serviceentries'],
  ])('%s %s: %s', (apiVersion, kind, collection) => {
    expect(collectionOf(apiVersion, kind)).toBe(collection);
  });
});

describe('the objects of a list', () => {
  it('have the kind and version that the list has', () => {
    const item = { apiVersion: '', kind: '', metadata: { name: 'one' }, spec: {} };
    expect(objectsOf({ apiVersion: 'apps/v1', kind: 'DeploymentList', items: [item] })).toEqual([
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'one' }, spec: {} },
    ]);
  });

  it('are none where an API server says null', () => {
    expect(objectsOf({ apiVersion: 'v1', kind: 'PodList', items: null })).toEqual([]);
  });
});
