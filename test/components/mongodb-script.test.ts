import * as fs from 'fs';
import * as path from 'path';
import { App } from 'cdk8s';
import { MemberSetOptions, WmsPlatform } from '../../lib';
import { development, namespaceManifests } from '../fixtures';
import { findAll, find, Manifest } from '../manifest';
import { scriptPod } from './mongodb/pods';
import { runScript, ScriptPod } from './mongodb/run-script';
import { Command, StandInSet } from './mongodb/stand-in';

const host = (ordinal: number) => `mongodb-${ordinal}.mongodb-headless.mongodb.svc.cluster.local:27017`;
const HOSTS = [0, 1, 2].map(host);
const KEY = Buffer.from('development-only-mongodb-keyfile').toString('base64');

function manifests(mongodb: MemberSetOptions = { members: 3 }): Manifest[] {
  const app = new App();
  new WmsPlatform(app, 'development', { environment: development(), mongodb });
  return namespaceManifests(app, 'mongodb');
}

const THREE = manifests();
const job = (all = THREE) => scriptPod(all, findAll(all, 'Job')[0]);
const cronJob = (name: string, all = THREE) => scriptPod(all, find(all, 'CronJob', name));
const initiation = job();
const users = cronJob('mongodb-users');

/** Members without a set, whose pods run. */
const fresh = () => new StandInSet(HOSTS, [KEY]);

/** A set that was initiated, with its users. */
function initiated(): StandInSet {
  const set = fresh();
  expect(runScript(set, initiation).error).toBeUndefined();
  set.writes.length = 0;
  return set;
}

/** The pod, with another content of a file. */
const withFile = (pod: ScriptPod, path: string, text: string): ScriptPod => ({
  ...pod,
  files: { ...pod.files, [path]: text },
});
const PASSWORD_FILE = '/etc/mongodb-credentials/order-service';

const SERVICES = [
  'consolidation',
  'inventory',
  'labor',
  'order',
  'packing',
  'picking',
  'routing',
  'shipping',
  'waving',
];

describe('the initiation of fresh members', () => {
  const set = fresh();
  const { output, error } = runScript(set, initiation);

  it('makes one set of all members, by their full names', () => {
    expect(error).toBeUndefined();
    expect(set.sets).toEqual([HOSTS]);
    expect(set.writes[0]).toBe(`replSetInitiate ${HOSTS[0]}`);
    expect(output).toEqual(expect.arrayContaining(['initiated the replica set', 'done']));
  });

  it('makes a user for each service, which reads and writes its own database alone', () => {
    for (const name of SERVICES) {
      expect(set.users[`${name}-service`]).toEqual({
        pwd: `development-only-mongodb-${name}-service`,
        roles: [expect.stringMatching(/^readWrite@[a-z]+_db$/)],
      });
    }
    expect(set.users['order-service'].roles).toEqual(['readWrite@orders_db']);
    expect(new Set(SERVICES.flatMap((name) => set.users[`${name}-service`].roles)).size).toBe(SERVICES.length);
  });

  it('makes the users of the exporter, of backups and of administration', () => {
    expect(set.users.exporter.roles).toEqual(['clusterMonitor@admin', 'read@local']);
    expect(set.users.backup.roles).toEqual([
      'readWrite@admin',
      'backup@admin',
      'clusterMonitor@admin',
      'restore@admin',
      'pbmAnyAction@admin',
    ]);
    expect(set.users['user-administrator'].roles).toEqual(['userAdminAnyDatabase@admin']);
    expect(Object.keys(set.users)).toHaveLength(SERVICES.length + 3);
    expect(set.writes).toContain('createRole pbmAnyAction');
  });

  it('says no password and no key', () => {
    expect(output.join('\n')).not.toContain('development-only');
    expect(output.join('\n')).not.toContain(KEY);
  });
});

describe('the initiation, run again', () => {
  it('changes nothing', () => {
    const set = initiated();
    expect(runScript(set, initiation)).toEqual({ output: ['the replica set exists', 'done'] });
    expect(set.writes).toEqual([]);
  });

  it.each([0, 1, 2])('never makes a second set where member %d has lost its volume: it joins again', (ordinal) => {
    const set = initiated();
    set.loseVolume(host(ordinal));
    expect(runScript(set, initiation).error).toBeUndefined();
    set.tick();
    expect(set.writes).toEqual([]);
    expect(set.sets).toEqual([HOSTS]);
    expect(set.member(host(ordinal)).config).toBeDefined();
  });

  it('never makes a second set where the first member has lost its volume and another is away', () => {
    const set = initiated();
    set.loseVolume(HOSTS[0]);
    set.member(HOSTS[1]).up = false;
    runScript(set, initiation);
    expect(set.writes).toEqual([]);
  });

  it('never makes a second set where the first has lost its volume and the others are still starting', () => {
    const set = initiated();
    set.loseVolume(HOSTS[0]);
    set.member(HOSTS[1]).starting = true;
    set.member(HOSTS[2]).starting = true;
    expect(runScript(set, initiation).error).toBeUndefined();
    expect(set.sets).toEqual([HOSTS]);
    expect(set.writes).toEqual([]);
  });

  it('is refused by members of a set of another name', () => {
    const set = initiated();
    const config = set.member(HOSTS[1]).config!;
    HOSTS.forEach((h) => (set.member(h).config = { ...config, _id: 'other' }));
    expect(runScript(set, initiation).error).toBe('the members belong to the replica set other, not to rs0');
    expect(set.writes).toEqual([]);
  });
});

describe('a renewed certificate', () => {
  // A certificate of an authority made for this test and forgotten: only its end is read.
  const PEM = fs.readFileSync(path.join(__dirname, 'mongodb', 'renewed.crt'), 'utf8');
  const UNTIL = new Date('2051-07-14T23:42:37Z');
  const renewed: ScriptPod = {
    ...users,
    env: { ...users.env, CERTIFICATE: '/etc/mongodb-ca/tls.crt' },
    files: { ...users.files, '/etc/mongodb-ca/tls.crt': PEM },
  };
  const rotations = (set: StandInSet) => HOSTS.map((h) => set.member(h).rotations);

  it('is read again by every member, and not twice', () => {
    const set = initiated();
    set.certificateUntil = UNTIL;
    expect(runScript(set, renewed).output).toEqual([
      ...HOSTS.map((h) => `${h} has read its certificate again`),
      'done',
    ]);
    expect(runScript(set, renewed).output).toEqual(['done']);
    expect(rotations(set)).toEqual([1, 1, 1]);
  });

  it('is read by the others where a member is away, and the run fails after the users', () => {
    const set = initiated();
    set.certificateUntil = UNTIL;
    set.member(HOSTS[1]).up = false;
    const { error } = runScript(set, withFile(renewed, PASSWORD_FILE, 'new'));
    expect(error).toBe(`certificates: ${HOSTS[1]}: connect ECONNREFUSED ${HOSTS[1]}`);
    expect(rotations(set)).toEqual([1, 0, 1]);
    expect(set.users['order-service'].pwd).toBe('new');
  });

  it('is nothing to look for without TLS', () => {
    const set = initiated();
    set.certificateUntil = UNTIL;
    runScript(set, users);
    expect(rotations(set)).toEqual([0, 0, 0]);
  });
});

describe('the initiation waits', () => {
  it('for a member that comes late', () => {
    const set = fresh();
    set.member(HOSTS[2]).up = false;
    const { output, error } = runScript(set, initiation, (pause) => {
      expect(pause <= 5 && set.writes.length > 0).toBe(false);
      set.member(HOSTS[2]).up = pause >= 5;
    });
    expect(error).toBeUndefined();
    expect(output[0]).toBe(`waiting for all members; ${HOSTS[2]} does not answer: connect ECONNREFUSED ${HOSTS[2]}`);
    expect(set.sets).toEqual([HOSTS]);
  });

  it('for a member until its time is up, and initiates nothing without it', () => {
    const set = fresh();
    set.member(HOSTS[1]).up = false;
    const { output, error } = runScript(set, initiation);
    expect(error).toMatch(/^gave up after 600 s: waiting for all members; mongodb-1\..+ does not answer/);
    expect(set.writes).toEqual([]);
    expect(output).toHaveLength(1);
  });

  it('for a primary', () => {
    const set = fresh();
    set.withoutPrimary = 7;
    const { output, error } = runScript(set, initiation);
    expect(error).toBeUndefined();
    expect(output).toContain('waiting for a primary');
    expect(set.users).toHaveProperty('order-service');
  });

  it('for a primary until its time is up', () => {
    const set = initiated();
    set.member(HOSTS[1]).up = false;
    set.member(HOSTS[2]).up = false;
    expect(runScript(set, initiation).error).toMatch(/^gave up after 600 s: waiting for a primary; mongodb-1\..+/);
  });

  it('while a member goes away in the middle of it', () => {
    const set = fresh();
    set.before = (_host, command) => {
      set.member(HOSTS[2]).up = !('replSetInitiate' in command);
    };
    const { error } = runScript(set, initiation, (pause) => {
      if (pause === 3) {
        set.before = undefined;
        set.member(HOSTS[2]).up = true;
      }
    });
    expect(error).toBeUndefined();
    expect(set.sets).toEqual([HOSTS]);
    expect(set.writes.filter((w) => w.startsWith('replSetInitiate'))).toHaveLength(1);
  });

  it('where the key is another than the members’, and says so', () => {
    const set = new StandInSet(HOSTS, ['b3RoZXI=']);
    expect(runScript(set, initiation).error).toMatch(/does not answer: Authentication failed\./);
    expect(set.writes).toEqual([]);
  });

  it('with the first of two keys, while the key is changed', () => {
    const set = new StandInSet(HOSTS, [Buffer.from('new').toString('base64')]);
    expect(runScript(set, withFile(initiation, '/etc/mongodb-login/keyfile', 'new\nold\n')).error).toBeUndefined();
  });
});

describe('two initiations at once', () => {
  /** Runs another initiation as a whole before each command of a kind. */
  const interrupted = (set: StandInSet, by: ScriptPod, when: (command: Command) => boolean) => {
    let times = 0;
    set.before = (_host, command) => {
      if (when(command) && times === 0) {
        times += 1;
        expect(runScript(set, by).error).toBeUndefined();
      }
    };
    return () => times;
  };

  it.each(['replSetInitiate', 'createRole', 'createUser'])('are safe where the other is first to %s', (name) => {
    const set = fresh();
    const times = interrupted(set, initiation, (command) => name in command);
    expect(runScript(set, initiation).error).toBeUndefined();
    expect(times()).toBe(1);
    expect(set.sets).toEqual([HOSTS]);
    expect(set.writes.filter((w) => w.startsWith('replSetInitiate'))).toHaveLength(1);
    expect(Object.keys(set.users)).toHaveLength(12);
  });

  it('are safe where both change the members', () => {
    const set = initiated();
    const five = job(manifests({ members: 5 }));
    [3, 4].forEach((ordinal) => set.add(host(ordinal)));
    const times = interrupted(set, five, (command) => 'replSetReconfig' in command);
    expect(runScript(set, five).error).toBeUndefined();
    expect(times()).toBe(1);
    expect(set.sets).toEqual([[0, 1, 2, 3, 4].map(host)]);
  });
});

describe('the number of members', () => {
  it('is raised one after another, each once the last has its data', () => {
    const set = initiated();
    [3, 4].forEach((ordinal) => set.add(host(ordinal)));
    const sizes: number[] = [];
    const { output, error } = runScript(set, job(manifests({ members: 5 })), () => {
      sizes.push(set.sets.flat().length);
    });
    expect(error).toBeUndefined();
    expect(set.sets).toEqual([[0, 1, 2, 3, 4].map(host)]);
    expect(set.writes).toEqual(['replSetReconfig', 'replSetReconfig']);
    expect(output).toEqual(expect.arrayContaining([`adding ${host(3)}`, `adding ${host(4)}`]));
    expect(output.join()).toContain(`waiting for ${host(3)} before members change`);
  });

  it('grows from one', () => {
    const set = new StandInSet([host(0)], [KEY]);
    expect(runScript(set, job(manifests({ members: 1 }))).error).toBeUndefined();
    [1, 2].forEach((ordinal) => set.add(host(ordinal)));
    expect(runScript(set, initiation).error).toBeUndefined();
    expect(set.sets).toEqual([HOSTS]);
  });

  it('is lowered one after another, though the leaving pods are gone', () => {
    const set = new StandInSet([0, 1, 2, 3, 4].map(host), [KEY]);
    expect(runScript(set, job(manifests({ members: 5 }))).error).toBeUndefined();
    [3, 4].forEach((ordinal) => (set.member(host(ordinal)).up = false));
    expect(runScript(set, initiation).error).toBeUndefined();
    [3, 4].forEach((ordinal) => set.members.delete(host(ordinal)));
    expect(set.sets).toEqual([HOSTS]);
  });

  it('makes a primary that leaves step down first', () => {
    const set = new StandInSet([0, 1, 2, 3, 4].map(host), [KEY]);
    expect(runScript(set, job(manifests({ members: 5 }))).error).toBeUndefined();
    // Another than the first three is the primary.
    const config = set.member(host(0)).config!;
    const turned = { ...config, version: 2, members: [...config.members].reverse() };
    set.members.forEach((m) => (m.config = turned));
    expect(set.primary).toBe(host(4));
    const { output, error } = runScript(set, initiation);
    expect(error).toBeUndefined();
    expect(output.join()).toContain(`${host(4)} steps down, because it leaves`);
    expect(set.sets.flat().sort()).toEqual(HOSTS);
  });
});

describe('the users, again and again', () => {
  it('are not written where they are as they should be', () => {
    const set = initiated();
    expect(runScript(set, users)).toEqual({ output: ['done'] });
    expect(set.writes).toEqual([]);
  });

  it('get a changed password, and nothing else is written', () => {
    const set = initiated();
    const { output, error } = runScript(set, withFile(users, PASSWORD_FILE, 'n€w p@ss/w:rd'));
    expect(error).toBeUndefined();
    expect(set.users['order-service']).toEqual({ pwd: 'n€w p@ss/w:rd', roles: ['readWrite@orders_db'] });
    expect(set.writes).toEqual(['updateUser order-service']);
    expect(output).toEqual(['updated the pwd of the user order-service', 'done']);
  });

  it('get changed roles back, and keep their passwords', () => {
    const set = initiated();
    const content = set.member(HOSTS[0]).content!;
    const { pwd } = content.users.get('order-service')!;
    content.users.set('order-service', { pwd, roles: [{ role: 'root', db: 'admin' }] });
    content.roles.set('pbmAnyAction', []);
    expect(runScript(set, users).output).toEqual([
      'updated the role pbmAnyAction',
      'updated the roles of the user order-service',
      'done',
    ]);
    expect(set.users['order-service']).toEqual({ pwd, roles: ['readWrite@orders_db'] });
  });

  it('come back where one was dropped', () => {
    const set = initiated();
    set.member(HOSTS[0]).content!.users.delete('order-service');
    expect(runScript(set, users).output).toEqual(['created the user order-service', 'done']);
  });

  it('leave users alone that others have made', () => {
    const set = initiated();
    const guest = { pwd: 'x', roles: [{ role: 'readWrite', db: 'returns_db' }] };
    set.member(HOSTS[0]).content!.users.set('returns-service', guest);
    expect(runScript(set, users).output).toEqual(['done']);
    expect(set.users['returns-service'].pwd).toBe('x');
  });

  it('never initiate a set', () => {
    const set = fresh();
    expect(runScript(set, users).error).toBe('gave up after 180 s: waiting for a primary');
    expect(set.sets).toEqual([]);
  });

  it('are found at the new primary where it changes meanwhile', () => {
    const set = initiated();
    let changed = false;
    set.before = (_host, command) => {
      if ('updateUser' in command && !changed) {
        changed = true;
        set.member(HOSTS[0]).up = false;
      }
    };
    expect(runScript(set, withFile(users, PASSWORD_FILE, 'new')).error).toBeUndefined();
    expect(set.primary).toBe(HOSTS[1]);
    expect(set.users['order-service'].pwd).toBe('new');
  });
});
