import { COMPONENTS, MONGODB_REPLICA_SET, TEMPORAL_NAMESPACE } from '../../lib/topology/components';

describe('the infrastructure components of the topology', () => {
  it("have the topology's replicas and storage, and no others are there", () => {
    expect(COMPONENTS).toEqual({
      mongodb: { replicas: 3, storageGibibytes: 100 },
      kafka: { replicas: 3, storageGibibytes: 50 },
      zookeeper: { replicas: 3, storageGibibytes: 10 },
      postgresql: { replicas: 1, storageGibibytes: 20 },
      prometheus: { replicas: 1, storageGibibytes: 100 },
      tempo: { replicas: 1, storageGibibytes: 100 },
      loki: { replicas: 1, storageGibibytes: 100 },
    });
  });

  it('name the replica set and the Temporal namespace that the services use', () => {
    expect(MONGODB_REPLICA_SET).toBe('rs0');
    expect(TEMPORAL_NAMESPACE).toBe('wms');
  });
});
