import * as fs from 'fs';
import * as path from 'path';
import { RuleFacts } from '../../lib/rules/rule';
import { ruleFiles, ruleGroups, runbookUrl } from '../../lib/rules/rules';
import { OBJECTIVES } from '../../lib/topology/objectives';
import { alertCases, promtoolTests, rulesIn } from './cases';

const FACTS: RuleFacts = {
  jobs: ['mongodb/mongodb', 'wms-platform/order-service'],
  publicServices: ['order-service', 'picking-service'],
  mongodbMembers: 3,
  kafkaBrokers: 3,
  kafkaMinInSyncReplicas: 2,
  zookeeperMembers: 3,
  postgresql: true,
  historyShards: 512,
};

const RUNBOOKS = path.join(__dirname, '..', '..', 'docs', 'runbooks');

const groups = ruleGroups(FACTS);
const alerts = groups.flatMap(({ name, alerts: all }) => all.map((alert) => ({ group: name, ...alert })));
const cases = alertCases();
const names = alerts.map(({ alert }) => alert);
const expressionOf = (facts: Partial<RuleFacts>, name: string) =>
  ruleGroups({ ...FACTS, ...facts })
    .flatMap((group) => group.alerts)
    .find(({ alert }) => alert === name)?.expr;

describe('every alert', () => {
  it('has a name of its own', () => {
    expect(names.length).toBeGreaterThan(50);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(alerts)('$alert has a section in its runbook', ({ group, alert }) => {
    const page = fs.readFileSync(path.join(RUNBOOKS, `${group}.md`), 'utf8');
    expect(page).toMatch(new RegExp(`^### ${alert}$`, 'm'));
    expect(runbookUrl(group, alert)).toBe(
      `https://github.com/temporal-wms/cdk8s-wms-platform/blob/main/docs/runbooks/${group}.md#${alert.toLowerCase()}`,
    );
  });

  it.each(alerts)('$alert says in words what is wrong, with labels alone', ({ summary, description }) => {
    for (const text of [summary, description]) {
      expect(text.length).toBeGreaterThan(20);
      expect(text.replace(/\{\{ \$labels\.\w+ \}\}/g, '')).not.toMatch(/[{}$]/);
    }
  });

  it.each(names)('%s has a case in which it fires and one in which it does not', (name) => {
    const { fires, silent } = cases[name];
    for (const { at, series, everyJobIsUpBut } of [fires, silent]) {
      expect(at).toMatch(/^\d+[mh]$/);
      expect(everyJobIsUpBut !== undefined || Object.keys(series).length > 0).toBe(true);
    }
    expect(silent).not.toEqual(fires);
  });
});

it('No case and no section of a runbook is about an alert that there is not', () => {
  expect(Object.keys(cases).filter((name) => !names.includes(name))).toEqual([]);
  const sections = fs
    .readdirSync(RUNBOOKS)
    .flatMap((page) => [...fs.readFileSync(path.join(RUNBOOKS, page), 'utf8').matchAll(/^### (.+)$/gm)])
    .map(([, name]) => name);
  expect(sections.sort()).toEqual([...names].sort());
});

it('Every link between runbooks leads to a section or a page', () => {
  for (const page of fs.readdirSync(RUNBOOKS)) {
    const text = fs.readFileSync(path.join(RUNBOOKS, page), 'utf8');
    for (const [, link] of text.matchAll(/\]\((?!http)([^)]+)\)/g)) {
      const [file, anchor] = link.split('#');
      const target = fs.readFileSync(path.join(RUNBOOKS, file || page), 'utf8');
      const anchors = [...target.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title.toLowerCase().replace(/ /g, '-'));
      expect(anchor === undefined || anchors.includes(anchor) ? '' : `${page} -> ${link}`).toBe('');
    }
  }
});

describe('rules are derived from figures:', () => {
  it('the brokers and replicas of Kafka', () => {
    expect(expressionOf({ kafkaBrokers: 5 }, 'KafkaBrokerMissing')).toMatch(/ < 5$/);
    expect(expressionOf({ kafkaMinInSyncReplicas: 1 }, 'KafkaTooFewInSyncReplicas')).toMatch(/ < 1$/);
  });

  it("Temporal's history shards", () => {
    expect(expressionOf({ historyShards: 4 }, 'TemporalHistoryShardsMissing')).toMatch(/ < 4$/);
  });

  it('the members of ZooKeeper, of which one alone has no quorum, and none no rules', () => {
    expect(expressionOf({ zookeeperMembers: 5 }, 'ZooKeeperFollowersMissing')).toMatch(/ < 4$/);
    expect(expressionOf({ zookeeperMembers: 1 }, 'ZooKeeperQuorumLost')).toBeUndefined();
    expect(expressionOf({ zookeeperMembers: 1 }, 'ZooKeeperRequestsWaiting')).toBeDefined();
    expect(Object.keys(ruleFiles({ ...FACTS, zookeeperMembers: 0 }))).not.toContain('zookeeper.yaml');
  });

  it('a PostgreSQL of its own', () => {
    expect(Object.keys(ruleFiles(FACTS))).toContain('postgresql.yaml');
    expect(Object.keys(ruleFiles({ ...FACTS, postgresql: false }))).not.toContain('postgresql.yaml');
  });

  it('the jobs that must have a target', () => {
    expect(expressionOf({}, 'TargetMissing')).toBe(
      'absent(up{job="mongodb/mongodb"}) or absent(up{job="wms-platform/order-service"})',
    );
  });
});

describe('the objectives', () => {
  const rules = rulesIn(ruleFiles(FACTS)['objectives.yaml']);

  it.each([
    ['AvailabilityBurn1h', 'service:wms_http_errors:ratio_rate', '1h', '5m', 0.0144, '2m', 'critical'],
    ['AvailabilityBurn6h', 'service:wms_http_errors:ratio_rate', '6h', '30m', 0.006, '15m', 'critical'],
    ['AvailabilityBurn1d', 'service:wms_http_errors:ratio_rate', '1d', '2h', 0.003, '1h', 'warning'],
    ['AvailabilityBurn3d', 'service:wms_http_errors:ratio_rate', '3d', '6h', 0.001, '3h', 'warning'],
    ['LatencyBurn1h', 'service:wms_http_slow:ratio_rate', '1h', '5m', 0.144, '2m', 'critical'],
    ['LatencyBurn6h', 'service:wms_http_slow:ratio_rate', '6h', '30m', 0.06, '15m', 'critical'],
    ['LatencyBurn1d', 'service:wms_http_slow:ratio_rate', '1d', '2h', 0.03, '1h', 'warning'],
    ['LatencyBurn3d', 'service:wms_http_slow:ratio_rate', '3d', '6h', 0.01, '3h', 'warning'],
  ])('%s is in two windows, in the order of the method', (alert, series, long, short, most, time, severity) => {
    expect(rules.find((rule) => rule.alert === alert)).toMatchObject({
      expr: `${series}${long} > ${most} and ${series}${short} > ${most}`,
      for: time,
      labels: { severity },
    });
    for (const window of [long, short]) {
      expect(rules.find(({ record }) => record === `${series}${window}`)!.expr).toContain(`[${window}]`);
    }
  });

  it('are those of the platform, for public services alone', () => {
    expect(OBJECTIVES).toEqual({ availability: 0.999, fastRequests: 0.99, latencySeconds: 0.5 });
    for (const { record, expr } of rules.filter((rule) => rule.record)) {
      expect(`${record}: ${expr}`).toContain(
        'service=~"order-service|picking-service",path!~"/health|/ready|/metrics"',
      );
    }
  });
});

it("What promtool tests of a rule is its text with the series' labels, and nothing where it is silent", () => {
  const file = ruleFiles(FACTS)['mongodb.yaml'];
  const { tests } = promtoolTests('mongodb.yaml', rulesIn(file), cases) as { tests: object[] };
  expect(tests).toHaveLength(8);
  expect(tests[0]).toMatchObject({
    name: 'MongoDbMemberDown fires',
    alert_rule_test: [
      {
        eval_time: '5m',
        exp_alerts: [
          {
            exp_labels: { severity: 'warning', component: 'mongodb', pod: 'mongodb-1' },
            exp_annotations: { summary: 'the member mongodb-1 does not answer its exporter' },
          },
        ],
      },
    ],
  });
  expect(tests[1]).toMatchObject({ name: 'MongoDbMemberDown is silent', alert_rule_test: [{ exp_alerts: [] }] });
});
