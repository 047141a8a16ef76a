import { layerWave, SYNC_WAVES } from '../../lib/gitops/sync-waves';
import { NAMESPACES } from '../../lib/topology/namespaces';

describe('The waves', () => {
  it('bring what pods refer to before all pods, and servers before their clients.', () => {
    const { cluster, namespace, configuration, secret, ...layers } = SYNC_WAVES;
    const { messageLayer, dataLayer, workflowLayer, observabilityLayer, applicationLayer, ingressLayer } = layers;
    const order = [
      ...[cluster, namespace, configuration, secret],
      ...[messageLayer, dataLayer, workflowLayer, observabilityLayer, applicationLayer, ingressLayer],
    ];
    expect(order).toHaveLength(Object.keys(SYNC_WAVES).length);
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
  });

  it.each([
    ['kafka', SYNC_WAVES.messageLayer],
    ['mongodb', SYNC_WAVES.dataLayer],
    ['temporal', SYNC_WAVES.workflowLayer],
    ['observability', SYNC_WAVES.observabilityLayer],
    ['node-log-agent', SYNC_WAVES.observabilityLayer],
    ['wms-platform', SYNC_WAVES.applicationLayer],
    ['ingress', SYNC_WAVES.ingressLayer],
    ['a-guest', SYNC_WAVES.applicationLayer],
  ])('bring the pods of %s in wave %i.', (namespace, wave) => {
    expect(layerWave(namespace)).toBe(wave);
  });

  it('never come in another order than the files, which kubectl applies in theirs.', () => {
    const waves = Object.values(NAMESPACES).map(({ name }) => layerWave(name));
    expect(waves).toEqual([...waves].sort((a, b) => a - b));
  });
});
