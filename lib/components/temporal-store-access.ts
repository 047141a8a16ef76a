import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Secret } from '../secrets/secret';
import { TEMPORAL_DATABASES } from '../topology/temporal';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { ContainerProps } from '../workload/container';
import { Identity } from '../workload/labels';
import { Resources } from '../workload/resources';
import { configVolume, tmpVolume } from '../workload/volumes';
import { CA_NAME, dynamicConfig, serverConfig, StoreConnections, TEMPORAL_PATHS } from './temporal-config';
import { AWAIT_SCHEMA_SCRIPT, CHECK_SHARDS_SCRIPT, RECORD_SCHEMA_SCRIPT } from './temporal-store-scripts';
import { StoreConnection } from './temporal-store';

/** What Temporal's pods share. */
export interface TemporalStoreAccessProps {
  readonly identity: Identity;
  readonly store: StoreConnection;
  readonly historyShards: number;
  readonly connections: StoreConnections;
  readonly historyMemoryLimit: string;
}

/** What a pod needs to read something. */
export interface PodParts {
  /** Roll the pod when what it reads changes. */
  readonly annotations: Record<string, string>;
  readonly volumes: k8s.Volume[];
  readonly volumeMounts: k8s.VolumeMount[];
}

const MOUNTS: k8s.VolumeMount[] = [
  { name: 'scripts', mountPath: TEMPORAL_PATHS.scripts, readOnly: true },
  { name: 'password', mountPath: TEMPORAL_PATHS.password, readOnly: true },
  { name: 'tmp', mountPath: '/tmp' },
];

/** A look at the store now and then, or a tool that runs for seconds. */
const SMALL: Resources = { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '500m', memoryLimit: '128Mi' };

/** Temporal's configuration, its password for the store, and the containers that look into the store with them. */
export class TemporalStoreAccess extends Construct {
  /** The image whose schema the servers wait for. */
  public readonly schemaImage: string;

  private readonly config: ConfigMap;
  private readonly scripts: ConfigMap;
  private readonly secret: Secret;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: TemporalStoreAccessProps,
  ) {
    super(scope, id);
    const { identity, store, historyMemoryLimit } = props;
    this.schemaImage = clusterContext(this).images.of('temporal-admin-tools');
    this.config = new ConfigMap(this, 'config', {
      name: identity.workload,
      identity,
      data: {
        'temporal.yaml': serverConfig(props),
        'dynamic-config.yaml': dynamicConfig(this, historyMemoryLimit),
      },
    });
    // Apart from the servers' configuration, so that a change of that is no reason to run the schema job again.
    this.scripts = new ConfigMap(this, 'scripts', {
      name: `${identity.workload}-store`,
      identity,
      data: {
        'check-shards.sh': CHECK_SHARDS_SCRIPT,
        'record-schema.sh': RECORD_SCHEMA_SCRIPT,
        'await-schema.sh': AWAIT_SCHEMA_SCRIPT,
        ...(store.caCertificate ? { [CA_NAME]: store.caCertificate } : {}),
      },
    });
    this.secret = new Secret(this, 'secret', {
      name: `${identity.workload}-store`,
      identity,
      data: { password: [store.password] },
    });
  }

  /** What the servers read, and the containers that look into the store beside them. */
  public get server(): PodParts {
    const { annotations, volumes } = this.storeOnly;
    return {
      annotations: { ...this.config.hashAnnotation, ...annotations },
      volumes: [configVolume('config', this.config), ...volumes],
      volumeMounts: [{ name: 'config', mountPath: TEMPORAL_PATHS.config, readOnly: true }, ...MOUNTS],
    };
  }

  /** What the containers read that look into the store. */
  public get storeOnly(): PodParts {
    return {
      annotations: this.scripts.hashAnnotation,
      volumes: [
        configVolume('scripts', this.scripts),
        { name: 'password', secret: { secretName: this.secret.secretName } },
        tmpVolume(),
      ],
      volumeMounts: MOUNTS,
    };
  }

  /** A container that asks the store something. */
  public query(name: string, script: 'check-shards.sh' | 'record-schema.sh' | 'await-schema.sh'): ContainerProps {
    const { host, port, user, caCertificate } = this.props.store;
    return {
      name,
      image: clusterContext(this).images.of('postgresql'),
      command: ['sh', `${TEMPORAL_PATHS.scripts}/${script}`],
      resources: SMALL,
      env: [
        { name: 'PGHOST', value: host },
        { name: 'PGPORT', value: `${port}` },
        { name: 'PGUSER', value: user },
        this.passwordVariable('PGPASSWORD'),
        { name: 'PGDATABASE', value: TEMPORAL_DATABASES.main },
        { name: 'PGCONNECT_TIMEOUT', value: '5' },
        { name: 'PGSSLMODE', value: caCertificate ? 'verify-full' : 'disable' },
        ...(caCertificate ? [{ name: 'PGSSLROOTCERT', value: `${TEMPORAL_PATHS.scripts}/${CA_NAME}` }] : []),
        { name: 'NUM_HISTORY_SHARDS', value: `${this.props.historyShards}` },
        { name: 'SCHEMA_IMAGE', value: this.schemaImage },
      ],
      volumeMounts: MOUNTS,
    };
  }

  /** A container that brings one of the databases to the schema of its image. */
  public updateSchema(database: keyof typeof TEMPORAL_DATABASES): ContainerProps {
    const { host, port, user, caCertificate } = this.props.store;
    const directory = database === 'main' ? 'temporal' : 'visibility';
    const versions = `/etc/temporal/schema/postgresql/v12/${directory}/versioned`;
    return {
      name: `update-${directory}`,
      image: this.schemaImage,
      // Both may run again: a database that has a version keeps it, and is brought to the newest.
      command: [
        'sh',
        '-ec',
        `temporal-sql-tool setup-schema --version 0.0\ntemporal-sql-tool update-schema --schema-dir ${versions}`,
      ],
      resources: SMALL,
      env: [
        { name: 'SQL_PLUGIN', value: 'postgres12' },
        { name: 'SQL_HOST', value: host },
        { name: 'SQL_PORT', value: `${port}` },
        { name: 'SQL_USER', value: user },
        this.passwordVariable('SQL_PASSWORD'),
        { name: 'SQL_DATABASE', value: TEMPORAL_DATABASES[database] },
        ...(caCertificate
          ? [
              { name: 'SQL_TLS', value: 'true' },
              { name: 'SQL_TLS_CA_FILE', value: `${TEMPORAL_PATHS.scripts}/${CA_NAME}` },
              { name: 'SQL_TLS_SERVER_NAME', value: host },
            ]
          : []),
      ],
      volumeMounts: MOUNTS,
    };
  }

  private passwordVariable(name: string): k8s.EnvVar {
    return { name, valueFrom: { secretKeyRef: { name: this.secret.secretName, key: 'password' } } };
  }
}
