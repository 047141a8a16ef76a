import { ChildProcess, spawn, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as net from 'net';
import * as os from 'os';
import * as path from 'path';
import { App } from 'cdk8s';
import { parse, stringify } from 'yaml';
import { WmsPlatform } from '../../lib';
import { development, namespaceManifests } from '../fixtures';
import { find, findAll } from '../manifest';
import { scriptPod } from './mongodb/pods';
import { ScriptPod } from './mongodb/run-script';

const { MONGOD, MONGOSH } = process.env;
const run = MONGOD && MONGOSH ? describe : describe.skip;
if (!MONGOD || !MONGOSH) {
  process.stderr.write(
    'skipped: MongoDB with real servers; set MONGOD and MONGOSH to the programs (docs/mongodb.md)\n',
  );
}

/** Changes of a state take mongod seconds; none of this has been measured. */
const PATIENCE = 300_000;

run('real members', () => {
  const app = new App();
  new WmsPlatform(app, 'development', { environment: development(), mongodb: { members: 3 } });
  const manifests = namespaceManifests(app, 'mongodb');
  const initiation = scriptPod(manifests, findAll(manifests, 'Job')[0]);
  const users = scriptPod(manifests, find(manifests, 'CronJob', 'mongodb-users'));
  let directory: string;
  const servers: ChildProcess[] = [];
  const ports: number[] = [];

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'mongodb-'));
    const key = Buffer.from(initiation.files['/etc/mongodb-login/keyfile']).toString('base64');
    fs.writeFileSync(path.join(directory, 'keyfile'), `- ${key}\n`, { mode: 0o400 });
    for (let ordinal = 0; ordinal < 3; ordinal += 1) {
      ports.push(await freePort());
      start(ordinal);
    }
  });

  afterAll(async () => {
    await Promise.all(servers.map(stop));
    fs.rmSync(directory, { recursive: true });
  });

  /** A member with the configuration of the manifests: only its address and its directories are its own. */
  function start(ordinal: number): void {
    const config = parse(find(manifests, 'ConfigMap', 'mongodb').data['mongod.conf']);
    const data = path.join(directory, `member-${ordinal}`);
    fs.mkdirSync(data, { recursive: true });
    config.storage.dbPath = data;
    config.security.keyFile = path.join(directory, 'keyfile');
    config.net = { ...config.net, port: ports[ordinal], bindIpAll: undefined, bindIp: '127.0.0.1' };
    const file = path.join(directory, `mongod-${ordinal}.conf`);
    fs.writeFileSync(file, stringify(config));
    servers[ordinal] = spawn(MONGOD!, ['--config', file], { stdio: 'ignore' });
  }

  function runTask(pod: ScriptPod, changed: Record<string, string> = {}) {
    const work = fs.mkdtempSync(path.join(directory, 'task-'));
    const settings = JSON.parse(pod.files[`${pod.env.SETTINGS}/settings.json`]);
    const members = ports.map((port) => `127.0.0.1:${port}`);
    const files = {
      ...pod.files,
      [`${pod.env.SETTINGS}/settings.json`]: JSON.stringify({ ...settings, members }),
      ...changed,
    };
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(work, name)), { recursive: true });
      fs.writeFileSync(path.join(work, name), text);
    }
    const inWork = (name: string) => path.join(work, pod.env[name]);
    fs.writeFileSync(path.join(work, 'task.js'), pod.script);
    return spawnSync(MONGOSH!, ['--nodb', '--norc', '--quiet', '--file', path.join(work, 'task.js')], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: work,
        SETTINGS: inWork('SETTINGS'),
        CREDENTIALS: inWork('CREDENTIALS'),
        LOGIN: inWork('LOGIN'),
        WAIT_SECONDS: '120',
      },
    });
  }

  it(
    'become one set with its users, and a second run changes nothing',
    () => {
      const first = runTask(initiation);
      expect(first.stdout + first.stderr).toContain('created the user order-service');
      expect(first.status).toBe(0);
      expect(runTask(initiation).stdout).toBe('the replica set exists\ndone\n');
    },
    PATIENCE,
  );

  it(
    'take a changed password over',
    () => {
      const changed = { '/etc/mongodb-credentials/order-service': 'n€w p@ss/w:rd' };
      expect(runTask(users, changed).stdout).toBe('updated the pwd of the user order-service\ndone\n');
      expect(runTask(users, changed).stdout).toBe('done\n');
    },
    PATIENCE,
  );

  it(
    'join again where one has lost its data',
    async () => {
      await stop(servers[0]);
      fs.rmSync(path.join(directory, 'member-0'), { recursive: true });
      start(0);
      const again = runTask(initiation);
      expect(again.stdout).toContain('the replica set exists');
      expect(again.stdout).not.toContain('initiated');
      expect(again.status).toBe(0);
    },
    PATIENCE,
  );
});

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
