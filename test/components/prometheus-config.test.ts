import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { checkRetention, prometheusConfig, PrometheusConfigProps } from '../../lib/components/prometheus-config';
import { testChart } from '../workload/fixtures';

const PROPS: PrometheusConfigProps = {
  environmentName: 'staging',
  storage: Size.gibibytes(100),
  retention: Duration.days(15),
  scrapeInterval: Duration.seconds(30),
  alertmanager: 'alertmanager.observability.svc:9093',
  scrapeConfigs: [{ job_name: 'a' }],
};

describe("Prometheus' configuration", () => {
  it('is made of what it is given', () => {
    expect(parse(prometheusConfig(PROPS))).toEqual({
      global: { scrape_interval: '30s', evaluation_interval: '30s', external_labels: { environment: 'staging' } },
      storage: {
        // Four fifths of 100Gi.
        tsdb: { retention: { time: '15d', size: '81920MB' } },
        exemplars: { max_exemplars: 100_000 },
      },
      alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager.observability.svc:9093'] }] }] },
      rule_files: ['../rules/*.yaml'],
      scrape_configs: [{ job_name: 'a' }],
    });
  });

  it('keeps a retention that is no number of days in seconds', () => {
    const { storage } = parse(prometheusConfig({ ...PROPS, retention: Duration.hours(36) }));
    expect(storage.tsdb.retention.time).toBe('129600s');
  });
});

describe('a retention', () => {
  const check = (props: Partial<PrometheusConfigProps>) => () => checkRetention(testChart(), { ...PROPS, ...props });

  it.each([{}, { samplesPerSecond: 33_140 }, { retention: Duration.hours(2) }])('is allowed with %j', (props) => {
    expect(check(props)).not.toThrow();
  });

  it.each([
    [
      { samplesPerSecond: 40_000 },
      'samplesPerSecond is 40000, which 100Gi keep for less than 15 days; allowed: at most 33140, a larger volume or a ' +
        'shorter retention',
    ],
    [{ samplesPerSecond: 0 }, 'samplesPerSecond is 0; allowed: a number above 0'],
    [{ samplesPerSecond: NaN }, 'samplesPerSecond is NaN; allowed: a number above 0'],
    [
      { retention: Duration.minutes(119) },
      'retention is 1 hour 59 minutes; allowed: at least 2 hours, the length of a block',
    ],
  ])('is refused with %j', (props, message) => {
    expect(check(props)).toThrow(`[test] ${message}`);
  });

  it('that is refused fits into a larger volume', () => {
    expect(check({ samplesPerSecond: 40_000, storage: Size.gibibytes(200) })).not.toThrow();
  });
});
