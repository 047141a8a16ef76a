import { RuleGroup } from './rule';

/** The platform's own services, by the metrics that they all have. */
export function serviceRules(): RuleGroup {
  return {
    name: 'services',
    records: [
      {
        record: 'service:wms_http_requests:rate5m',
        expr: 'sum by (service) (rate(wms_http_requests_total[5m]))',
      },
      {
        record: 'service:wms_http_request_duration_seconds:p99_5m',
        expr: 'histogram_quantile(0.99, sum by (service, le) (rate(wms_http_request_duration_seconds_bucket[5m])))',
      },
    ],
    alerts: [
      {
        alert: 'ServiceDown',
        severity: 'critical',
        expr: 'sum by (job, namespace) (up{namespace="wms-platform"}) == 0',
        for: '3m',
        summary: 'no pod of {{ $labels.job }} answers',
        description: 'Whoever calls it gets errors; workflows wait and try again.',
      },
      {
        alert: 'OutboxBacklog',
        severity: 'warning',
        expr: 'max by (service) (wms_outbox_events_pending) > 1000',
        for: '10m',
        summary: '{{ $labels.service }} has more than 1000 events that Kafka does not have yet',
        description: 'What depends on these events is late: Kafka refuses them, or the publisher is too slow.',
      },
      {
        alert: 'OutboxEventsFailing',
        severity: 'warning',
        expr: 'sum by (service) (increase(wms_outbox_events_failed_total[15m])) > 0',
        for: '15m',
        summary: '{{ $labels.service }} cannot publish some events',
        description: 'They stay in its outbox, in the order in which they came.',
      },
      {
        alert: 'CircuitBreakerOpen',
        severity: 'warning',
        expr: 'max by (service, name) (wms_circuit_breaker_state) == 2',
        for: '5m',
        summary: '{{ $labels.service }} has given up calling {{ $labels.name }}',
        description: 'Its calls failed too often; it refuses them itself until one succeeds.',
      },
    ],
  };
}
