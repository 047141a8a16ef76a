import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import {
  AWAIT_SCHEMA_SCRIPT,
  CHECK_SHARDS_SCRIPT,
  RECORD_SCHEMA_SCRIPT,
} from '../../lib/components/temporal-store-scripts';

/** What the stand-in for `psql` answers: the first line whose pattern is in the query. */
interface Answer {
  readonly to: string;
  readonly with: string;
  /** How often it fails before it answers. */
  readonly failures?: number;
}

/** Runs a script with 8 shards, against a `psql` that answers as told and writes down what it was asked. */
function run(script: string, answers: readonly Answer[]) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'store-'));
  const cases = answers.map(
    ({ to, with: text, failures = 0 }, i) =>
      `*"${to}"*) n=$(cat ${directory}/${i} 2>/dev/null || echo 0); echo $((n + 1)) > ${directory}/${i}; ` +
      `[ $n -ge ${failures} ] || exit 2; echo "${text}";;`,
  );
  fs.writeFileSync(
    path.join(directory, 'psql'),
    `#!/bin/sh\nquery=$(cat)\necho "$* $query" >> ${directory}/asked\ncase $query in\n${cases.join('\n')}\n*) exit 3;;\nesac\n`,
    { mode: 0o755 },
  );
  fs.writeFileSync(path.join(directory, 'sleep'), '#!/bin/sh\n', { mode: 0o755 });
  const env = {
    PATH: `${directory}:${process.env.PATH}`,
    SCHEMA_IMAGE: 'admin-tools:1.31.2',
    NUM_HISTORY_SHARDS: '8',
  };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { env, encoding: 'utf8', timeout: 20_000 });
  const asked = fs.readFileSync(path.join(directory, 'asked'), 'utf8');
  fs.rmSync(directory, { recursive: true });
  return { status, stdout, stderr, asked };
}

const ALIVE = { to: 'SELECT 1', with: '1' };
const refusal = (found: number) =>
  `history shards are 8, but the store has ${found}; allowed: ${found} as long as the store lives`;

describe('the check of the shards', () => {
  const SOURCE = 'SELECT CASE';
  const RECORD = 'SELECT count FROM wms_platform.history_shards';
  const check = (source: string, shards: string, failures = 0) =>
    run(CHECK_SHARDS_SCRIPT, [
      { to: SOURCE, with: source },
      { ...ALIVE, failures },
      { to: source, with: shards },
    ]);

  it.each([
    ['an empty store', 'SELECT NULL', ''],
    ['a store with as many', RECORD, '8'],
    ['a store that the platform has not seen, with as many', 'SELECT max(shard_id) FROM public.shards', '8'],
  ])('accepts %s', (_what, source, shards) => {
    expect(check(source, shards)).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([
    ['fewer', RECORD, '4'],
    ['more', RECORD, '16'],
    ['others, and that the platform has not seen', 'SELECT max(shard_id) FROM public.shards', '512'],
  ])('refuses a store with %s', (_what, source, shards) => {
    const { status, stderr } = check(source, shards);
    expect(status).toBe(1);
    expect(stderr).toContain(refusal(Number(shards)));
  });

  it('waits until the store answers', () => {
    const { status, asked } = check(RECORD, '8', 3);
    expect(status).toBe(0);
    expect(asked.match(/SELECT 1/g)).toHaveLength(4);
  });

  it('fails where the store answers, but not this', () => {
    expect(run(CHECK_SHARDS_SCRIPT, [ALIVE]).status).not.toBe(0);
  });
});

describe('the record of the schema', () => {
  it('is one transaction with the image and the shards', () => {
    const { status, stdout, asked } = run(RECORD_SCHEMA_SCRIPT, [{ to: 'BEGIN;', with: '' }]);
    expect(status).toBe(0);
    expect(stdout).toContain('the schema of admin-tools:1.31.2 is there, for 8 history shards');
    expect(asked).toContain('-v image=admin-tools:1.31.2 -v shards=8');
    expect(asked).toMatch(/BEGIN;[^]*SELECT :shards WHERE NOT EXISTS[^]*VALUES \(:'image'\)[^]*COMMIT;/);
  });

  it('fails with the store', () => {
    expect(run(RECORD_SCHEMA_SCRIPT, [])).toMatchObject({ status: 3, stdout: '' });
  });
});

describe('the wait for the schema', () => {
  const there = (schemas: string, images: string, shards = '8', failures = 0) => [
    { to: "to_regclass('wms_platform.schemas')", with: schemas, failures },
    { to: 'FROM wms_platform.schemas WHERE image', with: images },
    { to: 'SELECT count FROM wms_platform.history_shards', with: shards },
  ];

  it('is over once the schema of its own image is there', () => {
    expect(run(AWAIT_SCHEMA_SCRIPT, there('t', '1'))).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('goes on while the store does not answer, and says for what', () => {
    const { status, stdout } = run(AWAIT_SCHEMA_SCRIPT, there('t', '1', '8', 2));
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(
      Array(2).fill('waiting for the schema of admin-tools:1.31.2, which the Job temporal-schema makes'),
    );
  });

  it.each([
    ['there is none', 'f', '0'],
    ["there is another image's", 't', '0'],
  ])('goes on while %s', (_what, schemas, images) => {
    const { status, stdout } = run(`${AWAIT_SCHEMA_SCRIPT}`.replace('sleep 3', 'exit 42'), there(schemas, images));
    expect(status).toBe(42);
    expect(stdout).toContain('waiting for the schema');
  });

  it('ends in a refusal where the store has other shards', () => {
    const { status, stderr } = run(AWAIT_SCHEMA_SCRIPT, there('t', '1', '4'));
    expect(status).toBe(1);
    expect(stderr).toContain(refusal(4));
  });
});
