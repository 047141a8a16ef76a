import { TOPICS } from '../../lib/topology/topics';

describe('the topics', () => {
  it.each([
    ['wms.orders.events', 'order-service'],
    ['wms.waves.events', 'waving-service'],
    ['wms.routing.events', 'routing-service'],
    ['wms.picking.events', 'picking-service'],
    ['wms.consolidation.events', 'consolidation-service'],
    ['wms.packing.events', 'packing-service'],
    ['wms.shipping.events', 'shipping-service'],
    ['wms.inventory.events', 'inventory-service'],
    ['wms.labor.events', 'labor-service'],
  ])('have %s with three partitions, each on three brokers, published by %s', (name, publisher) => {
    expect(TOPICS.filter((topic) => topic.name === name)).toMatchObject([
      { publisher, partitions: 3, replicationFactor: 3, minInSyncReplicas: 2 },
    ]);
  });

  it('are placed where the topology draws them, the leader first: the orders alone', () => {
    expect(TOPICS.filter(({ placement }) => placement).map(({ name, placement }) => [name, placement])).toEqual([
      [
        'wms.orders.events',
        [
          [1, 2],
          [2, 3],
          [3, 1],
        ],
      ],
    ]);
  });

  it('are nine: the orchestrator publishes nothing', () => {
    expect(TOPICS).toHaveLength(9);
  });
});
