import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Size } from 'cdk8s';
import {
  INITIALIZE_SCRIPT,
  pgHba,
  PostgreSqlFigures,
  postgresqlConf,
  ROLES_SCRIPT,
  rolesSql,
} from '../../lib/components/postgresql-config';
import { testChart } from '../workload/fixtures';

const FIGURES: PostgreSqlFigures = { clientConnections: 195, memoryLimit: '2Gi', storage: Size.gibibytes(20) };

function settings(figures: Partial<PostgreSqlFigures> = {}): Record<string, string> {
  const text = postgresqlConf(testChart(), { ...FIGURES, ...figures });
  return Object.fromEntries(text.split('\n').flatMap((line) => (line ? [line.split(' = ')] : []))) as Record<
    string,
    string
  >;
}

const megabytes = (value: string) => Number(/^(\d+)MB$/.exec(value)![1]);

describe("PostgreSQL's settings", () => {
  it('have room for the connections of its clients, and for others', () => {
    expect(settings()).toMatchObject({ max_connections: '207' });
    expect(settings({ clientConnections: 56, memoryLimit: '512Mi' })).toMatchObject({ max_connections: '68' });
  });

  it('share the memory limit out', () => {
    expect(settings()).toMatchObject({
      shared_buffers: '512MB',
      effective_cache_size: '1024MB',
      maintenance_work_mem: '64MB',
      work_mem: '3MB',
    });
  });

  it.each(['1536Mi', '2Gi', '4000Mi', '8Gi'])('stay within %s, with every connection busy', (memoryLimit) => {
    const conf = settings({ memoryLimit });
    const connections = Number(conf.max_connections) * (3 + megabytes(conf.work_mem));
    const workers = Number(conf.autovacuum_max_workers) * megabytes(conf.maintenance_work_mem);
    const limit = memoryLimit.endsWith('Gi') ? parseInt(memoryLimit) * 1024 : parseInt(memoryLimit);
    expect(megabytes(conf.shared_buffers) + connections + workers).toBeLessThan(limit);
  });

  it('keep the write-ahead log within the volume, whoever does not fetch it', () => {
    expect(settings()).toMatchObject({ max_wal_size: '2048MB', max_slot_wal_keep_size: '5120MB' });
    expect(settings({ storage: Size.gibibytes(1) })).toMatchObject({
      max_wal_size: '102MB',
      max_slot_wal_keep_size: '256MB',
    });
  });

  it('leave room for backups, and archive nothing by themselves', () => {
    expect(settings()).toMatchObject({
      wal_level: 'replica',
      max_wal_senders: '4',
      max_replication_slots: '4',
      archive_mode: 'off',
    });
  });

  it.each<[string, Partial<PostgreSqlFigures>, string]>([
    [
      'a memory limit too small for the connections',
      { memoryLimit: '1Gi' },
      '[test] resources.memoryLimit is 1Gi, too small for 207 connections; allowed: at least 1306Mi',
    ],
    ['no connections', { clientConnections: 0 }, '[test] clientConnections is 0; allowed: a whole number of 1 or more'],
    [
      'a volume too small for the log',
      { storage: Size.mebibytes(512) },
      '[test] storage is 512Mi; allowed: at least 1Gi, for the write-ahead log',
    ],
  ])('are refused for %s', (_what, figures, message) => {
    expect(() => settings(figures)).toThrow(message);
  });

  it('are allowed at the very limit that is named', () => {
    expect(settings({ memoryLimit: '1306Mi' })).toMatchObject({ work_mem: '1MB' });
    expect(() => settings({ memoryLimit: '1305Mi' })).toThrow('at least 1306Mi');
  });
});

it('Only Temporal and the exporter log in over the network, and the superuser by the socket alone', () => {
  expect(pgHba().trim().split('\n')).toEqual([
    'local all postgres peer',
    'host temporal,temporal_visibility temporal all scram-sha-256',
    'host postgres exporter 127.0.0.1/32 scram-sha-256',
    'host all all all reject',
  ]);
});

describe('the statements for roles and databases', () => {
  it('make two roles without any right beyond theirs, and two databases of Temporal', () => {
    const sql = rolesSql();
    for (const role of ['temporal', 'exporter']) {
      expect(sql).toContain(`\\set password \`cat /etc/postgresql-credentials/${role}\``);
      expect(sql).toContain(
        `ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'password';`,
      );
    }
    expect(sql).toContain('GRANT pg_monitor TO exporter;');
    expect(sql.match(/GRANT/g)).toHaveLength(1);
    for (const database of ['temporal', 'temporal_visibility']) {
      expect(sql).toContain(`CREATE DATABASE ${database} OWNER temporal`);
      expect(sql).toContain(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC;`);
    }
  });

  it('make nothing that is there already', () => {
    for (const line of rolesSql()
      .split('\n')
      .filter((l) => /CREATE (ROLE|DATABASE)/.test(l))) {
      expect(line).toMatch(/^SELECT 'CREATE .*' WHERE NOT EXISTS .* \\gexec$/);
    }
  });
});

/** A directory with commands that stand in for PostgreSQL's. */
function withCommands(commands: Record<string, string>): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'postgresql-'));
  for (const [name, script] of Object.entries(commands)) {
    fs.writeFileSync(path.join(directory, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return directory;
}

describe('the start of a volume', () => {
  const INITDB =
    'for a; do case $a in --pgdata=*) d=${a#--pgdata=};; esac; done; mkdir "$d"; echo 17 > "$d/PG_VERSION"; echo made';
  let directory: string;
  const run = (initdb = INITDB) => {
    const commands = withCommands({ initdb });
    const env = { PATH: `${commands}:${process.env.PATH}`, PGDATA: path.join(directory, 'pgdata') };
    const result = spawnSync('sh', ['-c', INITIALIZE_SCRIPT], { env, encoding: 'utf8' });
    fs.rmSync(commands, { recursive: true });
    return result;
  };
  const pgdata = (...names: string[]) => path.join(directory, 'pgdata', ...names);

  beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'volume-'))));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  it('makes a data directory that nobody else reads', () => {
    expect(run()).toMatchObject({ status: 0, stdout: 'made\n' });
    expect(fs.readFileSync(pgdata('PG_VERSION'), 'utf8')).toBe('17\n');
    expect(fs.statSync(pgdata()).mode & 0o777).toBe(0o700);
  });

  it('leaves one that is there as it is, but for permissions that mounting has widened', () => {
    run();
    fs.writeFileSync(pgdata('data'), 'orders');
    fs.chmodSync(pgdata(), 0o770);
    expect(run()).toMatchObject({ status: 0, stdout: '' });
    expect(fs.readFileSync(pgdata('data'), 'utf8')).toBe('orders');
    expect(fs.statSync(pgdata()).mode & 0o777).toBe(0o700);
  });

  it('begins anew what was interrupted', () => {
    expect(run('mkdir "${1#--pgdata=}"; exit 1').status).toBe(1);
    expect(fs.existsSync(pgdata())).toBe(false);
    expect(run()).toMatchObject({ status: 0, stdout: 'made\n' });
  });

  it('touches nothing that is no data directory', () => {
    fs.mkdirSync(pgdata());
    const { status, stderr } = run();
    expect(status).toBe(1);
    expect(stderr).toContain('holds something that is no data directory; allowed: a data directory or nothing');
  });
});

it('The scripts are correct shell', () => {
  for (const script of [INITIALIZE_SCRIPT, ROLES_SCRIPT]) {
    execFileSync('sh', ['-n', '-c', script]);
  }
});
