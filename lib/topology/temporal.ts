import { RETENTION_DAYS } from './retention';

/** One of Temporal's four services: its pods, its ports, and what its health is asked by. */
export interface TemporalRoleTopology {
  readonly replicas: number;
  /** Requests of the other services, and at the frontend of clients. */
  readonly grpcPort: number;
  /** The members' gossip about who is there. */
  readonly membershipPort: number;
  /** The name its gRPC health check knows it by (Temporal's source). */
  readonly healthService: string;
}

const service = (name: string) => `temporal.api.workflowservice.v1.${name}`;

/**
 * Temporal's four services with the vendor's default ports; the topology wants each of them multi-replica. History owns
 * the shards: with three pods, losing one moves a third of them instead of half, and there is one for each zone.
 */
export const TEMPORAL_ROLES = {
  frontend: { replicas: 2, grpcPort: 7233, membershipPort: 6933, healthService: service('WorkflowService') },
  history: { replicas: 3, grpcPort: 7234, membershipPort: 6934, healthService: service('HistoryService') },
  matching: { replicas: 2, grpcPort: 7235, membershipPort: 6935, healthService: service('MatchingService') },
  worker: { replicas: 2, grpcPort: 7239, membershipPort: 6939, healthService: service('WorkerService') },
} as const satisfies Record<string, TemporalRoleTopology>;

/** One of the four services. */
export type TemporalRoleName = keyof typeof TEMPORAL_ROLES;

/** Into how many shards the history of workflows is divided. It can never be changed for a store that is in use. */
export const HISTORY_SHARDS = { full: 512, single: 4 } as const;

/** Temporal's two databases in its store. */
export const TEMPORAL_DATABASES = { main: 'temporal', visibility: 'temporal_visibility' } as const;

/** How many connections each pod of Temporal keeps to each of its databases. */
export const STORE_CONNECTIONS = {
  full: { main: 10, visibility: 5 },
  single: { main: 5, visibility: 2 },
} as const;

/** A workflow that has ended can be looked at for as long as its events are kept. */
export const WORKFLOW_RETENTION_DAYS = RETENTION_DAYS.events;
