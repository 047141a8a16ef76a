import { INTERNET_ADDRESS } from '../node/addresses';
import { Node } from '../node/node';
import { Breakage, breaks } from '../breakage';
import type { Visit, Visited } from '../edge/browser';
import { Edge } from '../edge/edge';
import { checkExposed, proveExposed } from '../metrics/exposed';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** Says what is wrong with what has come of a visit; nothing where all is well. */
type Expectation = (visited: Visited) => string | undefined;

const SUBJECT = 'development with a provider';

type Case = Visit & { readonly expect: Expectation };

/** Traefik, the firewall and the logins run on a real node as development's manifests say; people and programs visit. */
export async function checkEdge(workspace: Workspace): Promise<Row[]> {
  const distribution = Edge.distribution(workspace);
  const node = await Node.start(workspace);
  try {
    const edge = await Edge.prepare(workspace, node, distribution);
    const began = Date.now();
    const faults = await edge.start();
    const rows = [row('pods start', `4 workloads, ${Math.round((Date.now() - began) / 1000)} s`, faults)];
    if (faults.length > 0) {
      return rows;
    }
    rows.push(await checkApi(edge), await checkAddresses(edge), await checkLogins(edge));
    const exposing = { node, distribution, part: 'edge', subject: SUBJECT };
    rows.push(await checkExposed(exposing), ...(await proveExposed(exposing, 'ingress/ingress-controller')));
    rows.push(await checkAway(edge));
    for (const breakage of BREAKAGES) {
      const directory = node.file(`breakage-${breakage.title.replace(/\W+/g, '-')}`);
      const broken = edge.with(distribution.changed(directory, (manifests) => breakage.change(manifests)));
      const found = [...(await broken.start()), ...(await checkLogins(broken)).faults];
      const known = found.some((fault) => breakage.says.test(fault));
      rows.push(
        row(`finds ${breakage.title}`, '', known ? [] : [`${breakage.says} is not among: ${found.join('; ')}`]),
      );
    }
    return rows;
  } finally {
    await node.stop();
  }
}

function row(check: string, figures: string, faults: readonly string[]): Row {
  return { part: 'edge', check, subject: SUBJECT, figures, faults };
}

async function visitAll(edge: Edge, cases: readonly Case[]): Promise<string[]> {
  const visited = await edge.visit(cases);
  return cases.flatMap(({ name, expect }, index) => {
    const fault = expect(visited[index]);
    return fault ? [`${name}: ${fault}`] : [];
  });
}

const status =
  (...wanted: number[]): Expectation =>
  (visited) =>
    wanted.includes(visited.status)
      ? undefined
      : `is answered with ${visited.status} ${visited.body.trim().slice(0, 80)}; expected: ${wanted.join(' or ')}`;

/** Requests get to the service, or are refused by whom they should be. */
async function checkApi(edge: Edge): Promise<Row> {
  const api = `https://${edge.host('api')}`;
  const json = { 'content-type': 'application/json' };
  const secure = `https://${edge.host('api')}:30443/api/v1/orders?page=2`;
  const cases: Case[] = [
    { name: 'GET of a route', url: `${api}/api/v1/orders/42`, expect: status(200) },
    { name: 'POST', url: `${api}/api/v1/orders`, method: 'POST', headers: json, body: '{"a":1}', expect: status(200) },
    ...[400, 404, 409, 500, 503].map((code) => ({
      name: `${code} of the service`,
      url: `${api}/api/v1/orders`,
      headers: { 'x-answer': `${code}` },
      expect: status(code),
    })),
    { name: 'no route', url: `${api}/api/v1/items`, expect: status(404) },
    { name: 'another method', url: `${api}/api/v1/orders`, method: 'DELETE', expect: status(405) },
    { name: 'an attack', url: `${api}/api/v1/orders?q=${encodeURIComponent("1' OR '1'='1' --")}`, expect: status(403) },
    { name: 'another host', url: 'https://other.example.com/api/v1/orders', expect: status(404) },
    {
      name: 'a body of 2 MiB',
      url: `${api}/api/v1/orders`,
      method: 'POST',
      headers: json,
      body: JSON.stringify('x'.repeat(2 * 1024 * 1024)),
      expect: status(413),
    },
    {
      name: 'a header with an underscore',
      url: `${api}/api/v1/orders`,
      headers: { x_forwarded_for: '1.2.3.4' },
      expect: status(400),
    },
    {
      name: 'HTTP',
      url: `http://${edge.host('api')}/api/v1/orders?page=2`,
      expect: ({ status: code, headers }) =>
        [301, 308].includes(code) && headers.location === secure
          ? undefined
          : `is answered with ${code} to ${String(headers.location)}; expected: a redirection to ${secure}`,
    },
  ];
  return row('requests end where they should', `${cases.length} requests`, await visitAll(edge, cases));
}

/** The service learns who the client is, whatever the client says. */
async function checkAddresses(edge: Edge): Promise<Row> {
  const [{ status: code, body }] = await edge.visit([
    {
      name: 'a client that lies',
      url: `https://${edge.host('api')}/api/v1/orders`,
      headers: { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7', 'x-forwarded-proto': 'http' },
    },
  ]);
  const { headers = {}, host = '' } = (code === 200 ? JSON.parse(body) : {}) as {
    headers?: Record<string, string[]>;
    host?: string;
  };
  const seen = (name: string) => (headers[name] ?? []).join(', ');
  const wanted: Record<string, string> = {
    'X-Real-Ip': INTERNET_ADDRESS,
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': edge.host('api'),
  };
  return row('the service knows its client', seen('X-Forwarded-For'), [
    ...Object.entries(wanted)
      .filter(([name, value]) => seen(name) !== value)
      .map(([name, value]) => `${name} is '${seen(name)}'; expected: ${value}`),
    ...(seen('X-Forwarded-For').includes('203.0.113.7') ? ['X-Forwarded-For holds what the client has said'] : []),
    ...(seen('X-Forwarded-For').startsWith(INTERNET_ADDRESS) ? [] : ['X-Forwarded-For does not begin with the client']),
    ...(/^[0-9a-f]{32}$/.test(seen('X-Request-Id')) ? [] : [`X-Request-Id is '${seen('X-Request-Id')}'`]),
    ...(host === 'order-service.wms-platform.svc.cluster.local:8001' ? [] : [`Host is '${host}'`]),
  ]);
}

/** Who is in a page's group gets there, and nobody else does. */
async function checkLogins(edge: Edge): Promise<Row> {
  const page = `https://${edge.host('temporal')}`;
  const cases: Case[] = [
    {
      name: 'nobody',
      url: `${page}/namespaces`,
      expect: ({ status: code, headers }) =>
        code === 302 && String(headers.location).startsWith('https://login.example.com/auth?')
          ? undefined
          : `is answered with ${code} to ${String(headers.location)}; expected: a redirection to the provider`,
    },
    { name: "a script's request", url: `${page}/api/v1/namespaces`, expect: status(401) },
    {
      name: 'a forged session',
      url: `${page}/api/v1/namespaces`,
      headers: { cookie: `__Host-wms-temporal=${Buffer.from('otto').toString('base64')}|1|x` },
      expect: status(401),
    },
    { name: 'a forged user', url: `${page}/api/x`, headers: { 'x-forwarded-user': 'otto' }, expect: status(401) },
    { name: 'a viewer at Temporal', url: `${page}/namespaces`, user: 'vera', expect: status(403) },
    { name: 'somebody without groups', url: `${page}/namespaces`, user: 'nora', expect: status(403) },
    { name: 'an operator at Temporal', url: `${page}/namespaces?a=b`, user: 'otto', expect: arrives },
  ];
  return row('a login for each page', `${cases.length} visits`, await visitAll(edge, cases));
}

function arrives({ status: code, body, url, cookies }: Visited): string | undefined {
  if (code !== 200) {
    return `ends at ${url} with ${code} ${body.trim().slice(0, 120)}; expected: 200`;
  }
  const {
    headers,
    host,
    url: asked,
  } = JSON.parse(body) as {
    headers: Record<string, string[]>;
    host: string;
    url: string;
  };
  const session = cookies.filter((cookie) => /^__Host-wms-temporal(_\d+)?=./.test(cookie));
  const open = session.find((cookie) => !/; HttpOnly/i.test(cookie) || !/; Secure/i.test(cookie));
  const wrong = [
    ...(asked === '/namespaces?a=b' ? [] : [`it is asked for ${asked}`]),
    ...(headers['X-Forwarded-Groups']?.[0] === 'wms-operators' ? [] : ['the page is not told the groups']),
    ...(headers['X-Forwarded-Email']?.[0] === 'otto@example.com' ? [] : ['the page is not told who it is']),
    ...(host.startsWith('temporal-ui.temporal.svc.') ? [] : [`Host is ${host}`]),
    ...(session.length > 0 ? [] : ['no session is set']),
    ...(open ? ['the session can be read by scripts or without HTTPS'] : []),
    ...(headers.Authorization || headers['X-Forwarded-Access-Token'] ? ['the page is given a token'] : []),
  ];
  return wrong.join(', ') || undefined;
}

/** A service that is away is an error of the server's side, and soon. */
async function checkAway(edge: Edge): Promise<Row> {
  await edge.removeService();
  const began = Date.now();
  const url = `https://${edge.host('api')}/api/v1/orders`;
  const faults = await visitAll(edge, [{ name: 'a service without pods', url, expect: status(502, 503, 504) }]);
  return row('a service that is away', `${((Date.now() - began) / 1000).toFixed(1)} s`, faults);
}

const TEMPORAL_LOGIN = 'Deployment ingress/oidc-proxy-temporal';

const BREAKAGES: readonly Breakage[] = [
  breaks(
    'a login that lets everybody in',
    TEMPORAL_LOGIN,
    ({ spec }) => {
      const [container] = spec.template.spec.containers;
      container.args = container.args.filter((arg: string) => !arg.startsWith('--allowed-group='));
    },
    /^a viewer at Temporal: is answered with 200 /,
  ),
];
