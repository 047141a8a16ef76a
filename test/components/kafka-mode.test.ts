import { KafkaMode } from '../../lib';

const ID = 'MkU3OEVBNTcwNTJENDM2Qg';

describe('where Kafka keeps its metadata', () => {
  it('is ZooKeeper, as the topology draws it', () => {
    const { name, _steps } = KafkaMode.zookeeper();
    expect([name, _steps]).toEqual(['zookeeper', { brokers: 'zookeeper', zookeeper: true }]);
  });

  it('is both while it migrates, and at last the brokers have left ZooKeeper', () => {
    const steps = { controllers: 'migrating', zookeeper: true, clusterId: ID };
    expect(KafkaMode.migrating({ clusterId: ID })).toMatchObject({
      name: 'migrating',
      _steps: { ...steps, brokers: 'migrating' },
    });
    expect(KafkaMode.migrating({ clusterId: ID, brokersMigrated: true })._steps).toEqual({
      ...steps,
      brokers: 'kraft',
    });
  });

  it('is in its controllers at the end', () => {
    const steps = { brokers: 'kraft', controllers: 'kraft' };
    expect(KafkaMode.kraft()).toMatchObject({ name: 'kraft', _steps: { ...steps, zookeeper: false } });
    expect(KafkaMode.kraft({ clusterId: ID, combined: true, zookeeperKept: true })._steps).toEqual({
      ...steps,
      zookeeper: true,
      clusterId: ID,
      combined: true,
    });
  });

  it.each(['', 'short', `${ID}==`, 'MkU3OEVBNTcwNTJENDM2Q$'])("has no ID of '%s'", (clusterId) => {
    const message = `[kafka mode] '${clusterId}' is no clusterId; allowed: 22 letters, digits, '-' and '_'`;
    expect(() => KafkaMode.kraft({ clusterId })).toThrow(message);
    expect(() => KafkaMode.migrating({ clusterId })).toThrow(message);
  });

  it('must know the ID of a cluster that is there already', () => {
    expect(() => KafkaMode.migrating({} as { clusterId: string })).toThrow(
      '[kafka mode] must provide clusterId, as its controllers join a cluster that has one',
    );
  });
});
