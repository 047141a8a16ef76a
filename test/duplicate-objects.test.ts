import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { rejectDuplicateObjects } from '../lib/duplicate-objects';

let app: App;
let chart: Chart;

beforeEach(() => {
  app = new App();
  chart = new Chart(app, 'test', { namespace: 'test' });
  rejectDuplicateObjects(app);
});

function object(
  id: string,
  name: string,
  props: { kind?: string; apiVersion?: string; namespace?: string } = {},
  scope = chart,
) {
  const { kind = 'ConfigMap', apiVersion = 'v1', namespace } = props;
  return new ApiObject(scope, id, { apiVersion, kind, metadata: { name, namespace } });
}

const synth = () => Testing.synth(chart) as unknown[];

describe('Two objects of one kind, namespace and name', () => {
  it('are an error that names both.', () => {
    object('first', 'settings');
    object('second', 'settings');
    expect(synth).toThrow('ConfigMap test/settings is made twice, by test/first and test/second; allowed: once');
  });

  it('are an error in two charts too.', () => {
    object('first', 'settings');
    object('second', 'settings', { namespace: 'test' }, new Chart(app, 'other', { namespace: 'other' }));
    expect(synth).toThrow('ConfigMap test/settings is made twice, by test/first and other/second');
  });

  it('are an error where they have no namespace.', () => {
    const cluster = new Chart(app, 'cluster');
    object('first', 'viewer', { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1' }, cluster);
    object('second', 'viewer', { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1beta1' }, cluster);
    expect(synth).toThrow('ClusterRole viewer is made twice, by cluster/first and cluster/second; allowed: once');
  });

  it('are each an error where there are three, told once however often the check is asked for.', () => {
    rejectDuplicateObjects(app);
    ['first', 'second', 'third'].forEach((id) => object(id, 'settings'));
    let message = '';
    try {
      synth();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.match(/made twice, by [^;]*/g)).toEqual([
      'made twice, by test/first and test/second',
      'made twice, by test/first and test/third',
    ]);
  });
});

it.each([
  ['name', 'other', {}],
  ['namespace', 'settings', { namespace: 'other' }],
  ['kind', 'settings', { kind: 'Secret' }],
  ['API group', 'settings', { apiVersion: 'example.com/v1' }],
])('Two objects that differ in their %s are fine.', (_what, name, props) => {
  object('first', 'settings');
  object('second', name, props);
  expect(synth()).toHaveLength(2);
});

it('Apps are checked apart from each other.', () => {
  const other = new App();
  rejectDuplicateObjects(other);
  object('first', 'settings');
  object('second', 'settings', { namespace: 'test' }, new Chart(other, 'test'));
  expect(synth).not.toThrow();
});
