import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { PublicRoute } from '../../../lib/topology/public-routes';
import { CoreRuleSet } from './core-rule-set';
import { Request } from './exchange';
import { jsonOfForm } from './form';
import { request } from './request';

/** A regression case of the core rule set, sent to one of the APIs. */
export interface Attack {
  /** The rule and the number of the case, as `942100-1`. */
  readonly id: string;
  /** The rules that its authors expect to find it. */
  readonly rules: readonly number[];
  /** Whether its body has a type that no API takes: the type alone is reason to refuse it. */
  readonly foreignType: boolean;
  readonly request: Request;
}

/** The attacks among the cases, and how many of the others there are, by reason. */
export interface Selection {
  readonly attacks: readonly Attack[];
  readonly leftOut: ReadonlyMap<string, number>;
}

interface Input {
  readonly method?: string;
  readonly uri?: string;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly data?: string;
  readonly encoded_request?: string;
  readonly autocomplete_headers?: boolean;
}

interface Stage {
  readonly input: Input;
  readonly output: { readonly expect_error?: boolean; readonly log?: { readonly expect_ids?: readonly number[] } };
}

interface File {
  readonly rule_id: number;
  readonly tests?: readonly { readonly test_id: number; readonly stages: readonly Stage[] }[];
}

/** Methods of HTTP that an API may have; what is none of them is part of the attack. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The pages of the server that the cases are written for: they stand for any page. */
const ANY_PAGE = [
  '',
  '/',
  '/get',
  '/get/',
  '/post',
  '/post/',
  '/put',
  '/patch',
  '/delete',
  '/head',
  '/options',
  '/reflect',
];

/**
 * Rules that the platform has other settings for: methods are the routes', and the number and length of arguments and of
 * uploaded files are not limited by the rule set, but by the size of the body.
 */
const OTHER_SETTINGS = [911100, 920360, 920370, 920380, 920390, 920400, 920410];

/** The cases that the firewall must refuse at a paranoia level, at the public host. */
export function selectAttacks(
  ruleSet: CoreRuleSet,
  paranoiaLevel: number,
  host: string,
  routes: readonly PublicRoute[],
): Selection {
  const attacks: Attack[] = [];
  const leftOut = new Map<string, number>();
  for (const { rule_id: rule, tests = [] } of readCases(ruleSet.cases)) {
    for (const { test_id: number, stages } of tests) {
      const reason = reasonAgainst(stages, ruleSet, paranoiaLevel);
      if (reason) {
        leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
      } else {
        attacks.push(adapt(`${rule}-${number}`, stages[0], host, routes, attacks.length));
      }
    }
  }
  return { attacks, leftOut };
}

function readCases(directory: string): File[] {
  const files = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.yaml'));
  return files.sort().flatMap((file) => {
    // One file has nothing but comments.
    const content = parse(fs.readFileSync(path.join(directory, file), 'utf8')) as File | null;
    return content ? [content] : [];
  });
}

function reasonAgainst(stages: readonly Stage[], { rules }: CoreRuleSet, paranoiaLevel: number): string | undefined {
  const [{ input, output }] = stages;
  const expected = (output.log?.expect_ids ?? []).map((id) => rules.get(id));
  const known = expected.filter((rule) => rule !== undefined);
  if (expected.length === 0) {
    return 'nothing shall be found';
  }
  if (known.length === 0) {
    return 'about answers of services';
  }
  if (stages.length > 1) {
    return 'several requests';
  }
  if (input.encoded_request !== undefined || output.expect_error) {
    return 'no HTTP/1.1';
  }
  if (Object.keys(input.headers ?? {}).some((name) => !/^[-A-Za-z0-9]+$/.test(name))) {
    return 'in a header that nginx takes away';
  }
  if (known.every(({ id }) => OTHER_SETTINGS.includes(id))) {
    return 'about a limit of its own settings';
  }
  if (!known.some((rule) => rule.paranoiaLevel <= paranoiaLevel)) {
    return 'a higher paranoia level';
  }
  return known.some((rule) => rule.paranoiaLevel <= paranoiaLevel && rule.critical) ? undefined : 'a warning alone';
}

/** Sends a case to one of the routes that has its method, in turn. */
function adapt(
  id: string,
  { input, output }: Stage,
  host: string,
  routes: readonly PublicRoute[],
  turn: number,
): Attack {
  const rules = output.log?.expect_ids ?? [];
  const headers = Object.entries(input.headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  const body = bodyOf(id, input, headers);
  const method = input.method ?? 'GET';
  const wanted = METHODS.includes(method) && !routes.some((r) => r.methods.includes(method)) ? 'GET' : method;
  const able = routes.filter((route) => route.methods.includes(wanted));
  const route = (able.length > 0 ? able : routes)[turn % (able.length || routes.length)];
  return {
    id,
    rules,
    foreignType: body.foreignType,
    request: request({
      id,
      method: wanted,
      target: targetOf(input.uri ?? '/', route.path),
      version: input.version,
      headers: body.headers.map(([name, value]) => [name, name === 'Host' && !keepsHost(id, value) ? host : value]),
      body: body.bytes,
      complete: input.autocomplete_headers !== false,
    }),
  };
}

/** Whether a host is the attack itself, and not just where the application of a case is. */
function keepsHost(id: string, host: string): boolean {
  return id.startsWith('920') && host !== 'localhost';
}

/** The target of a request, below a route; one that is no path is part of the attack. */
function targetOf(uri: string, route: string): string {
  if (uri !== '' && !uri.startsWith('/')) {
    return uri;
  }
  const [, page, rest] = /^([^?#]*)(.*)$/s.exec(uri)!;
  return `${route}${ANY_PAGE.includes(page) ? '' : page}${rest}`;
}

interface Body {
  readonly bytes?: Buffer;
  readonly headers: readonly (readonly [string, string])[];
  readonly foreignType: boolean;
}

const FORM = 'application/x-www-form-urlencoded';

/**
 * The APIs take JSON: a form's fields become its fields, so that what is in them is looked at, and not only the type
 * refused. Cases about types and lengths keep theirs.
 */
function bodyOf(id: string, { data, autocomplete_headers: complete }: Input, headers: Body['headers']): Body {
  if (data === undefined) {
    return { headers, foreignType: false };
  }
  const [, type = FORM] = headers.find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  const isForm = type.split(';')[0].trim() === FORM;
  const keeps =
    id.startsWith('920') || complete === false || headers.some(([n]) => n.toLowerCase() === 'content-length');
  if (isForm && !keeps) {
    const others = headers.filter(([name]) => name.toLowerCase() !== 'content-type');
    return { bytes: jsonOfForm(data), headers: [...others, ['Content-Type', 'application/json']], foreignType: false };
  }
  const stated = headers.some(([name]) => name.toLowerCase() === 'content-type') || complete === false;
  return {
    bytes: Buffer.from(data),
    headers: stated ? headers : [...headers, ['Content-Type', FORM]],
    foreignType: !/^application\/json\b/.test(type),
  };
}
