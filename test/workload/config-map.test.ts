import { Lazy } from 'cdk8s';
import { ConfigMap, contentHash } from '../../lib/workload/config-map';
import { Deployment } from '../../lib/workload/deployment';
import { find, findAll, templateOf } from '../manifest';
import { MINIMAL, testChart } from './fixtures';

type Props = ConstructorParameters<typeof ConfigMap>[2];

const IDENTITY = { box: 'orders', workload: 'orders', component: 'api' };
const build = (props: Partial<Props> = {}) =>
  new ConfigMap(testChart(), 'settings', { name: 'orders-config', identity: IDENTITY, ...props });

/** The annotation of a pod that reads the ConfigMap, as it is rendered. */
const hashOf = (config: ConfigMap) => {
  const pods = new Deployment(config, 'orders', { ...MINIMAL, podAnnotations: config.hashAnnotation });
  return templateOf(find(pods, 'Deployment')).metadata.annotations!['checksum/orders-config'];
};

describe('ConfigMap', () => {
  it('is empty, and applied before the pods that read it', () => {
    expect(findAll(build())).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'orders-config',
          namespace: 'test',
          labels: {
            'app.kubernetes.io/name': 'orders',
            'app.kubernetes.io/instance': 'orders',
            'app.kubernetes.io/component': 'api',
            'app.kubernetes.io/part-of': 'wms-platform',
            'app.kubernetes.io/managed-by': 'cdk8s',
          },
          annotations: { 'argocd.argoproj.io/sync-wave': '2' },
        },
        data: {},
      },
    ]);
  });

  it('renders every property', () => {
    const every: Required<Props> = {
      name: 'stock-config',
      identity: { box: 'stock', workload: 'stock-worker', component: 'worker' },
      data: { LEVEL: 'debug' },
    };
    const config = build(every);
    expect(config.configMapName).toBe('stock-config');
    expect(find(config, 'ConfigMap')).toMatchObject({
      metadata: {
        name: 'stock-config',
        labels: {
          'app.kubernetes.io/name': 'stock',
          'app.kubernetes.io/instance': 'stock-worker',
          'app.kubernetes.io/component': 'worker',
        },
      },
      data: { LEVEL: 'debug' },
    });
  });

  it('renders what is added later, and the same value added twice once', () => {
    const config = build({ data: { LEVEL: 'debug' } });
    config.add('LEVEL', 'debug');
    config.add('server.properties', 'a=1');
    expect(find(config, 'ConfigMap')).toHaveProperty('data', {
      LEVEL: 'debug',
      'server.properties': 'a=1',
    });
  });

  it('gives its pods another hash when its content changes, even later', () => {
    const config = build({ data: { LEVEL: 'debug' } });
    const annotation = config.hashAnnotation;
    const pods = new Deployment(config, 'orders', { ...MINIMAL, podAnnotations: annotation });
    const hash = () => templateOf(find(pods, 'Deployment')).metadata.annotations!['checksum/orders-config'];
    const before = hash();
    expect(before).toMatch(/^[0-9a-f]{10}$/);
    config.add('LEVEL', 'debug');
    expect(hash()).toBe(before);
    config.add('MORE', '');
    expect(hash()).not.toBe(before);
  });

  it('gives its pods the same hash whatever the order in which its keys are added', () => {
    expect(hashOf(build({ data: { a: '1', b: '2' } }))).toBe(hashOf(build({ data: { b: '2', a: '1' } })));
    expect(hashOf(build({ data: { a: '1', b: '2' } }))).not.toBe(hashOf(build({ data: { a: '2', b: '1' } })));
  });

  it('refuses two values of one key', () => {
    expect(() => build({ data: { LEVEL: 'debug' } }).add('LEVEL', 'info')).toThrow(
      `[test/settings] key LEVEL has two values: 'debug' and 'info'; allowed: one`,
    );
  });

  it.each(['...', '.a', '..data', 'x'.repeat(253)])('accepts the key %j', (key) => {
    expect(find(build({ data: { [key]: 'x' } }), 'ConfigMap').data).toEqual({ [key]: 'x' });
  });

  it.each(['', 'a b', 'a/b', 'ä', '.', '..', 'x'.repeat(254)])('refuses the key %j', (key) => {
    expect(() => build({ data: { [key]: 'x' } })).toThrow(
      `[test/settings] '${key}' is no key; allowed: letters, digits, '-', '_' and '.'`,
    );
  });

  it.each([undefined, null, 8080, true])('refuses the value %p, which is no text', (value) => {
    expect(() => build().add('PORT', value as unknown as string)).toThrow(
      `[test/settings] key PORT has the value ${String(value)}; allowed: text`,
    );
  });

  it('refuses a name that is none', () => {
    expect(() => build({ name: 'Orders' })).toThrow(
      `[test/settings] 'Orders' is no ConfigMap name; allowed: lower-case letters`,
    );
  });
});

describe('contentHash', () => {
  it('has ten hexadecimal digits', () => {
    expect(contentHash({})).toMatch(/^[0-9a-f]{10}$/);
  });

  it('does not depend on the order of keys, however deep', () => {
    expect(contentHash({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(contentHash({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  it.each([
    ['a value', { a: 1 }, { a: 2 }],
    ['the type of a value', { a: 1 }, { a: '1' }],
    ['a key', { a: 1 }, { b: 1 }],
    ['the order of a list', [1, 2], [2, 1]],
  ])('depends on %s', (_, one, other) => {
    expect(contentHash(one)).not.toBe(contentHash(other));
  });

  it('takes what is rendered late for what it renders', () => {
    const late = (content: unknown): unknown => Lazy.any({ produce: () => content });
    expect(contentHash({ a: late({ c: 1, b: 2 }) })).toBe(contentHash({ a: { b: 2, c: 1 } }));
    expect(contentHash({ a: late('x') })).not.toBe(contentHash({ a: late('y') }));
  });
});
