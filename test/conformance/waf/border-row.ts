import { Row } from '../report';
import { ANSWER_HEADER, Answer, Request } from './exchange';
import { STRANGER } from './firewall';
import { clientAddress, forwarded } from './legitimate-row';
import { request } from './request';
import { few, Trial } from './trial';

/** A request at the border of what is allowed. */
interface Border {
  readonly what: string;
  readonly status: number;
  /** Whether a service sees it. */
  readonly arrives: boolean;
  readonly request: Request;
  /** What else must be, a sentence for each thing that is not. */
  readonly faults?: (answer: Answer) => string[];
}

const ORDERS = '/api/v1/orders';

const LIMIT = 1024 * 1024;

/** Other addresses than those of ordinary requests. */
const FIRST_CLIENT = 60_000;

/** A client that says it speaks for another. */
const BEHIND = '203.0.113.7';

/** What is told to be a secret must be in no log. */
export const SECRETS = ['secret-of-authorization', 'secret-of-cookie', 'secret-of-body'];

interface Options {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly json?: string;
  readonly from?: string;
}

/** Requests that are refused for what they are, not for what is in them, and those just inside. */
export function borderRequests(host: string): Border[] {
  let count = 0;
  const border = (
    what: string,
    status: number,
    arrives: boolean,
    options: Options,
    faults?: Border['faults'],
  ): Border => {
    const { method = 'GET', target = ORDERS, json, from, headers = [] } = options;
    const client = from ?? clientAddress(FIRST_CLIENT + count);
    const own = new Set(headers.map(([name]) => name));
    const added = [...forwarded(host, client), ['User-Agent', 'wms-web/4.2'] as const, ['Accept', '*/*'] as const];
    const all = [...added.filter(([name]) => !own.has(name)), ...headers];
    const body = json === undefined ? undefined : Buffer.from(json);
    const typed =
      json === undefined || own.has('Content-Type') ? all : [...all, ['Content-Type', 'application/json'] as const];
    return {
      what,
      status,
      arrives,
      faults,
      request: request({ id: `border-${count++}`, method, target, headers: typed, body, from, client }),
    };
  };
  const post = (json: string) => ({ method: 'POST', json });
  const note = (length: number) => `{"note":"${'-'.repeat(10)}${'note '.repeat(length / 5)}"}`;
  return [
    ...['/', '/api/v1/inventory', '/api/v1/orders-archive', '/api/v1', '/health', '/metrics', '/healthz'].map(
      (target) => border(`the path ${target}`, 404, false, { target }),
    ),
    ...['wms.example.org', `other.${host}`].map((other) =>
      border(`the host ${other}`, 421, false, { headers: [['Host', other]] }),
    ),
    ...['DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND'].map((method) =>
      border(`${method} ${ORDERS}`, 405, false, { method }),
    ),
    border('POST of what is no JSON', 400, false, post('{"note":')),
    border('POST of nested arrays', 400, false, post('['.repeat(100) + ']'.repeat(100))),
    border('POST of more fields than anybody has', 400, false, post(`[${'1,'.repeat(2000)}1]`)),
    border('POST of 990 ids', 200, true, { ...post(`[${'"ORD-1",'.repeat(989)}"ORD-1"]`), target: '/api/v1/waves' }),
    border('POST of 100 KiB', 200, true, post(note(100 * 1024))),
    border('POST of 1 MiB and a byte', 413, false, post(note(LIMIT))),
    border('POST of XML', 403, false, { ...post('<order/>'), headers: [['Content-Type', 'application/xml']] }),
    ...[404, 409, 422, 500, 503].map((status) =>
      border(`a service's ${status}`, status, true, { headers: [[ANSWER_HEADER, `${status}`]] }, ({ body }) =>
        body.includes('from the service') ? [] : [`a service's ${status} arrives with another body`],
      ),
    ),
    border(
      'a client that names others before it',
      200,
      true,
      { headers: [['X-Forwarded-For', `192.0.2.66, ${BEHIND}`]] },
      isClient(BEHIND),
    ),
    border(
      'who is no proxy, with a word on its client',
      200,
      true,
      { from: STRANGER, headers: [['X-Forwarded-For', clientAddress(0)]] },
      isClient(STRANGER),
    ),
    border('an attack with secrets beside it', 403, false, {
      ...post(`{"card":"${SECRETS[2]}"}`),
      target: `${ORDERS}?q=1%27%20OR%20%271%27=%271`,
      headers: [
        ['Authorization', `Bearer ${SECRETS[0]}`],
        ['Cookie', `session=${SECRETS[1]}`],
      ],
    }),
  ];
}

function isClient(address: string): Border['faults'] {
  return ({ arrivals }) => {
    const seen = String(arrivals[0]?.headers['x-real-ip']);
    return seen === address ? [] : [`a service takes ${seen} for the client; expected: ${address}`];
  };
}

/** That each is answered as it should be. */
export function borderRow(borders: readonly Border[], trial: Trial, subject: string): Row {
  return {
    part: 'waf',
    check: 'keeps to its routes and limits',
    subject,
    figures: `${borders.length} requests`,
    faults: few(
      borders.flatMap(({ what, status, arrives, request: sent, faults }) => {
        const answer = trial.answerTo(sent);
        const isRight = answer.status === status && answer.arrivals.length === (arrives ? 1 : 0);
        return isRight ? (faults?.(answer) ?? []) : [`${what} ${trial.fateOf(answer)}; expected: ${status}`];
      }),
    ),
  };
}
