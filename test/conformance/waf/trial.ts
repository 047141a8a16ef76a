import { Answer, Outcome, Request } from './exchange';
import { LogLine } from './firewall';

/** What a firewall has done with some requests, and said of them. */
export class Trial {
  private readonly answers: ReadonlyMap<string, Answer>;
  private readonly audits: ReadonlyMap<string, LogLine>;

  public constructor(
    public readonly outcome: Outcome,
    public readonly log: readonly LogLine[],
  ) {
    this.answers = new Map(outcome.answers.map((answer) => [answer.id, answer]));
    const audits = log.filter((line) => line.transaction);
    this.audits = new Map(audits.map(({ transaction }) => [transaction.client_ip, transaction]));
  }

  /** What has come of a request. */
  public answerTo({ id }: Pick<Request, 'id'>): Answer {
    return this.answers.get(id)!;
  }

  /** The rules that have found something in a request, as the audit log has them. */
  public rulesAgainst(answer: Answer): number[] {
    const messages = (this.auditOf(answer)?.messages ?? []) as { details: { ruleId: string } }[];
    return messages.map(({ details }) => Number(details.ruleId));
  }

  /** What the audit log has of a request. */
  public auditOf(answer: Answer): LogLine | undefined {
    return this.audits.get(answer.client);
  }

  /** What became of a request, in words. */
  public fateOf(answer: Answer): string {
    const rules = this.rulesAgainst(answer);
    const [arrival] = answer.arrivals;
    return [
      answer.status === 0 ? 'gets no answer' : `is answered with ${answer.status}`,
      ...(rules.length > 0 ? [`rules ${rules.join(' ')}`] : []),
      ...(arrival ? [`reaches ${arrival.service.split('.')[0]}`] : []),
    ].join(', ');
  }
}

/** A few sentences in place of hundreds that say the same. */
export function few(sentences: readonly string[]): string[] {
  const most = 10;
  const rest = sentences.length - most;
  return rest > 0 ? [...sentences.slice(0, most), `and ${rest} more`] : [...sentences];
}
