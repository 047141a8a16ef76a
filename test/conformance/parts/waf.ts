import { SERVICES } from '../../../lib/topology/services';
import { breaks, Breakage } from '../breakage';
import { Distribution } from '../distribution';
import { Row } from '../report';
import { attackRows } from '../waf/attack-row';
import { selectAttacks } from '../waf/attacks';
import { borderRequests, borderRow } from '../waf/border-row';
import { coreRuleSet, CoreRuleSet } from '../waf/core-rule-set';
import { Firewall } from '../waf/firewall';
import { legitimateRows, passingRequests } from '../waf/legitimate-row';
import { logRow } from '../waf/log-row';
import { requirePackages } from '../waf/requirements';
import { Trial } from '../waf/trial';
import { Workspace } from '../workspace';

/** Of which attacks the proofs take one: they need no more to see that a check fails. */
const PROOF_SAMPLE = 12;

/** Starts the firewall as its pod does, and sends it attacks and ordinary requests. */
export function checkWaf(workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  return check(workspace, distribution, 1);
}

/** The same, with some of the attacks. */
export function checkWafBriefly(workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  return check(workspace, distribution, PROOF_SAMPLE);
}

async function check(workspace: Workspace, distribution: Distribution, sample: number): Promise<Row[]> {
  requirePackages();
  const subject = distribution.name;
  const ruleSet = await coreRuleSet(workspace);
  const firewall = await Firewall.start(workspace, distribution, ruleSet);
  try {
    const { host, paranoiaLevel } = firewall;
    const routes = SERVICES.flatMap(({ publicRoutes = [] }) => publicRoutes);
    const all = selectAttacks(ruleSet, paranoiaLevel, host, routes);
    const selection = { ...all, attacks: all.attacks.filter((_, index) => index % sample === 0) };
    const passing = passingRequests(host);
    const borders = borderRequests(host);
    const sent = [...selection.attacks, ...passing, ...borders].map(({ request }) => request);
    const outcome = await firewall.send(sent);
    const trial = new Trial(outcome, await firewall.log(outcome.answers.length));
    return [
      startRow(firewall, ruleSet, trial, await firewall.memory(), subject),
      ...attackRows(selection, trial, subject, sample === 1),
      ...legitimateRows(passing, trial, host, subject),
      borderRow(borders, trial, subject),
      logRow(trial, subject),
    ];
  } finally {
    await firewall.stop();
  }
}

/** That it is the rule set of its image which is proven, and that it says it is well. */
function startRow(firewall: Firewall, ruleSet: CoreRuleSet, trial: Trial, memory: number, subject: string): Row {
  const { status, body } = trial.outcome.health;
  const shipped = firewall.image.split(':').pop()!;
  const minor = (version: string) => version.split(/[.-]/).slice(0, 2).join('.');
  const engine = trial.log.find((line) => line.transaction)?.transaction.producer.modsecurity as string | undefined;
  return {
    part: 'waf',
    check: 'starts as its pod does',
    subject,
    figures: `core rule set ${ruleSet.version}, ${engine ?? 'ModSecurity'}, ${memory} MiB`,
    faults: [
      ...(minor(shipped) === minor(ruleSet.version)
        ? []
        : [`the image has core rule set ${minor(shipped)}; proven is ${ruleSet.version}`]),
      ...(status === 200 && body === 'ok' ? [] : [`its health page says ${status} ${body}`]),
      ...trial.outcome.strangers.map(({ service, url }) => `${service} gets ${url}, which nobody has sent`),
    ],
  };
}

const CONFIG = 'ConfigMap ingress/waf';

/** A firewall that lets attacks pass, lacks a route, or is of another version. */
export const WAF_BREAKAGES: readonly Breakage[] = [
  changesFile(
    'a firewall that only detects',
    'modsecurity.conf',
    /^SecRuleEngine On$/m,
    'SecRuleEngine DetectionOnly',
    /^attack \d+-\d+ \(rule \d+.*\) is answered with 200, .*reaches \w+-service$/,
  ),
  changesFile(
    'a route that is missing',
    'nginx.conf',
    /location ~ \^\/api\/v1\/tasks/,
    'location ~ ^/api/v1/chores',
    /^\w+ \/api\/v1\/tasks\S* is answered with 404$/,
  ),
  breaks(
    'an image with another rule set',
    'Deployment ingress/waf',
    ({ spec }) => (spec.template.spec.containers[0].image = 'docker.io/owasp/modsecurity-crs:4.26.0-nginx-alpine-lts'),
    /^the image has core rule set 4\.26; proven is 4\.25\.0$/,
  ),
  changesFile(
    'methods that a route does not have',
    'nginx.conf',
    /\^\(GET\|POST\|PUT\)\$/,
    '^(GET|PATCH|POST|PUT)$',
    /^PATCH \/api\/v1\/orders is answered with 200, .*expected: 405$/,
  ),
];

/** A firewall that writes secrets into its log, or takes the word of anybody for who the client is. */
export const WAF_LOG_BREAKAGES: readonly Breakage[] = [
  changesFile(
    'an audit log with headers and bodies',
    'modsecurity.conf',
    /^SecAuditLogParts AHZ$/m,
    'SecAuditLogParts ABCHZ',
    /^the log holds a secret-of-cookie$/,
  ),
  changesFile(
    'trust in everybody',
    'nginx.conf',
    / {2}real_ip_header/,
    '  set_real_ip_from 0.0.0.0/0;\n  real_ip_header',
    /^a service takes 198\.18\.\d+\.\d+ for the client; expected: 198\.51\.100\.9$/,
  ),
  changesFile(
    'a body limit of megabytes',
    'nginx.conf',
    /client_max_body_size \d+;/,
    'client_max_body_size 8m;',
    /^POST of 1 MiB and a byte is answered with/,
  ),
];

/** A breakage of one of the firewall's files. */
function changesFile(title: string, file: string, from: RegExp, to: string, says: RegExp): Breakage {
  return breaks(title, CONFIG, ({ data }) => (data[file] = data[file].replace(from, () => to)), says);
}
