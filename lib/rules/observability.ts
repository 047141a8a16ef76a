import { RuleGroup } from './rule';

/** Whether a collector's counter grows for one of the signals that go through it. */
function signals(counter: string, label: string): string {
  return ['spans', 'log_records']
    .map((signal) => `sum by (${label}) (rate(${counter}_${signal}[5m])) > 0`)
    .join(' or ');
}

/** What watches the others. */
export function observabilityRules(): RuleGroup {
  return {
    name: 'observability',
    alerts: [
      {
        alert: 'PrometheusRulesFailing',
        severity: 'warning',
        expr: 'increase(prometheus_rule_evaluation_failures_total[15m]) > 0',
        for: '15m',
        summary: 'rules of {{ $labels.rule_group }} cannot be evaluated',
        description: 'Their alerts cannot fire.',
      },
      {
        alert: 'PrometheusNotificationsFailing',
        severity: 'critical',
        expr: 'increase(prometheus_notifications_dropped_total[15m]) > 0',
        for: '5m',
        summary: 'alerts do not reach Alertmanager',
        description: 'Nobody hears of what happens.',
      },
      {
        alert: 'PrometheusRetentionShortened',
        severity: 'warning',
        expr: 'increase(prometheus_tsdb_size_retentions_total[1d]) > 0',
        for: '0m',
        summary: 'Prometheus drops samples before their time, as its volume is full',
        description: 'It keeps less than its retention: fewer series, longer intervals or a larger volume help.',
      },
      {
        alert: 'PrometheusStorageFailing',
        severity: 'critical',
        expr:
          'increase(prometheus_tsdb_compactions_failed_total[1h]) > 0 or ' +
          'increase(prometheus_tsdb_wal_writes_failed_total[1h]) > 0',
        for: '10m',
        summary: 'Prometheus cannot write to its volume',
        description: 'Samples are lost, and it may not start again.',
      },
      {
        alert: 'AlertmanagerNotificationsFailing',
        severity: 'critical',
        expr: 'sum by (integration) (increase(alertmanager_notifications_failed_total[15m])) > 0',
        for: '10m',
        summary: 'Alertmanager cannot tell {{ $labels.integration }}',
        description: 'The receiver is away, refuses the credential, or its address is not among the egress.',
      },
      {
        alert: 'CollectorRefusing',
        severity: 'warning',
        expr: signals('otelcol_receiver_refused', 'receiver'),
        for: '10m',
        summary: 'the collector refuses what {{ $labels.receiver }} brings',
        description: 'It is out of memory, or what is behind it is too slow: spans and log lines are lost.',
      },
      {
        alert: 'CollectorExportsFailing',
        severity: 'warning',
        expr: signals('otelcol_exporter_send_failed', 'exporter'),
        for: '10m',
        summary: 'the collector cannot pass on what it has to {{ $labels.exporter }}',
        description: 'Tempo or Loki refuses it, or is away: spans and log lines are lost.',
      },
      {
        alert: 'LokiDiscarding',
        severity: 'warning',
        expr: 'sum by (reason) (rate(loki_discarded_samples_total[5m])) > 0',
        for: '10m',
        summary: 'Loki discards log lines ({{ $labels.reason }})',
        description: 'They exceed a limit that keeps its volume from filling, or are too old.',
      },
      {
        alert: 'TempoDiscarding',
        severity: 'warning',
        expr: 'sum by (reason) (rate(tempo_discarded_spans_total[5m])) > 0',
        for: '10m',
        summary: 'Tempo discards spans ({{ $labels.reason }})',
        description: 'They exceed a limit that keeps its volume from filling.',
      },
    ],
  };
}
