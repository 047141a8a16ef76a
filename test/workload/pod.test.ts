import { Construct } from 'constructs';
import { hardenedPod, PodProps } from '../../lib/workload/pod';
import { Deployment } from '../../lib/workload/deployment';
import { find, templateOf } from '../manifest';
import { CONTAINER, everyWorkloadProp, expectEveryWorkloadProp, MINIMAL, testChart } from './fixtures';

const pod = (props: Partial<PodProps> = {}) =>
  hardenedPod(new Construct(testChart(), 'orders'), 'account', { containers: [CONTAINER], ...props });

describe('hardenedPod', () => {
  it('meets Pod Security restricted, and has no token for the Kubernetes API', () => {
    expect(templateOf(find(new Deployment(testChart(), 'orders', MINIMAL), 'Deployment')).spec).toEqual({
      serviceAccountName: 'orders',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: 'OnRootMismatch',
        seccompProfile: { type: 'RuntimeDefault' },
      },
      terminationGracePeriodSeconds: 30,
      containers: [expect.objectContaining({ name: 'main' })],
    });
  });

  it('renders every property', () => {
    const every: Required<PodProps> = everyWorkloadProp();
    const pods = new Deployment(testChart(), 'orders', { ...everyWorkloadProp(), ...every });
    expectEveryWorkloadProp(find(pods, 'Deployment'));
  });

  it("gives its volumes to its user's group unless told otherwise", () => {
    expect(pod({ user: 999 }).securityContext).toMatchObject({ runAsUser: 999, runAsGroup: 999, fsGroup: 999 });
  });

  it.each([0, -1, 1.5])('refuses the user %d', (user) => {
    expect(() => pod({ user })).toThrow(`[test/orders] user is ${user}; allowed: a whole number of 1 or more`);
  });

  it.each([0, -1, 1.5, NaN])('refuses the group %d for its volumes', (fsGroup) => {
    expect(() => pod({ fsGroup })).toThrow(`[test/orders] fsGroup is ${fsGroup}; allowed: a whole number of 1 or more`);
  });

  it('refuses to have no container', () => {
    expect(() => pod({ containers: [] })).toThrow('[test/orders] containers is empty; allowed: at least one');
  });

  it('refuses an init container of the name of another', () => {
    expect(() => pod({ initContainers: [CONTAINER] })).toThrow(
      `[test/orders] container name 'main' is used twice; allowed: each once in a pod`,
    );
  });

  it('checks init containers as it checks the others', () => {
    expect(() => pod({ initContainers: [{ ...CONTAINER, name: 'first', image: 'first' }] })).toThrow(
      `[test/orders container first] image 'first' has no tag; allowed: a fixed tag or a digest`,
    );
  });
});
