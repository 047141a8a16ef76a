import { DaemonSet, DaemonSetProps } from '../../lib/workload/daemon-set';
import { find, findAll, templateOf } from '../manifest';
import { everyWorkloadProp, expectEveryWorkloadProp, MINIMAL, SELECTOR, testChart } from './fixtures';

const orders = (props: Partial<DaemonSetProps> = {}) =>
  new DaemonSet(testChart(), 'orders', { ...MINIMAL, maxNodes: 5, ...props });

describe('DaemonSet', () => {
  it('runs on the nodes that take any pod, replaced one by one', () => {
    const set = orders();
    expect(find(set, 'DaemonSet').spec).toMatchObject({
      revisionHistoryLimit: 3,
      selector: { matchLabels: SELECTOR },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    });
    expect(templateOf(find(set, 'DaemonSet')).spec).not.toHaveProperty('tolerations');
    expect(findAll(set, 'PodDisruptionBudget')).toEqual([]);
    expect(set.kubeDaemonSet.name).toBe('orders');
  });

  it('renders every property', () => {
    const every: Required<DaemonSetProps> = {
      ...everyWorkloadProp(),
      maxNodes: 9,
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      root: false,
    };
    const set = orders(every);
    expectEveryWorkloadProp(find(set, 'DaemonSet'));
    expect(templateOf(find(set, 'DaemonSet')).spec.tolerations).toEqual(every.tolerations);
    expect(set._footprint.pods).toBe(9);
  });

  it('runs as root where it is told to, and has nothing else for it', () => {
    const { securityContext, containers } = templateOf(find(orders({ root: true }), 'DaemonSet')).spec;
    expect(securityContext).toEqual({
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 0,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
  });

  it.each([0, -1, 2.5])('refuses %d nodes', (maxNodes) => {
    expect(() => orders({ maxNodes })).toThrow(
      `[test/orders] maxNodes is ${maxNodes}; allowed: a whole number of 1 or more`,
    );
  });
});
