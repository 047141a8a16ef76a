import { Construct } from 'constructs';
import { checkContainers, ContainerPort, ContainerProps, hardenedContainer } from '../../lib/workload/container';
import { find, templateOf } from '../manifest';
import { CONTAINER, everyContainerField, everyContainerProp, testChart } from './fixtures';
import { Deployment } from '../../lib/workload/deployment';

const rendered = (props: ContainerProps) => {
  const pods = new Deployment(testChart(), 'orders', { component: 'api', containers: [props] });
  return (templateOf(find(pods, 'Deployment')).spec.containers as object[])[0];
};

const scope = () => new Construct(testChart(), 'orders');

describe('hardenedContainer', () => {
  it('meets Pod Security restricted with a read-only root, and runs what the image says', () => {
    expect(rendered(CONTAINER)).toEqual({
      name: 'main',
      image: 'registry.example.com/main:1.0.0',
      imagePullPolicy: 'IfNotPresent',
      resources: {
        requests: { cpu: '100m', memory: '128Mi', 'ephemeral-storage': '64Mi' },
        limits: { cpu: '500m', memory: '512Mi', 'ephemeral-storage': '256Mi' },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      terminationMessagePolicy: 'FallbackToLogsOnError',
    });
  });

  it('renders every property', () => {
    const every: Required<ContainerProps> = everyContainerProp('main');
    const port: Required<ContainerPort> = { name: 'odd', port: 7 };
    expect(rendered(every)).toMatchObject(everyContainerField('main'));
    expect(rendered({ ...every, ports: [port] })).toMatchObject({ ports: [{ name: 'odd', containerPort: 7 }] });
  });

  it.each<[string, Partial<ContainerProps>, string]>([
    ['a name that is none', { name: 'Main' }, `[test/orders] 'Main' is no container name; allowed: lower-case`],
    [
      'an image without tag',
      { image: 'service' },
      `[test/orders container main] image 'service' has no tag; allowed: a fixed tag or a digest`,
    ],
    [
      'a quantity that is none',
      { resources: { ...CONTAINER.resources, cpuLimit: 'all' } },
      `[test/orders container main resources.cpuLimit] 'all' is no quantity; allowed: a number with a unit`,
    ],
    [
      'a limit below its request',
      { resources: { ...CONTAINER.resources, memoryLimit: '1Mi' } },
      '[test/orders container main] resources.memoryLimit 1Mi is below resources.memoryRequest 128Mi; allowed: a limit',
    ],
    ...['', 'HTTP', 'x'.repeat(16)].map((name): [string, Partial<ContainerProps>, string] => [
      `the port name '${name}'`,
      { ports: [{ name, port: 8080 }] },
      `[test/orders] '${name}' is no port name; allowed: at most 15 lower-case letters`,
    ]),
    ...[0, 65536, 1.5].map((port): [string, Partial<ContainerProps>, string] => [
      `port ${port}`,
      { ports: [{ name: 'http', port }] },
      `[test/orders] port ${port} is none; allowed: a whole number from 1 to 65535`,
    ]),
  ])('refuses %s', (_, changed, message) => {
    expect(() => hardenedContainer(scope(), { ...CONTAINER, ...changed })).toThrow(message);
  });
});

describe('checkContainers', () => {
  const named = (name: string, ...ports: ContainerPort[]): ContainerProps => ({ ...CONTAINER, name, ports });
  const HTTP = { name: 'http', port: 8080 };

  it('accepts containers that share nothing', () => {
    const containers = [named('a', HTTP), named('b', { name: 'admin', port: 8081 }), { ...CONTAINER, name: 'c' }];
    expect(() => checkContainers(scope(), containers)).not.toThrow();
  });

  it.each([
    ['a name', [named('a'), named('a')], `container name 'a' is used twice`],
    ['a port', [named('a', HTTP), named('b', { ...HTTP, name: 'other' })], 'port 8080 is used twice (a, b)'],
    ['a port of its own', [named('a', HTTP, { ...HTTP, name: 'other' })], 'port 8080 is used twice (a, a)'],
    ['a port name', [named('a', HTTP), named('b', { ...HTTP, port: 8081 })], `port name 'http' is used twice (a, b)`],
  ])('refuses %s used twice in a pod', (_, containers, message) => {
    expect(() => checkContainers(scope(), containers)).toThrow(`[test/orders] ${message}; allowed: each once in a pod`);
  });
});
