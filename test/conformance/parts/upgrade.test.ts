import { Manifest } from '../../manifest';
import { differing, removedObjects } from './upgrade';

const object = (kind: string, name: string, spec = {}): Manifest => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  spec,
});

const before = [object('Namespace', 'a'), object('Service', 'same'), object('Service', 'other'), object('Job', 'old')];
const after = [object('Namespace', 'a'), object('Service', 'same'), object('Service', 'other', { type: 'ClusterIP' })];

it('tells what differs from others, and all namespaces', () => {
  expect(differing(before, after).map(({ metadata }) => metadata.name)).toEqual(['a', 'other', 'old']);
  expect(differing(after, before).map(({ metadata }) => metadata.name)).toEqual(['a', 'other']);
});

it('tells which objects are no longer wanted', () => {
  expect(removedObjects(before, after)).toEqual(['Job old']);
});
