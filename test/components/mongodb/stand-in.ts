/** What a command is answered with. */
export type Reply = Record<string, unknown>;

/** A command as it is sent. */
export type Command = Record<string, unknown>;

/** As whom a connection was opened. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

interface Config {
  readonly _id: string;
  readonly version: number;
  readonly members: readonly { readonly _id: number; readonly host: string }[];
}

interface Role {
  readonly role: string;
  readonly db: string;
}

interface Content {
  readonly users: Map<string, { pwd: string; roles: Role[] }>;
  readonly roles: Map<string, unknown>;
}

/** States as `replSetGetStatus` numbers them. */
const STATE = { PRIMARY: 1, SECONDARY: 2, STARTUP2: 5, DOWN: 8 } as const;

/** An answer of the server that is an error. */
export class ServerError extends Error {
  public constructor(
    public readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** A mongod, as far as the Jobs see one. */
class Member {
  public up = true;
  /** It has a configuration on its disk, but has not read it yet. */
  public starting = false;
  public config?: Config;
  public content?: Content;
  public state: number = STATE.STARTUP2;
  public rotations = 0;
  /** When the certificate ends that it serves. */
  public certificateUntil = new Date(0);
}

/**
 * A stand-in for mongod's members: what they answer to the commands of the Jobs, after the server's manual and source.
 * Time passes only in `tick`, once for each pause of a script.
 */
export class StandInSet {
  public readonly members = new Map<string, Member>();
  /** Every command that changes something, in order. */
  public readonly writes: string[] = [];
  /** Called before each command; another run may come in between. */
  public before?: (host: string, command: Command) => void;
  /** When the certificate ends that is in the members' files. */
  public certificateUntil = new Date(0);
  /** Pauses without a primary that are still to come. */
  public withoutPrimary = 0;
  private steppedDown?: string;

  public constructor(
    hosts: readonly string[],
    private readonly keys: readonly string[],
  ) {
    hosts.forEach((host) => this.add(host));
  }

  public add(host: string): void {
    this.members.set(host, new Member());
  }

  /** The pod comes back with an empty volume. */
  public loseVolume(host: string): void {
    this.add(host);
  }

  public member(host: string): Member {
    return this.members.get(host)!;
  }

  /** The replica sets that members believe to be in. */
  public get sets(): string[][] {
    const configs = [...this.members.values()].flatMap(({ config }) => (config ? [config] : []));
    return [...new Set(configs.map(({ members }) => members.map(({ host }) => host).join()))].map((s) => s.split(','));
  }

  /** Users with their passwords and roles, as `readWrite@orders_db`. */
  public get users(): Record<string, { pwd: string; roles: string[] }> {
    const content = this.primary ? this.member(this.primary).content : undefined;
    return Object.fromEntries(
      [...(content?.users ?? [])].map(([name, { pwd, roles }]) => [
        name,
        { pwd, roles: roles.map(({ role, db }) => `${role}@${db}`) },
      ]),
    );
  }

  public get primary(): string | undefined {
    if (this.withoutPrimary > 0) {
      return undefined;
    }
    const holders = [...this.members].filter(([, m]) => m.config && m.up && !m.starting);
    const config = newest(holders.map(([, m]) => m.config!));
    const voters = config?.members.filter(({ host }) => this.isHealthy(host)) ?? [];
    if (!config || voters.length * 2 <= config.members.length) {
      return undefined;
    }
    return (voters.find(({ host }) => host !== this.steppedDown) ?? voters[0]).host;
  }

  /** Heartbeats: who is in a configuration gets it, and copies the data. */
  public tick(): void {
    this.withoutPrimary = Math.max(0, this.withoutPrimary - 1);
    for (const member of this.members.values()) {
      member.starting = false;
    }
    const config = newest([...this.members.values()].flatMap((m) => (m.up && m.config ? [m.config] : [])));
    const source = [...this.members.values()].find((m) => m.up && m.content && m.state === STATE.SECONDARY);
    for (const { host } of config?.members ?? []) {
      const member = this.members.get(host);
      if (member?.up) {
        member.state = member.config ? STATE.SECONDARY : STATE.STARTUP2;
        member.config = config;
        member.content ??= source?.content;
      }
    }
    for (const [host, member] of this.members) {
      if (member.config && !config!.members.some((m) => m.host === host)) {
        member.config = undefined;
      }
    }
  }

  /** @throws where the member is not reached, or does not let in */
  public open(host: string, login: Login): void {
    const member = this.members.get(host);
    if (!member?.up) {
      throw new Error(`connect ECONNREFUSED ${host}`);
    }
    if (login.user === '__system') {
      this.check(login.database === 'local' && login.password === this.keys[0], 18, 'Authentication failed.');
      return;
    }
    const user = member.content?.users.get(login.user);
    this.check(login.database === 'admin' && user?.pwd === login.password, 18, 'Authentication failed.');
  }

  /** @throws where a server answers with an error */
  public answer(host: string, login: Login, command: Command): Reply {
    this.before?.(host, command);
    this.open(host, login);
    const [name] = Object.keys(command);
    if (login.user !== '__system') {
      this.check(this.mayRun(host, login.user, name), 13, `not authorized to run ${name}`);
    }
    return { ok: 1, ...this.reply(host, name, command) };
  }

  private mayRun(host: string, user: string, name: string): boolean {
    const roles = this.member(host)
      .content!.users.get(user)!
      .roles.map(({ role }) => role);
    const administration = ['usersInfo', 'createUser', 'updateUser'];
    return (
      ['hello', 'ping'].includes(name) || (administration.includes(name) && roles.includes('userAdminAnyDatabase'))
    );
  }

  private reply(host: string, name: string, command: Command): Reply {
    const member = this.member(host);
    switch (name) {
      case 'ping':
        return {};
      case 'hello':
        return this.hello(host);
      case 'serverStatus':
        return { security: { SSLServerCertificateExpirationDate: member.certificateUntil } };
      case 'rotateCertificates':
        member.certificateUntil = this.certificateUntil;
        member.rotations += 1;
        return {};
      case 'replSetInitiate':
        return this.initiate(host, command.replSetInitiate as Omit<Config, 'version'>);
      case 'replSetGetConfig':
        return { config: structuredClone(this.configOf(host)) };
      case 'replSetGetStatus':
        return { members: this.configOf(host).members.map((m) => ({ name: m.host, state: this.stateOf(m.host) })) };
      default:
        return this.write(host, name, command);
    }
  }

  private hello(host: string): Reply {
    const { config, starting } = this.member(host);
    if (!config || starting) {
      return { isWritablePrimary: false, isreplicaset: true };
    }
    return { isWritablePrimary: this.primary === host, setName: config._id, primary: this.primary };
  }

  private initiate(host: string, config: Omit<Config, 'version'>): Reply {
    this.check(!this.member(host).config, 23, 'already initialized');
    for (const { host: other } of config.members) {
      const member = this.members.get(other);
      this.check(member?.up, 74, `replSetInitiate quorum check failed: ${other} does not answer`);
      this.check(!member!.config, 93, `${other} has a replica set configuration already`);
    }
    const member = this.member(host);
    member.config = { ...config, version: 1 };
    member.content = { users: new Map(), roles: new Map() };
    member.state = STATE.SECONDARY;
    this.writes.push(`replSetInitiate ${host}`);
    return {};
  }

  private write(host: string, name: string, command: Command): Reply {
    if (!name.endsWith('Info')) {
      this.check(this.primary === host, 10107, 'not primary');
      this.writes.push(`${name} ${typeof command[name] === 'string' ? command[name] : ''}`.trim());
    }
    const { users, roles } = this.member(host).content!;
    const key = String(command[name]);
    switch (name) {
      case 'replSetReconfig':
        return this.reconfigure(host, command.replSetReconfig as Config);
      case 'replSetStepDown':
        this.steppedDown = host;
        return {};
      case 'rolesInfo':
        return { roles: roles.has(key) ? [{ role: key, privileges: roles.get(key) }] : [] };
      case 'createRole':
        this.check(!roles.has(key), 51002, `Role "${key}@admin" already exists`);
        roles.set(key, command.privileges);
        return {};
      case 'updateRole':
        roles.set(key, command.privileges);
        return {};
      case 'usersInfo':
        return { users: users.has(key) ? [{ user: key, roles: users.get(key)!.roles }] : [] };
      case 'createUser': {
        this.check(!users.has(key), 51003, `User "${key}@admin" already exists`);
        users.set(key, { pwd: command.pwd as string, roles: command.roles as Role[] });
        return {};
      }
      case 'updateUser': {
        const { pwd = users.get(key)!.pwd, roles: granted = users.get(key)!.roles } = command as Partial<{
          pwd: string;
          roles: Role[];
        }>;
        users.set(key, { pwd, roles: granted });
        return {};
      }
      default:
        throw new ServerError(59, `no such command: '${name}'`);
    }
  }

  private reconfigure(host: string, config: Config): Reply {
    const before = this.configOf(host);
    this.check(config.version === before.version + 1, 103, 'the version is not the next one');
    const hosts = (c: Config) => c.members.map((m) => m.host);
    const changed = [
      ...hosts(config).filter((h) => !hosts(before).includes(h)),
      ...hosts(before).filter((h) => !hosts(config).includes(h)),
    ];
    this.check(changed.length <= 1, 103, 'more than one voting member changes');
    this.check(new Set(config.members.map((m) => m._id)).size === config.members.length, 93, 'an _id is used twice');
    this.check(hosts(config).includes(host), 103, 'the primary is not in the new configuration');
    this.member(host).config = config;
    return {};
  }

  private configOf(host: string): Config {
    const { config } = this.member(host);
    this.check(config, 94, 'no replset config has been received');
    return config!;
  }

  private stateOf(host: string): number {
    const member = this.members.get(host);
    if (!member?.up) {
      return STATE.DOWN;
    }
    return this.primary === host ? STATE.PRIMARY : member.state;
  }

  private isHealthy(host: string): boolean {
    const member = this.members.get(host);
    return member?.up === true && !member.starting && member.state === STATE.SECONDARY;
  }

  private check(holds: unknown, code: number, message: string): void {
    if (!holds) {
      throw new ServerError(code, message);
    }
  }
}

function newest(configs: readonly Config[]): Config | undefined {
  return [...configs].sort((a, b) => b.version - a.version)[0];
}
