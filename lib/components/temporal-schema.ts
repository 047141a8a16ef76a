import { Construct } from 'constructs';
import { Identity, named } from '../workload/labels';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { Job } from '../workload/job';
import { TemporalStoreAccess } from './temporal-store-access';

/** What the job that makes Temporal's schema needs. */
export interface TemporalSchemaProps {
  readonly identity: Identity;
  readonly access: TemporalStoreAccess;
  readonly syncWave: number;
}

/**
 * Brings both of Temporal's databases to the schema of the servers' version, before the servers. An empty store and one
 * that is in use are treated the same; another number of history shards is refused before anything is changed.
 */
export class TemporalSchema extends Job {
  public constructor(scope: Construct, id: string, { identity, access, syncWave }: TemporalSchemaProps) {
    super(scope, id, {
      ...named(identity),
      syncWave,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      podAnnotations: access.storeOnly.annotations,
      volumes: access.storeOnly.volumes,
      initContainers: [
        access.query('check-shards', 'check-shards.sh'),
        access.updateSchema('main'),
        access.updateSchema('visibility'),
      ],
      containers: [access.query('record-schema', 'record-schema.sh')],
    });
  }
}
