import { chartId, NAMESPACES } from '../../lib/topology/namespaces';

describe('the namespaces of the topology', () => {
  it('are these, servers before their clients, with one that is privileged', () => {
    expect(
      Object.values(NAMESPACES).map(({ name, component, podSecurity }) => `${name}: ${component}, ${podSecurity}`),
    ).toEqual([
      'kafka: message-layer, restricted',
      'mongodb: data-layer, restricted',
      'temporal: workflow-layer, restricted',
      'observability: observability-layer, restricted',
      'node-log-agent: observability-layer, privileged',
      'wms-platform: application-layer, restricted',
      'ingress: ingress-layer, restricted',
    ]);
  });

  it.each([
    ['cluster', '0000-cluster'],
    ['kafka', '0001-kafka'],
    ['mongodb', '0002-mongodb'],
    ['temporal', '0003-temporal'],
    ['observability', '0004-observability'],
    ['node-log-agent', '0005-node-log-agent'],
    ['wms-platform', '0006-wms-platform'],
    ['ingress', '0007-ingress'],
  ])('writes %s to the file %s', (namespace, id) => {
    expect(chartId(namespace)).toBe(id);
  });
});
