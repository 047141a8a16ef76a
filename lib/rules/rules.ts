import { Yaml } from 'cdk8s';
import { mongodbRules, postgresqlRules } from './data';
import { ingressRules } from './ingress';
import { kubernetesRules } from './kubernetes';
import { kafkaRules, zookeeperRules } from './messages';
import { objectiveRules } from './objectives';
import { observabilityRules } from './observability';
import { AlertRule, RuleFacts, RuleGroup } from './rule';
import { serviceRules } from './services';
import { temporalRules } from './temporal';

/** Where the pages of runbooks are. */
const RUNBOOKS = 'https://github.com/temporal-wms/cdk8s-wms-platform/blob/main/docs/runbooks';

/** Every rule of the platform. */
export function ruleGroups(facts: RuleFacts): RuleGroup[] {
  return [
    objectiveRules(facts),
    serviceRules(),
    kubernetesRules(facts),
    mongodbRules(facts),
    kafkaRules(facts),
    ...(facts.zookeeperMembers > 0 ? [zookeeperRules(facts)] : []),
    ...(facts.postgresql ? [postgresqlRules()] : []),
    temporalRules(facts),
    ingressRules(),
    observabilityRules(),
  ];
}

/** Where the runbook of an alert is. */
export function runbookUrl(group: string, alert: string): string {
  return `${RUNBOOKS}/${group}.md#${alert.toLowerCase()}`;
}

/** The rules as Prometheus reads them: a file for each component. */
export function ruleFiles(facts: RuleFacts): Record<string, string> {
  return Object.fromEntries(
    ruleGroups(facts).map((group) => [
      `${group.name}.yaml`,
      Yaml.stringify({
        groups: [
          ...(group.records
            ? [{ name: `${group.name}-records`, rules: group.records.map((rule) => ({ ...rule })) }]
            : []),
          { name: group.name, rules: group.alerts.map((rule) => alertOf(group.name, rule)) },
        ],
      }),
    ]),
  );
}

function alertOf(group: string, rule: AlertRule): object {
  const { alert, expr, severity, labels, summary, description } = rule;
  return {
    alert,
    expr,
    ...(rule.for === '0m' ? {} : { for: rule.for }),
    labels: { severity, component: group, ...labels },
    annotations: { summary, description, runbook_url: runbookUrl(group, alert) },
  };
}
