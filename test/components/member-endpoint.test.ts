import { EndpointKind, StatefulSet } from '../../lib';
import { memberEndpoint } from '../../lib/components/member-endpoint';
import { manifestsOf } from '../manifest';
import { CONTAINER, testChart } from '../workload/fixtures';

it('A port that members are asked at one by one has their names, and no Service but the headless one', () => {
  const chart = testChart();
  const container = { ...CONTAINER, ports: [{ name: 'tcp-peer', port: 7000 }] };
  const set = new StatefulSet(chart, 'set', { component: 'database', replicas: 2, containers: [container] });
  const endpoint = memberEndpoint(set, 'tcp-peer', 7000, EndpointKind.KAFKA);
  expect(endpoint.pods).toBe(set.pods);
  expect(endpoint.address).toBe('set-headless.test.svc.cluster.local:7000');
  expect(endpoint.memberAddresses).toEqual([
    'set-0.set-headless.test.svc.cluster.local:7000',
    'set-1.set-headless.test.svc.cluster.local:7000',
  ]);
  const services = manifestsOf(chart).filter(({ kind }) => kind === 'Service');
  expect(services.map(({ metadata }) => metadata.name)).toEqual(['set-headless']);
});
