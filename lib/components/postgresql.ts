import { Duration, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { Credential } from '../secrets/credential';
import { Secret } from '../secrets/secret';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { ContainerProps } from '../workload/container';
import { named } from '../workload/labels';
import { execProbe, httpProbe, tcpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { StatefulSet } from '../workload/stateful-set';
import { configVolume, tmpVolume } from '../workload/volumes';
import {
  EXPORTER_USER,
  INITIALIZE_SCRIPT,
  PATHS,
  pgHba,
  postgresqlConf,
  ROLES_SCRIPT,
  rolesSql,
} from './postgresql-config';
import { StoreConnection, TEMPORAL_DATABASE_USER, temporalStorePassword } from './temporal-store';

/** What differs from the topology's figures for PostgreSQL. */
export interface PostgreSqlOptions {
  /**
   * The size of its volume.
   *
   * @default - the topology's 20Gi, scaled as the environment is sized
   */
  readonly storage?: Size;

  /**
   * What the server asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** PostgreSQL as Temporal's store. */
export interface PostgreSqlProps {
  /** The box of the topology it is. */
  readonly box: Box;

  /** The size of its volume. */
  readonly storage: Size;

  /**
   * The StorageClass of the volume.
   *
   * @default - the cluster's default
   */
  readonly storageClassName?: string;

  /** What the server asks for and may use. */
  readonly resources: Resources;

  /** How many connections its clients open at the most. */
  readonly clientConnections: number;
}

/** The image's user `postgres`. */
const USER = 999;

const EXPORTER_URI = "DATA_SOURCE_URI='127.0.0.1:5432/postgres?sslmode=disable'";
const EXPORTER_PORT = { name: 'http-metrics', port: 9187 };

/** Both sidecars only wait, and now and then ask the server something. */
const SIDECAR: Resources = { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '100m', memoryLimit: '64Mi' };

/**
 * PostgreSQL with the roles and databases of Temporal. One instance: a second one needs a failover that decides who is
 * first, which a managed PostgreSQL (`TemporalStore.external`) brings. While its pod moves, workflows wait.
 */
export class PostgreSql extends Construct implements IConnectable {
  /** Its one member. */
  public readonly statefulSet: StatefulSet;

  /** Where clients connect to. */
  public readonly client: Endpoint;

  /**
   * @throws where the memory limit is too small for the connections, the volume is below 1Gi, and on bad resources or
   * connections
   */
  public constructor(scope: Construct, id: string, props: PostgreSqlProps) {
    super(scope, id);
    const { box, storage, storageClassName, resources, clientConnections } = props;
    const identity = box.pods._identity;
    const name = identity.workload;
    const { memoryLimit } = resources;
    const config = new ConfigMap(this, 'config', {
      name,
      identity,
      data: {
        'postgresql.conf': postgresqlConf(this, { clientConnections, memoryLimit, storage }),
        'pg_hba.conf': pgHba(),
        'initialize.sh': INITIALIZE_SCRIPT,
        'roles.sh': ROLES_SCRIPT,
        'roles.sql': rolesSql(),
      },
    });
    const secret = new Secret(this, 'secret', {
      name,
      identity,
      data: { [TEMPORAL_DATABASE_USER]: [temporalStorePassword()], [EXPORTER_USER]: [exporterPassword()] },
    });
    this.statefulSet = new StatefulSet(this, 'stateful-set', {
      pods: box.pods,
      ...named(identity),
      user: USER,
      priorityClassName: PRIORITY_CLASSES.data.name,
      // A fast shutdown writes everything that is in memory to the volume.
      terminationGracePeriod: Duration.seconds(120),
      podAnnotations: config.hashAnnotation,
      volumeClaims: [{ name: 'data', size: storage, storageClassName }],
      volumes: [
        configVolume('config', config),
        { name: 'credentials', secret: { secretName: secret.secretName } },
        {
          name: 'exporter-credentials',
          secret: { secretName: secret.secretName, items: [{ key: EXPORTER_USER, path: EXPORTER_USER }] },
        },
        { name: 'socket', emptyDir: { sizeLimit: k8s.Quantity.fromString('1Mi') } },
        // The runtime's own /dev/shm counts to nobody.
        { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('64Mi') } },
        tmpVolume(),
      ],
      initContainers: [this.initialize(resources)],
      containers: [this.server(name, resources), this.roles(), this.exporter()],
    });
    this.client = this.statefulSet.serve(box.endpointNamed('tcp-postgresql'));
    this.statefulSet.addMetrics(this.statefulSet.addEndpoint(EXPORTER_PORT.name, EndpointKind.METRICS));
  }

  /** Its main endpoint: `client`. */
  public get endpoint(): Peer {
    return this.client;
  }

  /** @internal */
  public get _connection(): StoreConnection {
    const { host, port } = this.client;
    return { host, port, user: TEMPORAL_DATABASE_USER, password: temporalStorePassword() };
  }

  private initialize(resources: Resources): ContainerProps {
    return {
      name: 'initialize',
      image: this.image,
      command: ['sh', `${PATHS.config}/initialize.sh`],
      resources,
      env: [{ name: 'PGDATA', value: PATHS.data }],
      volumeMounts: [
        { name: 'config', mountPath: PATHS.config, readOnly: true },
        { name: 'data', mountPath: PATHS.volume },
        { name: 'shm', mountPath: '/dev/shm' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
  }

  private server(name: string, resources: Resources): ContainerProps {
    return {
      name,
      image: this.image,
      command: ['postgres', '-D', PATHS.data, '-c', `config_file=${PATHS.config}/postgresql.conf`],
      resources,
      ports: [{ name: 'tcp-postgresql', port: 5432 }],
      // The port is open while the server recovers, so that a long recovery is not taken for a failure.
      livenessProbe: tcpProbe('tcp-postgresql', { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 }),
      // By the socket, where the superuser may log in: over the network each question would be a refusal in the log.
      readinessProbe: execProbe(['pg_isready', '-q', '-h', PATHS.socket, '-t', '3'], {
        periodSeconds: 5,
        timeoutSeconds: 5,
        failureThreshold: 3,
      }),
      // Fast, whatever signal the image stops with: a smart shutdown would wait for clients that never leave.
      preStop: { exec: { command: ['pg_ctl', 'stop', '-D', PATHS.data, '-m', 'fast', '-W', '-s'] } },
      volumeMounts: [
        { name: 'config', mountPath: PATHS.config, readOnly: true },
        { name: 'data', mountPath: PATHS.volume },
        { name: 'socket', mountPath: PATHS.socket },
        { name: 'shm', mountPath: '/dev/shm' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
  }

  private roles(): ContainerProps {
    return {
      name: 'roles',
      image: this.image,
      command: ['sh', `${PATHS.config}/roles.sh`],
      resources: SIDECAR,
      env: [{ name: 'PGHOST', value: PATHS.socket }],
      volumeMounts: [
        { name: 'config', mountPath: PATHS.config, readOnly: true },
        { name: 'credentials', mountPath: PATHS.credentials, readOnly: true },
        { name: 'socket', mountPath: PATHS.socket },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
  }

  private exporter(): ContainerProps {
    const password = `${PATHS.credentials}/${EXPORTER_USER}`;
    return {
      name: 'exporter',
      image: clusterContext(this).images.of('postgresql-exporter'),
      // The exporter reads its password once; the copy tells when that is no longer the password.
      command: ['sh', '-ec', `cp ${password} /tmp/password\n${EXPORTER_URI} exec /bin/postgres_exporter`],
      resources: SIDECAR,
      ports: [EXPORTER_PORT],
      env: [
        { name: 'DATA_SOURCE_USER', value: EXPORTER_USER },
        { name: 'DATA_SOURCE_PASS_FILE', value: '/tmp/password' },
      ],
      livenessProbe: execProbe(['cmp', '-s', password, '/tmp/password'], {
        periodSeconds: 30,
        timeoutSeconds: 5,
        failureThreshold: 3,
      }),
      readinessProbe: httpProbe(EXPORTER_PORT.name, '/', { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }),
      volumeMounts: [
        { name: 'exporter-credentials', mountPath: PATHS.credentials, readOnly: true },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
  }

  private get image(): string {
    return clusterContext(this).images.of('postgresql');
  }
}

function exporterPassword(): Credential {
  return new Credential({
    path: `postgresql/${EXPORTER_USER}`,
    description: "password of the PostgreSQL exporter's role, which reads statistics alone",
  });
}
