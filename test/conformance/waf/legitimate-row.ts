import { PublicRoute } from '../../../lib/topology/public-routes';
import { SERVICES } from '../../../lib/topology/services';
import { Row } from '../report';
import { Request } from './exchange';
import { Legitimate, legitimateRequests } from './legitimate';
import { request } from './request';
import { few, Trial } from './trial';

/** The requests that must pass. */
const ENOUGH = 200;

/** An address of its own for each client on the internet. */
export function clientAddress(index: number): string {
  return `198.18.${index >> 8}.${index & 255}`;
}

/** A request of a client, as the ingress controller passes it on, and the service that it is for. */
export interface Passing {
  readonly request: Request;
  readonly legitimate: Legitimate;
  readonly service: string;
  readonly body: Buffer;
}

/** What the ingress controller adds to a request. */
export function forwarded(host: string, client: string): [string, string][] {
  return [
    ['Host', host],
    ['X-Forwarded-For', client],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Host', host],
  ];
}

/** Requests over every route and method of the public APIs. */
export function passingRequests(host: string): Passing[] {
  return legitimateRequests().map((legitimate, index) => {
    const { method, target, body, headers = {} } = legitimate;
    const text = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const usual = {
      'User-Agent': 'wms-web/4.2',
      Accept: 'application/json',
      Authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
    };
    const type = text ? { 'Content-Type': 'application/json; charset=utf-8' } : {};
    const client = clientAddress(index);
    const all = [...forwarded(host, client), ...Object.entries({ ...usual, ...type, ...headers })];
    return {
      request: request({ id: `legitimate-${index}`, method, target, headers: all, body: text, client }),
      legitimate,
      service: serviceOf(target),
      body: text ?? Buffer.alloc(0),
    };
  });
}

/** The service whose API a target belongs to, as the topology says. */
function serviceOf(target: string): string {
  const below = ({ path }: PublicRoute) => `${target}/`.startsWith(`${path}/`) || target.startsWith(`${path}?`);
  return SERVICES.find(({ publicRoutes = [] }) => publicRoutes.some(below))!.name;
}

/** That ordinary requests reach their service unchanged, with word of who has sent them. */
export function legitimateRows(passing: readonly Passing[], trial: Trial, host: string, subject: string): Row[] {
  const faults = passing.flatMap((one) => faultsOf(one, trial, host));
  const used = new Set(passing.map(({ legitimate: { method, target } }) => `${method} ${routeOf(target)}`));
  const all = SERVICES.flatMap(({ publicRoutes = [] }) =>
    publicRoutes.flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`)),
  );
  const missing = all.filter((one) => !used.has(one));
  return [
    {
      part: 'waf',
      check: 'lets the APIs work',
      subject,
      figures: `${passing.length} requests, ${used.size} methods of routes`,
      faults: few([
        ...(passing.length < ENOUGH ? [`only ${passing.length} requests; wanted: ${ENOUGH}`] : []),
        ...missing.map((one) => `no request is ${one}`),
        ...faults,
      ]),
    },
  ];
}

function routeOf(target: string): string {
  return target.split(/[/?]/).slice(0, 4).join('/');
}

function faultsOf({ request: sent, legitimate, service, body }: Passing, trial: Trial, host: string): string[] {
  const { method, target } = legitimate;
  const answer = trial.answerTo(sent);
  const [arrival, ...more] = answer.arrivals;
  if (answer.status !== 200 || !arrival || more.length > 0) {
    return [`${method} ${target} ${trial.fateOf(answer)}`];
  }
  const upstream = `${arrival.service}:`;
  const expected: Record<string, unknown> = {
    service,
    method,
    target,
    body: body.toString('base64'),
    host: upstream,
    'x-forwarded-for': `${answer.client}, ${answer.from}`,
    'x-real-ip': answer.client,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': host,
    connection: undefined,
    authorization: 'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
  };
  const { headers } = arrival;
  const seen: Record<string, unknown> = {
    ...headers,
    service: arrival.service.split('.')[0],
    method: arrival.method,
    target: arrival.url,
    body: arrival.body,
    host: headers.host?.slice(0, upstream.length),
  };
  const changed = Object.keys(expected).filter((name) => seen[name] !== expected[name]);
  return [
    ...changed.map(
      (name) => `${method} ${target} arrives with ${name} ${String(seen[name])}; expected: ${String(expected[name])}`,
    ),
    ...(/^[0-9a-f]{32}$/.test(String(headers['x-request-id']))
      ? []
      : [`${method} ${target} arrives without X-Request-ID`]),
  ];
}
