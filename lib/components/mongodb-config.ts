import { Size, SizeRoundingBehavior, Yaml } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { MONGODB_REPLICA_SET } from '../topology/components';
import { Quantity } from '../workload/quantity';

/** Where mongod finds things in its container. */
export const MONGOD_PATHS = {
  data: '/data/db',
  config: '/etc/mongod',
  keyfile: '/keyfile',
  tls: '/etc/mongod-tls',
} as const;

/** What a member's configuration depends on. */
export interface MongodConfigProps {
  readonly port: number;
  /** The container's memory limit, as `4Gi`. */
  readonly memoryLimit: string;
  /** The size of the member's volume. */
  readonly storage: Size;
  /** Whether every connection is encrypted. */
  readonly tls: boolean;
}

/** The smallest cache that mongod accepts, in GiB. */
const LEAST_CACHE = 0.25;

/** The least limit with room for connections and sorting beside the smallest cache. */
const LEAST_MEMORY = '512Mi';

/** `mongod.conf`, of MongoDB 8.0; https://www.mongodb.com/docs/manual/reference/configuration-options/ has every option. */
export function mongodConfig(scope: IConstruct, props: MongodConfigProps): string {
  return Yaml.stringify({
    storage: {
      dbPath: MONGOD_PATHS.data,
      wiredTiger: { engineConfig: { cacheSizeGB: cacheSizeGibibytes(scope, props.memoryLimit) } },
    },
    replication: { replSetName: MONGODB_REPLICA_SET, oplogSizeMB: oplogSizeMebibytes(props.storage) },
    net: {
      port: props.port,
      bindIpAll: true,
      // Its clients are in other pods, and it may not write where the socket would be.
      unixDomainSocket: { enabled: false },
      ...(props.tls ? { tls: TLS } : {}),
    },
    security: { authorization: 'enabled', clusterAuthMode: 'keyFile', keyFile: `${MONGOD_PATHS.keyfile}/keyfile` },
    // The first user is made with the keyfile; nobody needs a way in without a password.
    setParameter: { enableLocalhostAuthBypass: false },
  });
}

const TLS = {
  mode: 'requireTLS',
  certificateKeyFile: `${MONGOD_PATHS.tls}/tls-combined.pem`,
  CAFile: `${MONGOD_PATHS.tls}/ca.crt`,
  // Clients prove who they are by password.
  allowConnectionsWithoutCertificates: true,
};

/**
 * The cache that MongoDB itself would choose: half of the memory above 1 GiB, at least 256 MiB.
 *
 * @throws where the limit leaves too little beside it
 */
export function cacheSizeGibibytes(scope: IConstruct, memoryLimit: string): number {
  const limit = Quantity.parse(memoryLimit, `${scope.node.path} resources.memoryLimit`);
  if (limit.isBelow(Quantity.parse(LEAST_MEMORY, 'memory'))) {
    throw invalid(
      scope,
      `resources.memoryLimit ${memoryLimit} is too small for the cache of ${LEAST_CACHE} GiB and what mongod needs ` +
        `beside it; allowed: at least ${LEAST_MEMORY}`,
    );
  }
  const half = (limit.toMebibytes() / 1024 - 1) / 2;
  return Math.max(LEAST_CACHE, Math.floor(half * 100) / 100);
}

/** A twentieth of the volume, as MongoDB would take of the whole disk, which on one machine is not the volume's. */
function oplogSizeMebibytes(storage: Size): number {
  return Math.floor(storage.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) / 20);
}
