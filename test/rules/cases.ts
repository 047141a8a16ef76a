import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';

/** Series, and when they are looked at. */
export interface RuleCase {
  readonly at: string;
  readonly series: Readonly<Record<string, string>>;
  /** The scrape job without a target; where it is given, all others have one. */
  readonly everyJobIsUpBut?: string;
}

/** What makes an alert fire, and what does not. */
export interface AlertCases {
  readonly fires: RuleCase & { readonly labels: Readonly<Record<string, string>> };
  readonly silent: RuleCase;
}

/** A rule as Prometheus reads it. */
export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The cases of every alert. */
export function alertCases(): Record<string, AlertCases> {
  return parse(fs.readFileSync(path.join(__dirname, 'cases.yaml'), 'utf8')) as Record<string, AlertCases>;
}

/** The rules of a file. */
export function rulesIn(file: string): Rule[] {
  return (parse(file) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
}

/** What promtool is to test of a file of rules: every alert, firing with its text, and silent. */
export function promtoolTests(
  file: string,
  rules: readonly Rule[],
  cases: Readonly<Record<string, AlertCases>>,
): object {
  return {
    rule_files: [file],
    evaluation_interval: '1m',
    tests: rules.flatMap((rule) => {
      if (!rule.alert) {
        return [];
      }
      const { fires, silent } = cases[rule.alert];
      return [
        test(rule, fires, [
          { exp_labels: { ...fires.labels, ...rule.labels }, exp_annotations: texts(rule, fires.labels) },
        ]),
        test(rule, silent, []),
      ];
    }),
  };
}

function test(rule: Rule, { at, series, everyJobIsUpBut }: RuleCase, alerts: readonly object[]): object {
  const jobs = everyJobIsUpBut === undefined ? [] : jobsIn(rule.expr).filter((job) => job !== everyJobIsUpBut);
  return {
    name: `${rule.alert} ${alerts.length > 0 ? 'fires' : 'is silent'}`,
    interval: '1m',
    input_series: [
      ...Object.entries(series).map(([name, values]) => ({ series: name, values })),
      ...jobs.map((job) => ({ series: `up{job="${job}"}`, values: '1x60' })),
    ],
    alert_rule_test: [{ eval_time: at, alertname: rule.alert, exp_alerts: alerts }],
  };
}

function jobsIn(expression: string): string[] {
  return [...expression.matchAll(/job="([^"]+)"/g)].map(([, job]) => job);
}

/** The texts of an alert, with labels in their places. */
function texts({ annotations = {} }: Rule, labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      text.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_match, label: string) => labels[label] ?? ''),
    ]),
  );
}
