import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { clusterScoped, ObjectMetadata, objectMetadata } from '../../lib/gitops/metadata';
import { manifestsOf } from '../manifest';

describe('The metadata of an object', () => {
  it('has every prop, its wave among the annotations.', () => {
    const props: Required<ObjectMetadata> = {
      name: 'kafka',
      namespace: 'message-layer',
      labels: { app: 'kafka' },
      wave: 10,
      annotations: { note: 'x' },
    };
    expect(objectMetadata(props)).toEqual({
      name: 'kafka',
      namespace: 'message-layer',
      labels: { app: 'kafka' },
      annotations: { note: 'x', 'argocd.argoproj.io/sync-wave': '10' },
    });
  });

  it('of a cluster-scoped object has no namespace, not even an undefined one.', () => {
    const metadata = objectMetadata({ name: 'cluster', labels: {}, wave: 0 });
    expect(Object.keys(metadata)).toEqual(['name', 'labels', 'annotations']);
    expect(metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '0' });
  });

  it('has no other wave than its own.', () => {
    const annotations = { 'argocd.argoproj.io/sync-wave': '99' };
    expect(objectMetadata({ name: 'x', labels: {}, wave: 1, annotations }).annotations).toEqual({
      'argocd.argoproj.io/sync-wave': '1',
    });
  });
});

it('A cluster-scoped object has no namespace, though its chart has one.', () => {
  const chart = new Chart(new App(), 'test', { namespace: 'test' });
  const role = clusterScoped(new k8s.KubeClusterRole(chart, 'role', { metadata: { name: 'role' } }));
  expect(role.toJson()).not.toHaveProperty('metadata.namespace');
  new k8s.KubeRole(chart, 'other', { metadata: { name: 'other' } });
  expect(manifestsOf(chart).map(({ metadata }) => metadata.namespace)).toEqual([undefined, 'test']);
});
