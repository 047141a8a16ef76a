import { Row } from '../report';
import { Attack, Selection } from './attacks';
import { DIFFERENCES } from './differences';
import { few, Trial } from './trial';

/** The attacks that a whole run must have refused by the rules they are written for. */
const ENOUGH = 500;

/** That attacks are refused, and by what. */
export function attackRows({ attacks, leftOut }: Selection, trial: Trial, subject: string, isWhole: boolean): Row[] {
  const refusals = attacks.map((attack) => ({ attack, by: refusalOf(attack, trial) }));
  const passed = refusals.filter(({ by }) => by === undefined).map(({ attack }) => attack);
  const count = (by: Refusal) => refusals.filter((refusal) => refusal.by === by).length;
  const own = count('its rule');
  const refused = refusals.length - passed.length;
  const sum = [...leftOut.values()].reduce((total, one) => total + one, 0);
  const reasons = [...leftOut].sort(([, a], [, b]) => b - a).map(([reason, number]) => `${number} ${reason}`);
  return [
    {
      part: 'waf',
      check: 'refuses attacks',
      subject,
      figures:
        `${refused} of ${attacks.length} refused: ${own} by the rule of the case, ${count('another rule')} by another, ` +
        `${count('its type')} for a type that no API takes, ${count('HTTP')} as no HTTP`,
      faults: few([
        ...(isWhole && own < ENOUGH ? [`only ${own} attacks are refused by their rules; wanted: ${ENOUGH}`] : []),
        ...passed
          .filter(({ id }) => !(id in DIFFERENCES))
          .map(
            ({ id, rules, request }) =>
              `attack ${id} (rule ${rules.join(', ')}) ${trial.fateOf(trial.answerTo(request))}`,
          ),
      ]),
    },
    {
      part: 'waf',
      check: 'names what differs',
      subject,
      figures: `${passed.filter(({ id }) => id in DIFFERENCES).length} cases pass with a reason, ${sum} are left out: ${reasons.join(', ')}`,
      faults: refusals
        .filter(({ attack, by }) => attack.id in DIFFERENCES && by !== undefined)
        .map(({ attack }) => `${attack.id} is refused now: it differs no longer`),
    },
  ];
}

type Refusal = 'its rule' | 'another rule' | 'its type' | 'HTTP';

/** Why the firewall has refused an attack; a path that is no route says nothing about attacks. */
function refusalOf(attack: Attack, trial: Trial): Refusal | undefined {
  const answer = trial.answerTo(attack.request);
  const isRefused = (answer.status >= 400 && answer.status < 500 && answer.status !== 404) || answer.status === 505;
  if (!isRefused || answer.arrivals.length > 0) {
    return undefined;
  }
  const rules = trial.rulesAgainst(answer);
  if (attack.rules.some((rule) => rules.includes(rule))) {
    return 'its rule';
  }
  if (attack.foreignType) {
    return 'its type';
  }
  return rules.length > 0 ? 'another rule' : 'HTTP';
}
