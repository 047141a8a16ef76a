import { RuleFacts, RuleGroup } from './rule';

/** MongoDB's members, by the exporter that each has. */
export function mongodbRules({ mongodbMembers }: RuleFacts): RuleGroup {
  return {
    name: 'mongodb',
    alerts: [
      {
        alert: 'MongoDbMemberDown',
        severity: 'warning',
        expr: 'mongodb_up == 0',
        for: '2m',
        summary: 'the member {{ $labels.pod }} does not answer its exporter',
        description: 'The set serves as long as most of its members do.',
      },
      {
        alert: 'MongoDbMemberUnhealthy',
        severity: 'warning',
        expr: 'max by (member_idx) (mongodb_rs_members_health) == 0',
        for: '2m',
        summary: 'no other member reaches {{ $labels.member_idx }}',
        description: 'The set serves as long as most of its members reach each other.',
      },
      {
        alert: 'MongoDbNoPrimary',
        severity: 'critical',
        expr: 'sum(mongodb_rs_members_state == bool 1) == 0',
        for: '1m',
        summary: 'the MongoDB replica set has no primary',
        description: `Nothing can be written: most of its ${mongodbMembers} members are away, or cannot agree.`,
      },
      {
        alert: 'MongoDbReplicationLag',
        severity: 'warning',
        // Milliseconds since 1970, as the set itself tells them.
        expr:
          '(scalar(max(mongodb_rs_members_optimeDate{member_state="PRIMARY"})) - ' +
          'max by (member_idx) (mongodb_rs_members_optimeDate{member_state="SECONDARY"})) / 1000 > 30',
        for: '5m',
        summary: '{{ $labels.member_idx }} is more than 30 seconds behind the primary',
        description: 'Reads from it are old, writes that wait for most members are slow, and a failover loses more.',
      },
    ],
  };
}

/** PostgreSQL, by its exporter. */
export function postgresqlRules(): RuleGroup {
  return {
    name: 'postgresql',
    alerts: [
      {
        alert: 'PostgreSqlDown',
        severity: 'critical',
        expr: 'pg_up == 0',
        for: '2m',
        summary: 'PostgreSQL does not answer its exporter',
        description: 'Temporal cannot store anything: workflows wait until it is back.',
      },
      {
        alert: 'PostgreSqlConnections',
        severity: 'warning',
        expr: 'sum by (pod) (pg_stat_database_numbackends) / max by (pod) (pg_settings_max_connections) > 0.9',
        for: '10m',
        summary: '{{ $labels.pod }} has almost all connections in use that it allows',
        description: 'The next clients are refused.',
      },
      {
        alert: 'PostgreSqlDeadlocks',
        severity: 'warning',
        expr: 'sum by (pod, datname) (increase(pg_stat_database_deadlocks[15m])) > 5',
        for: '15m',
        summary: '{{ $labels.datname }} ends transactions that wait for each other',
        description: 'Temporal tries them again, which costs time.',
      },
    ],
  };
}
