import { App, Chart } from 'cdk8s';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { Pods } from '../../lib/connections/pods';
import { PodsState } from '../../lib/connections/pods-state';
import { chartOf, policy, pods as podsPeer, tcp, TestWorkload } from './fixtures';

let chart: Chart;
let pods: Pods;

beforeEach(() => {
  chart = chartOf(new App());
  pods = new Pods('test', { box: 'server', workload: 'server', component: 'api' });
});

describe('Pods', () => {
  it('are dangling until somebody claims them.', () => {
    expect(pods._state).toBe(PodsState.DANGLING);
    expect(pods._scope).toBeUndefined();
    expect(pods._claim(PodsState.PENDING, chart)).toBe(pods);
    expect(pods).toMatchObject({ _state: PodsState.PENDING, _scope: chart });
  });

  it('are named by namespace and workload, and serve no port themselves.', () => {
    expect(pods).toMatchObject({
      name: 'test/server',
      _id: 'test/server',
      namespace: 'test',
      ports: [],
      _byName: false,
    });
    expect(pods._pods).toBe(pods);
  });

  it('are selected by box and workload, and by namespace from another one alone.', () => {
    const worker = new Pods('test', { box: 'picking', workload: 'picking-worker', component: 'worker' });
    const podSelector = {
      matchLabels: { 'app.kubernetes.io/name': 'picking', 'app.kubernetes.io/instance': 'picking-worker' },
    };
    expect(worker._policyPeers('test')).toEqual([{ podSelector }]);
    expect(worker._policyPeers('other')).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'test' } }, podSelector },
    ]);
  });

  it('keep the connections they had before a workload runs them.', () => {
    const endpoint = new Endpoint({ pods, name: 'http', kind: EndpointKind.HTTP, port: 8080, host: 'server.test' });
    new TestWorkload(chart, 'client').connectTo(endpoint);
    new TestWorkload(chart, 'server', { http: 8080 }, pods);
    expect(pods).toMatchObject({ _state: PodsState.STANDING });
    expect(policy(chart, 'server').ingress).toEqual([{ from: [podsPeer('client')], ports: tcp(8080) }]);
  });

  it('cannot be run by a workload of another name.', () => {
    expect(() => new TestWorkload(chart, 'other', {}, pods)).toThrow(
      '[test/other] cannot run the pods test/server; allowed: pods named test/other',
    );
  });

  it('cannot be run by a workload of another namespace.', () => {
    const there = chartOf(new App(), 'there');
    expect(() => new TestWorkload(there, 'server', {}, pods)).toThrow(
      '[there/server] cannot run the pods test/server; allowed: pods named there/server',
    );
  });

  it('cannot be run by a workload of another box, whose labels nobody would select.', () => {
    const worker = new Pods('test', { box: 'picking', workload: 'server', component: 'worker' });
    expect(() => new TestWorkload(chart, 'server', {}, worker)).toThrow(
      '[test/server] the pods test/server belong to picking; allowed: box server',
    );
  });

  it('cannot be run by two workloads.', () => {
    new TestWorkload(chart, 'server', {}, pods);
    const again = chartOf(new App(), 'test', 'again');
    expect(() => new TestWorkload(again, 'server', {}, pods)).toThrow(
      '[again/server] the pods test/server have a workload already; allowed: one',
    );
  });
});
