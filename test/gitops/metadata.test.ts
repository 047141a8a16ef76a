import { ObjectMetadata, objectMetadata } from '../../lib/gitops/metadata';

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
