import { OBJECTIVES } from '../topology/objectives';
import { AlertRule, RecordingRule, RuleFacts, RuleGroup, Severity } from './rule';

/** Two windows of an alert, and how much faster than allowed the error budget is used in both. */
interface Burn {
  readonly long: string;
  readonly short: string;
  readonly rate: number;
  readonly for: string;
  readonly severity: Severity;
}

/** The multiwindow method of Google's SRE workbook, chapter 5, for 30 days. */
const BURNS: readonly Burn[] = [
  { long: '1h', short: '5m', rate: 14.4, for: '2m', severity: 'critical' },
  { long: '6h', short: '30m', rate: 6, for: '15m', severity: 'critical' },
  { long: '1d', short: '2h', rate: 3, for: '1h', severity: 'warning' },
  { long: '3d', short: '6h', rate: 1, for: '3h', severity: 'warning' },
];

const WINDOWS = [...new Set(BURNS.flatMap(({ long, short }) => [short, long]))];

/** What is asked by the platform itself, and by nobody who minds. */
const OWN_PATHS = 'path!~"/health|/ready|/metrics"';

/** Availability and latency of the public services, and alerts where their error budgets are used too fast. */
export function objectiveRules({ publicServices }: RuleFacts): RuleGroup {
  const services = `service=~"${publicServices.join('|')}",${OWN_PATHS}`;
  return {
    name: 'objectives',
    records: WINDOWS.flatMap((window) => records(services, window)),
    alerts: [
      ...BURNS.map((burn) =>
        alert('Availability', 'availability', 1 - OBJECTIVES.availability, burn, 'answers with server errors'),
      ),
      ...BURNS.map((burn) =>
        alert(
          'Latency',
          'latency',
          1 - OBJECTIVES.fastRequests,
          burn,
          `takes longer than ${OBJECTIVES.latencySeconds * 1000} ms`,
        ),
      ),
    ],
  };
}

function records(services: string, window: string): RecordingRule[] {
  const rate = (metric: string, labels = '') => `sum by (service) (rate(${metric}{${services}${labels}}[${window}]))`;
  const duration = 'wms_http_request_duration_seconds';
  return [
    {
      record: `service:wms_http_errors:ratio_rate${window}`,
      expr:
        // Services without a single error have no series of errors.
        `(${rate('wms_http_requests_total', ',status=~"5.."')} or 0 * ${rate('wms_http_requests_total')}) / ` +
        rate('wms_http_requests_total'),
    },
    {
      record: `service:wms_http_slow:ratio_rate${window}`,
      expr: `1 - ${rate(`${duration}_bucket`, `,le="${OBJECTIVES.latencySeconds}"`)} / ` + rate(`${duration}_count`),
    },
  ];
}

function alert(title: string, slo: string, budget: number, burn: Burn, what: string): AlertRule {
  const series = slo === 'availability' ? 'service:wms_http_errors:ratio_rate' : 'service:wms_http_slow:ratio_rate';
  const threshold = Number((burn.rate * budget).toFixed(6));
  return {
    alert: `${title}Burn${burn.long}`,
    severity: burn.severity,
    expr: `${series}${burn.long} > ${threshold} and ${series}${burn.short} > ${threshold}`,
    for: burn.for,
    summary: `{{ $labels.service }} uses its ${slo} budget ${burn.rate} times too fast`,
    description:
      `For ${burn.long} and still in the last ${burn.short}, {{ $labels.service }} ${what} so often that the error budget ` +
      `of 30 days lasts ${Number((30 / burn.rate).toFixed(1))} days.`,
    labels: { slo },
  };
}
