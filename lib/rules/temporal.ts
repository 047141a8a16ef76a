import { RuleFacts, RuleGroup } from './rule';

const HISTORY = 'job="temporal/temporal-history"';

/** Temporal's services, by the page that each of them has. */
export function temporalRules({ historyShards }: RuleFacts): RuleGroup {
  return {
    name: 'temporal',
    alerts: [
      {
        alert: 'TemporalHistoryShardsMissing',
        severity: 'critical',
        expr: `sum(numshards_gauge{${HISTORY}}) < ${historyShards}`,
        for: '5m',
        summary: `some of Temporal's ${historyShards} history shards belong to no pod`,
        description: 'Workflows in these shards stand still.',
      },
      {
        alert: 'TemporalShardsMoving',
        severity: 'warning',
        // A rollout moves each shard about twice; the counter of lost ownership is that of replication between clusters.
        expr: `sum(increase(sharditem_created_count{${HISTORY}}[15m])) > ${3 * historyShards}`,
        for: '15m',
        summary: 'history shards move from pod to pod all the time',
        description: 'History pods come and go, or lose the store: workflows are slow.',
      },
      {
        alert: 'TemporalPersistenceErrors',
        severity: 'critical',
        expr:
          'sum by (job) (rate(persistence_error_with_type{error_type!~".*(ConditionFailed|AlreadyExists|NotFound|ShardOwnershipLost).*"}[5m])) / ' +
          'sum by (job) (rate(persistence_requests[5m])) > 0.05',
        for: '5m',
        summary: 'more than a twentieth of what {{ $labels.job }} asks of its store fails',
        description: 'PostgreSQL is away, overloaded or full; workflows wait and try again.',
      },
      {
        alert: 'TemporalServiceErrors',
        severity: 'warning',
        expr:
          'sum by (job) (rate(service_error_with_type{error_type=~"serviceerror.(Unavailable|Internal|DataLoss|DeadlineExceeded)"}[5m])) / ' +
          'sum by (job) (rate(service_requests[5m])) > 0.05',
        for: '10m',
        summary: 'more than a twentieth of the requests to {{ $labels.job }} fail',
        description: 'Services cannot start or go on with workflows at the usual pace.',
      },
    ],
  };
}
