import { IConstruct } from 'constructs';
import { Peer } from '../connections/peer';
import { invalid } from '../errors';

/** A role of a user, on one database. */
export interface MongoDbRole {
  readonly role: string;
  readonly db: string;
}

/** A user of MongoDB, with exactly these roles. */
export interface MongoDbUser {
  readonly name: string;
  readonly roles: readonly MongoDbRole[];
}

/** A service's need of a database of its own. */
export interface DatabaseRequest {
  /** The service, and its user. */
  readonly user: string;
  readonly database: string;
  /** What connects. */
  readonly client: IConstruct;
}

const SERVERS = new WeakMap<Peer, (request: DatabaseRequest) => void>();

/** Says what becomes of the requests for databases at an endpoint. */
export function onDatabaseRequest(endpoint: Peer, answer: (request: DatabaseRequest) => void): void {
  SERVERS.set(endpoint, answer);
}

/** Asks whoever runs an endpoint for a user of a database. Where nobody answers, an operator makes it. */
export function requestDatabase(endpoint: Peer, request: DatabaseRequest): void {
  SERVERS.get(endpoint)?.(request);
}

/** Databases that are the server's own. */
const RESERVED = ['admin', 'config', 'local'];

/**
 * The user of a service: it reads and writes its own database, and nothing else.
 *
 * @throws where the database is none that a service may have
 */
export function serviceUser(where: IConstruct, { user, database }: Omit<DatabaseRequest, 'client'>): MongoDbUser {
  if (!/^[A-Za-z0-9_-]{1,63}$/.test(database) || RESERVED.includes(database)) {
    throw invalid(
      where,
      `'${database}' is no database of a service; allowed: at most 63 letters, digits, '_' and '-', ` +
        `but not ${RESERVED.join(', ')}`,
    );
  }
  return { name: user, roles: [{ role: 'readWrite', db: database }] };
}

/** Makes users for services of other teams. MongoDB has no smaller role that can: it can grant any role. */
export const USER_ADMINISTRATOR: MongoDbUser = {
  name: 'user-administrator',
  roles: [{ role: 'userAdminAnyDatabase', db: 'admin' }],
};

/** Reads what Prometheus gets to see. */
export const EXPORTER_USER: MongoDbUser = {
  name: 'exporter',
  roles: [
    { role: 'clusterMonitor', db: 'admin' },
    { role: 'read', db: 'local' },
  ],
};

/** The role that Percona Backup for MongoDB wants beside the built-in ones. */
export const BACKUP_ROLE = {
  role: 'pbmAnyAction',
  privileges: [{ resource: { anyResource: true }, actions: ['anyAction'] }],
} as const;

/** Takes backups and puts them back; the roles that Percona Backup for MongoDB documents. */
export const BACKUP_USER: MongoDbUser = {
  name: 'backup',
  roles: [
    { role: 'readWrite', db: 'admin' },
    { role: 'backup', db: 'admin' },
    { role: 'clusterMonitor', db: 'admin' },
    { role: 'restore', db: 'admin' },
    { role: BACKUP_ROLE.role, db: 'admin' },
  ],
};
