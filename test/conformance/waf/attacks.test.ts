import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { stringify } from 'yaml';
import { selectAttacks } from './attacks';
import { CoreRuleSet } from './core-rule-set';

const HOST = 'api.example.org';

const ROUTES = [
  { path: '/api/v1/orders', methods: ['GET', 'POST'] },
  { path: '/api/v1/waves', methods: ['DELETE', 'GET'] },
];

const RULES = [
  { id: 942100, paranoiaLevel: 1, critical: true },
  { id: 942101, paranoiaLevel: 2, critical: true },
  { id: 920280, paranoiaLevel: 1, critical: false },
  { id: 920360, paranoiaLevel: 1, critical: true },
  { id: 920350, paranoiaLevel: 1, critical: true },
];

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cases-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** What becomes of one case. */
function select(input: object, output: object = {}, rule = 942100, stages = 1) {
  const stage = { input, output: { log: { expect_ids: [rule] }, ...output } };
  const file = { rule_id: rule, tests: [{ test_id: 7, stages: Array.from({ length: stages }, () => stage) }] };
  fs.writeFileSync(path.join(directory, `${rule}.yaml`), stringify(file));
  const ruleSet: CoreRuleSet = {
    version: '4',
    directory,
    cases: directory,
    rules: new Map(RULES.map((r) => [r.id, r])),
  };
  const { attacks, leftOut } = selectAttacks(ruleSet, 1, HOST, ROUTES);
  fs.rmSync(path.join(directory, `${rule}.yaml`));
  const [attack] = attacks;
  const text = attack && Buffer.from(attack.request.bytes, 'base64').toString();
  return { attack, lines: text?.split('\r\n'), leftOut: [...leftOut] };
}

describe('a case', () => {
  it('is sent to the public host, below a route that has its method', () => {
    const { attack, lines } = select({ method: 'GET', uri: '/get?q=1', headers: { Host: 'localhost', Accept: '*/*' } });
    expect(attack).toMatchObject({ id: '942100-7', rules: [942100], foreignType: false });
    expect(lines).toEqual([
      'GET /api/v1/orders?q=1 HTTP/1.1',
      `Host: ${HOST}`,
      'Accept: */*',
      'X-Case: 942100-7',
      'Connection: close',
      '',
      '',
    ]);
  });

  it.each([
    [{ uri: '/' }, 'GET /api/v1/orders HTTP/1.1'],
    [{ uri: '/get/index.php/x?y' }, 'GET /api/v1/orders/get/index.php/x?y HTTP/1.1'],
    [{ method: 'DELETE', uri: '/delete' }, 'DELETE /api/v1/waves HTTP/1.1'],
    [{ method: 'OPTIONS', uri: '/options?a' }, 'GET /api/v1/orders?a HTTP/1.1'],
    [{ method: 'FOO', uri: '/' }, 'FOO /api/v1/orders HTTP/1.1'],
    [{ uri: 'http://elsewhere/', version: 'HTTP/1.0' }, 'GET http://elsewhere/ HTTP/1.0'],
  ])('%j is sent as %s', (input, line) => {
    expect(select(input).lines[0]).toBe(line);
  });

  it('has the fields of its form in JSON', () => {
    const { attack, lines } = select({ method: 'POST', uri: '/post', data: "var=1'+or+1" });
    expect(attack.foreignType).toBe(false);
    expect(lines).toContain('Content-Type: application/json');
    expect(lines).toContain('Content-Length: 17');
    expect(lines.at(-1)).toBe('{"var":"1\' or 1"}');
  });

  it('keeps a type that no API takes', () => {
    const headers = { 'Content-Type': 'text/xml' };
    const { attack, lines } = select({ method: 'POST', uri: '/post', headers, data: '<a/>' });
    expect(attack.foreignType).toBe(true);
    expect(lines).toContain('Content-Type: text/xml');
    expect(lines.at(-1)).toBe('<a/>');
  });

  it('keeps its host where that is the attack', () => {
    expect(select({ uri: '/', headers: { Host: 'shop.example' } }).lines).toContain(`Host: ${HOST}`);
    expect(select({ uri: '/', headers: { Host: '1.2.3.4' } }, {}, 920350).lines).toContain('Host: 1.2.3.4');
  });

  it.each<[string, object, object, number, number]>([
    ['nothing shall be found', { uri: '/' }, { log: { no_expect_ids: [942100] } }, 942100, 1],
    ['about answers of services', { uri: '/' }, { log: { expect_ids: [951100] } }, 942100, 1],
    ['several requests', { uri: '/' }, {}, 942100, 2],
    ['no HTTP/1.1', { encoded_request: 'R0VUIC8=' }, {}, 942100, 1],
    ['no HTTP/1.1', { uri: '/' }, { expect_error: true }, 942100, 1],
    ['in a header that nginx takes away', { uri: '/', headers: { X_Filename: 'a' } }, {}, 942100, 1],
    ['about a limit of its own settings', { uri: '/' }, {}, 920360, 1],
    ['a higher paranoia level', { uri: '/' }, {}, 942101, 1],
    ['a warning alone', { uri: '/' }, {}, 920280, 1],
  ])('is left out: %s', (reason, input, output, rule, stages) => {
    expect(select(input, output, rule, stages)).toMatchObject({ attack: undefined, leftOut: [[reason, 1]] });
  });
});
