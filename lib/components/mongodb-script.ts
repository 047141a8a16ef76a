/**
 * What the Jobs of MongoDB run in mongosh. Each task is safe to run again, and twice at the same time.
 *
 * mongosh awaits every database call by itself, but not inside callbacks of its own making: loops, no callbacks.
 */

/** Connections, and waiting until something holds or the time is up. */
const CONNECTIONS = String.raw`
const fs = require('fs');
const read = (path) => fs.readFileSync(path, 'utf8');
const settings = JSON.parse(read(process.env.SETTINGS + '/settings.json'));
const waitSeconds = Number(process.env.WAIT_SECONDS);
const started = Date.now();
const connections = {};
let told = '';

function tell(text) {
  if (text !== told) {
    print(text);
    told = text;
  }
}

function pause(why) {
  if (Date.now() - started > waitSeconds * 1000) {
    throw new Error('gave up after ' + waitSeconds + ' s: ' + why);
  }
  tell(why);
  sleep(2000);
}

function login() {
  const secret = read(process.env.LOGIN);
  // As the members' keyfile has it: the first key, in base64.
  const password = settings.login.keyfile ? Buffer.from(secret.split('\n')[0]).toString('base64') : secret;
  return { user: settings.login.user, database: settings.login.database, password };
}

function open(host, { user, database, password }) {
  return new Mongo(
    'mongodb://' + encodeURIComponent(user) + ':' + encodeURIComponent(password) + '@' + host + '/?authSource=' +
      database + '&directConnection=true&serverSelectionTimeoutMS=5000&connectTimeoutMS=5000' + settings.uriOptions,
  );
}

function member(host) {
  if (!connections[host]) {
    connections[host] = open(host, login());
  }
  return connections[host];
}

function run(connection, command) {
  const result = connection.getDB('admin').runCommand(command);
  if (result.ok !== 1) {
    throw Object.assign(new Error(result.errmsg), { code: result.code });
  }
  return result;
}

function hello(host, faults) {
  try {
    return run(member(host), { hello: 1 });
  } catch (error) {
    faults.push(host + ' does not answer: ' + error.message);
    return undefined;
  }
}

function primary() {
  for (;;) {
    const faults = [];
    const hosts = [...settings.members];
    // Grows by the primary that a member names: it may be one that is to leave the set.
    for (let i = 0; i < hosts.length; i += 1) {
      const answer = hello(hosts[i], faults);
      if (answer && answer.setName === settings.replicaSet) {
        if (answer.isWritablePrimary) {
          return hosts[i];
        }
        if (answer.primary && !hosts.includes(answer.primary)) {
          hosts.push(answer.primary);
        }
      }
    }
    pause(['waiting for a primary', ...faults].join('; '));
  }
}
`;

/** Makes the members a replica set, once. */
const INITIATION = String.raw`
const ALREADY_INITIALIZED = 23;

function initiate() {
  for (;;) {
    const faults = [];
    const answers = [];
    for (const host of settings.members) {
      const answer = hello(host, faults);
      if (answer) {
        answers.push(answer);
      }
    }
    const named = answers.find((answer) => answer.setName);
    if (named && named.setName !== settings.replicaSet) {
      throw new Error('the members belong to the replica set ' + named.setName + ', not to ' + settings.replicaSet);
    }
    if (named) {
      tell('the replica set exists');
      return;
    }
    // A silent member may know of a set: without all answers there could be two.
    if (answers.length === settings.members.length) {
      try {
        const members = settings.members.map((host, _id) => ({ _id, host }));
        run(member(settings.members[0]), { replSetInitiate: { _id: settings.replicaSet, members } });
        tell('initiated the replica set');
        return;
      } catch (error) {
        if (error.code === ALREADY_INITIALIZED) {
          tell('the replica set exists');
          return;
        }
        faults.push(error.message);
      }
    }
    pause(['waiting for all members', ...faults].join('; '));
  }
}

const PRIMARY = 1;
const SECONDARY = 2;

/** One change towards the members that are declared; what it waits for, or nothing where there is none to make. */
function changeMembers(host) {
  const config = run(member(host), { replSetGetConfig: 1 }).config;
  const present = config.members.map((m) => m.host);
  const missing = settings.members.filter((m) => !present.includes(m));
  const extra = present.filter((m) => !settings.members.includes(m));
  if (missing.length + extra.length === 0) {
    return undefined;
  }
  const states = run(member(host), { replSetGetStatus: 1 }).members;
  const busy = states.filter((m) => !extra.includes(m.name) && m.state !== PRIMARY && m.state !== SECONDARY);
  if (busy.length > 0) {
    // One at a time: a majority of those that have the data stays.
    return 'waiting for ' + busy.map((m) => m.name).join(', ') + ' before members change';
  }
  if (missing.length > 0) {
    const ids = config.members.map((m) => m._id);
    config.members.push({ _id: Math.max(...ids) + 1, host: missing[0] });
    tell('adding ' + missing[0]);
  } else if (extra.length === 1 && extra[0] === host) {
    run(member(host), { replSetStepDown: 120 });
    return host + ' steps down, because it leaves';
  } else {
    const leaving = extra.find((m) => m !== host);
    config.members = config.members.filter((m) => m.host !== leaving);
    tell('removing ' + leaving);
  }
  config.version += 1;
  run(member(host), { replSetReconfig: config });
  return 'waiting for the members to agree';
}

function matchMembers() {
  for (;;) {
    const host = primary();
    let wait;
    try {
      wait = changeMembers(host);
    } catch (error) {
      // Another run was first, or the primary has changed: look again.
      wait = 'cannot change the members yet: ' + error.message;
    }
    if (!wait) {
      return;
    }
    pause(wait);
  }
}
`;

/** Brings roles and users up to date; what is as it should be is not written again. */
const USERS = String.raw`
const AUTHENTICATION_FAILED = 18;
const MAJORITY = { w: 'majority', wtimeout: 30000 };

function declared(kind) {
  const files = fs.readdirSync(process.env.SETTINGS).filter((name) => name.startsWith(kind + '.'));
  return files.sort().map((name) => JSON.parse(read(process.env.SETTINGS + '/' + name)));
}

function same(a, b) {
  const text = (list) => JSON.stringify(list.map((entry) => JSON.stringify(Object.entries(entry).sort())).sort());
  return text(a) === text(b);
}

function bringRole(host, { role, privileges }) {
  const [found] = run(member(host), { rolesInfo: role, showPrivileges: true }).roles;
  if (!found) {
    run(member(host), { createRole: role, privileges, roles: [], writeConcern: MAJORITY });
    tell('created the role ' + role);
  } else if (JSON.stringify(found.privileges) !== JSON.stringify(privileges)) {
    run(member(host), { updateRole: role, privileges, roles: [], writeConcern: MAJORITY });
    tell('updated the role ' + role);
  }
}

function accepts(host, user, password) {
  try {
    const connection = open(host, { user, password, database: 'admin' });
    run(connection, { ping: 1 });
    connection.close(true);
    return true;
  } catch (error) {
    if (error.code === AUTHENTICATION_FAILED) {
      return false;
    }
    throw error;
  }
}

function bringUser(host, { user, roles }) {
  const pwd = read(process.env.CREDENTIALS + '/' + user);
  const [found] = run(member(host), { usersInfo: user }).users;
  if (!found) {
    run(member(host), { createUser: user, pwd, roles, writeConcern: MAJORITY });
    tell('created the user ' + user);
    return;
  }
  const changes = {};
  if (!same(found.roles, roles)) {
    changes.roles = roles;
  }
  if (!accepts(host, user, pwd)) {
    changes.pwd = pwd;
  }
  if (Object.keys(changes).length > 0) {
    run(member(host), { updateUser: user, ...changes, writeConcern: MAJORITY });
    tell('updated the ' + Object.keys(changes).join(' and the ') + ' of the user ' + user);
  }
}

function bringAll(kind, bring) {
  for (const declaration of declared(kind)) {
    for (;;) {
      const host = primary();
      try {
        bring(host, declaration);
        break;
      } catch (error) {
        // Another run was first, or the primary has changed: look again.
        pause(declaration[kind] + ': ' + error.message);
      }
    }
  }
}
`;

/** Lets members read their certificate again where it was renewed; open connections stay. */
const CERTIFICATES = String.raw`
function bringCertificates() {
  if (!process.env.CERTIFICATE) {
    return;
  }
  const { X509Certificate } = require('crypto');
  const renewed = Date.parse(new X509Certificate(read(process.env.CERTIFICATE)).validTo);
  const faults = [];
  for (const host of settings.members) {
    try {
      const { SSLServerCertificateExpirationDate: served } = run(member(host), { serverStatus: 1 }).security;
      if (served.getTime() !== renewed) {
        run(member(host), { rotateCertificates: 1 });
        tell(host + ' has read its certificate again');
      }
    } catch (error) {
      faults.push(host + ': ' + error.message);
    }
  }
  if (faults.length > 0) {
    throw new Error('certificates: ' + faults.join('; '));
  }
}
`;

/** Initiates the set, matches its members with those declared, and brings the users up to date. */
export const INITIATION_SCRIPT = [
  CONNECTIONS,
  INITIATION,
  USERS,
  `initiate();\nmatchMembers();\nbringAll('role', bringRole);\nbringAll('user', bringUser);\nprint('done');\n`,
].join('');

/** Brings the users up to date, and the members to their renewed certificate. It never initiates. */
export const USERS_SCRIPT = [
  CONNECTIONS,
  USERS,
  CERTIFICATES,
  `bringAll('role', bringRole);\nbringAll('user', bringUser);\nbringCertificates();\nprint('done');\n`,
].join('');
