import { invalid } from '../errors';

/** A cluster on its way out of ZooKeeper. */
export interface KafkaMigrationProps {
  /** The cluster's ID, as its brokers have it: `cluster.id` of `meta.properties` on any of their volumes. */
  readonly clusterId: string;

  /**
   * Whether the brokers have left ZooKeeper already, and the controllers alone still write to it: the last step from
   * which there is a way back.
   *
   * @default false
   */
  readonly brokersMigrated?: boolean;
}

/** A cluster without ZooKeeper. */
export interface KafkaKraftProps {
  /**
   * The cluster's ID: 22 characters of URL-safe Base64. A cluster that has left ZooKeeper keeps the one it had.
   *
   * @default - derived from the environment's name, for a new cluster
   */
  readonly clusterId?: string;

  /**
   * Whether the only broker is the controller too.
   *
   * @default - true where there is one broker; false for more, which have controllers of their own
   */
  readonly combined?: boolean;

  /**
   * Whether the ZooKeeper ensemble still stands, though nobody uses it any more.
   *
   * @default false
   */
  readonly zookeeperKept?: boolean;
}

/** Where a Kafka cluster keeps its metadata. */
export class KafkaMode {
  /** In ZooKeeper, as the topology draws it. */
  public static zookeeper(): KafkaMode {
    return new KafkaMode('zookeeper', { brokers: 'zookeeper', zookeeper: true });
  }

  /**
   * On its way from ZooKeeper to controllers of its own; see `docs/kafka.md` for the steps.
   *
   * @param props the cluster's ID, and how far it is
   * @throws where the ID is none
   */
  public static migrating(props: KafkaMigrationProps): KafkaMode {
    if (props.clusterId === undefined) {
      throw invalid('kafka mode', `must provide clusterId, as its controllers join a cluster that has one`);
    }
    return new KafkaMode('migrating', {
      brokers: props.brokersMigrated ? 'kraft' : 'migrating',
      controllers: 'migrating',
      zookeeper: true,
      clusterId: props.clusterId,
    });
  }

  /**
   * In controllers of its own, a quorum of three; without ZooKeeper.
   *
   * @param props what is known of the cluster
   * @throws where the ID is none
   */
  public static kraft(props: KafkaKraftProps = {}): KafkaMode {
    return new KafkaMode('kraft', {
      brokers: 'kraft',
      controllers: 'kraft',
      zookeeper: props.zookeeperKept ?? false,
      clusterId: props.clusterId,
      combined: props.combined,
    });
  }

  /** `zookeeper`, `migrating` or `kraft`. */
  public readonly name: string;

  /** @internal */
  public readonly _steps: KafkaModeSteps;

  private constructor(name: string, steps: KafkaModeSteps) {
    if (steps.clusterId !== undefined && !/^[A-Za-z0-9_-]{22}$/.test(steps.clusterId)) {
      throw invalid(
        'kafka mode',
        `'${steps.clusterId}' is no clusterId; allowed: 22 letters, digits, '-' and '_', as Kafka makes them`,
      );
    }
    this.name = name;
    this._steps = steps;
  }
}

/** What a mode means for each kind of node. */
export interface KafkaModeSteps {
  readonly brokers: 'zookeeper' | 'migrating' | 'kraft';
  /** None in ZooKeeper mode. */
  readonly controllers?: 'migrating' | 'kraft';
  /** Whether there is an ensemble. */
  readonly zookeeper: boolean;
  readonly clusterId?: string;
  readonly combined?: boolean;
}
