import { Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { TEMPORAL_DATABASES } from '../topology/temporal';
import { checkCount } from '../workload/names';
import { Quantity } from '../workload/quantity';
import { TEMPORAL_DATABASE_USER } from './temporal-store';

/** Where the pod has things. */
export const PATHS = {
  volume: '/var/lib/postgresql/data',
  /** A directory of its own: the volume's root belongs to its file system. */
  data: '/var/lib/postgresql/data/pgdata',
  config: '/etc/postgresql',
  credentials: '/etc/postgresql-credentials',
  socket: '/var/run/postgresql',
} as const;

/** The role that the exporter connects as. */
export const EXPORTER_USER = 'exporter';

/** Connections beside its clients': roles script, exporter, schema Job, people, and PostgreSQL's own reserve. */
const OTHER_CONNECTIONS = 12;

/** Memory in MiB of a connection's process by itself, and for whatever is not counted here. */
const PER_CONNECTION = 3;
const OVERHEAD = 32;

const SHARED_PART = 1 / 4;
const MAINTENANCE_PART = 1 / 32;
const AUTOVACUUM_WORKERS = 3;

/** What the server's settings are derived from. */
export interface PostgreSqlFigures {
  /** How many connections its clients open at the most. */
  readonly clientConnections: number;
  /** The memory above which the container is ended. */
  readonly memoryLimit: string;
  readonly storage: Size;
}

/**
 * `postgresql.conf`: connections as its clients need them, memory within the container's limit, the write-ahead log within
 * the volume.
 *
 * @throws where the memory limit is too small for the connections, or the volume for the write-ahead log
 */
export function postgresqlConf(where: IConstruct, figures: PostgreSqlFigures): string {
  const connections = checkCount(where, 'clientConnections', figures.clientConnections, 1) + OTHER_CONNECTIONS;
  const memory = Quantity.parse(figures.memoryLimit, `${where.node.path} resources.memoryLimit`).toMebibytes();
  const { shared, maintenance, work } = shareOut(memory, connections);
  if (work < 1) {
    let least = memory;
    while (shareOut(least, connections).work < 1) {
      least++;
    }
    throw invalid(
      where,
      `resources.memoryLimit is ${figures.memoryLimit}, too small for ${connections} connections; ` +
        `allowed: at least ${least}Mi`,
    );
  }
  const volume = figures.storage.toMebibytes();
  if (volume < 1024) {
    throw invalid(where, `storage is ${figures.storage.asString()}; allowed: at least 1Gi, for the write-ahead log`);
  }
  return render({
    listen_addresses: "'*'",
    port: '5432',
    unix_socket_directories: `'${PATHS.socket}'`,
    hba_file: `'${PATHS.config}/pg_hba.conf'`,
    password_encryption: 'scram-sha-256',
    max_connections: `${connections}`,
    // A client whose node is gone is noticed within two minutes, and its connection given to another.
    tcp_keepalives_idle: '60',
    tcp_keepalives_interval: '15',
    tcp_keepalives_count: '4',
    shared_buffers: `${shared}MB`,
    effective_cache_size: `${Math.floor(memory / 2)}MB`,
    maintenance_work_mem: `${maintenance}MB`,
    autovacuum_max_workers: `${AUTOVACUUM_WORKERS}`,
    work_mem: `${work}MB`,
    // A pod asks for no huge pages; where a node has some, taking them would end the server.
    huge_pages: 'off',
    // Temporal's queries read few rows each; parallel ones would take memory that is not counted.
    max_parallel_workers_per_gather: '0',
    random_page_cost: '1.1',
    effective_io_concurrency: '200',
    // For backups and standbys: all a base backup or a receiver needs is on, archiving is switched on with its command.
    wal_level: 'replica',
    max_wal_senders: '4',
    max_replication_slots: '4',
    archive_mode: 'off',
    min_wal_size: '80MB',
    max_wal_size: `${Math.min(2048, Math.floor(volume / 10))}MB`,
    // A receiver that is gone for good must not fill the volume.
    max_slot_wal_keep_size: `${Math.floor(volume / 4)}MB`,
    checkpoint_timeout: '5min',
    checkpoint_completion_target: '0.9',
    log_destination: 'stderr',
    logging_collector: 'off',
    log_line_prefix: "'%m [%p] %q%u@%d '",
    log_timezone: "'UTC'",
    log_min_duration_statement: '1s',
    log_lock_waits: 'on',
    timezone: "'UTC'",
  });
}

/** A container's memory, in MiB: for all, for each of the workers that clean up, for a query of each connection. */
function shareOut(memory: number, connections: number) {
  const shared = Math.floor(memory * SHARED_PART);
  const maintenance = Math.floor(memory * MAINTENANCE_PART);
  const perConnection = (memory - shared - AUTOVACUUM_WORKERS * maintenance - OVERHEAD) / connections;
  return { shared, maintenance, work: Math.floor(perConnection - PER_CONNECTION) };
}

/** Who may connect: Temporal to its databases, the exporter from its own pod, the superuser by the pod's socket alone. */
export function pgHba(): string {
  const databases = Object.values(TEMPORAL_DATABASES).join(',');
  return [
    'local all postgres peer',
    `host ${databases} ${TEMPORAL_DATABASE_USER} all scram-sha-256`,
    `host postgres ${EXPORTER_USER} 127.0.0.1/32 scram-sha-256`,
    'host all all all reject',
    '',
  ].join('\n');
}

/** Makes the data directory where there is none. */
export const INITIALIZE_SCRIPT = `set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -e "$PGDATA" ]; then
    echo "$PGDATA holds something that is no data directory; allowed: a data directory or nothing" >&2
    exit 1
  fi
  # What an interrupted start has left is begun anew; a whole directory is moved to its place.
  rm -rf "$PGDATA.new"
  initdb --pgdata="$PGDATA.new" --username=postgres --encoding=UTF8 --locale=C --data-checksums --auth=peer
  mv "$PGDATA.new" "$PGDATA"
fi
# A volume's group permissions may be widened when it is mounted; the server refuses a directory that others may read.
chmod 0700 "$PGDATA"
`;

/** Brings roles and databases to what is declared: at the start, and when a password has changed. */
export const ROLES_SCRIPT = `set -u
trap 'exit 0' TERM INT
applied=
while :; do
  current=$(sha256sum ${PATHS.credentials}/*)
  if [ "$current" != "$applied" ] && psql -X -q -v ON_ERROR_STOP=1 -f ${PATHS.config}/roles.sql postgres; then
    applied=$current
    echo 'roles, passwords and databases are as declared'
  fi
  sleep 3 &
  wait $!
done
`;

/** Roles with no more rights than they need; every statement may run again. */
export function rolesSql(): string {
  return [
    ...role(TEMPORAL_DATABASE_USER),
    ...role(EXPORTER_USER),
    `GRANT pg_monitor TO ${EXPORTER_USER};`,
    ...Object.values(TEMPORAL_DATABASES).flatMap((database) => [
      `SELECT 'CREATE DATABASE ${database} OWNER ${TEMPORAL_DATABASE_USER}' WHERE NOT EXISTS ` +
        `(SELECT FROM pg_database WHERE datname = '${database}') \\gexec`,
      `REVOKE ALL ON DATABASE ${database} FROM PUBLIC;`,
    ]),
    '',
  ].join('\n');
}

function role(name: string): string[] {
  return [
    `\\set password \`cat ${PATHS.credentials}/${name}\``,
    `SELECT 'CREATE ROLE ${name}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') \\gexec`,
    `ALTER ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';`,
  ];
}

function render(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}
