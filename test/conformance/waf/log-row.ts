import { Row } from '../report';
import { Answer } from './exchange';
import { SECRETS } from './border-row';
import { LogLine } from './firewall';
import { few, Trial } from './trial';

/** That the logs hold every request, and of those that are refused why, but no secrets. */
export function logRow(trial: Trial, subject: string): Row {
  const { log, outcome } = trial;
  const requests = new Map(log.filter((line) => line.request_id).map((line) => [line.request_id as string, line]));
  const audits = log.filter((line) => line.transaction);
  const text = log.map((line) => JSON.stringify(line));
  const refused = outcome.answers.filter(({ status, arrivals }) => status === 403 && arrivals.length === 0);
  return {
    part: 'waf',
    check: 'logs what it refuses',
    subject,
    figures: `${requests.size} requests, ${audits.length} in the audit log`,
    faults: few([
      ...log.filter(({ torn }) => torn).map(({ torn }) => `a line is torn: ${String(torn).slice(0, 200)}`),
      ...refused.flatMap((answer) => auditFaults(answer, trial, requests)),
      ...(requests.size < outcome.answers.length
        ? [`${requests.size} requests are logged of ${outcome.answers.length}`]
        : []),
      ...SECRETS.filter((secret) => text.some((line) => line.includes(secret))).map(
        (secret) => `the log holds a ${secret}`,
      ),
      ...audits
        .filter(holdsMore)
        .map(({ transaction }) => `the audit log has headers or bodies of ${transaction.unique_id}`),
    ]),
  };
}

/** A refused request stands in both logs, under one name, with the rules that are against it. */
function auditFaults(answer: Answer, trial: Trial, requests: ReadonlyMap<string, { status?: string }>): string[] {
  const audit = trial.auditOf(answer);
  if (!audit) {
    return [`${answer.id} is refused, and not in the audit log`];
  }
  return [
    ...(trial.rulesAgainst(answer).length > 0 ? [] : [`${answer.id} is in the audit log without a rule`]),
    ...(requests.get(audit.unique_id as string)?.status === '403'
      ? []
      : [`${answer.id} has another name in the log of requests`]),
  ];
}

function holdsMore({ transaction: { request, response } }: LogLine): boolean {
  return [request, response].some((part: object) => 'headers' in part || 'body' in part);
}
