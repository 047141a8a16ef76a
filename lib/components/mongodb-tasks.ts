import { Cron, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { IConnectable } from '../connections/peer';
import { invalid } from '../errors';
import { layerWave } from '../gitops/sync-waves';
import { Secret } from '../secrets/secret';
import { MONGODB_REPLICA_SET } from '../topology/components';
import { NAMESPACES } from '../topology/namespaces';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap, contentHash } from '../workload/config-map';
import { CronJob } from '../workload/cron-job';
import { Footprint, guestFootprints } from '../workload/footprint';
import { Job, JobProps } from '../workload/job';
import { Resources } from '../workload/resources';
import { configVolume, tmpVolume } from '../workload/volumes';
import { USERS_SCRIPT } from './mongodb-script';
import { mongoDbPassword, tlsOptions } from './mongodb-uri';
import { MongoDbUser } from './mongodb-user';

/** The user id of MongoDB's image. */
export const MONGODB_UID = 999;

/** What a run of mongosh needs. */
export const TASK_RESOURCES: Resources = {
  cpuRequest: '50m',
  memoryRequest: '128Mi',
  cpuLimit: '500m',
  memoryLimit: '512Mi',
};

/** As whom tasks log in. */
export interface MongoDbLogin {
  readonly user: string;
  readonly database: string;
  /** Whether the password is the members' keyfile. */
  readonly keyfile: boolean;
  readonly secretName: string;
  readonly key: string;
}

/** What tasks of MongoDB work on. */
export interface MongoDbTasksProps {
  /** The name of their settings, and the beginning of further names. */
  readonly name: string;
  /** The box of the topology they belong to. */
  readonly box: string;
  readonly endpoint: IConnectable;
  /** `host:port` of each member. */
  readonly members: readonly string[];
  readonly login: MongoDbLogin;
  /** The Secret with `ca.crt`, where connections are encrypted. */
  readonly caSecret?: string;
  /** Whether the tasks see to it that the members serve the certificate in that Secret. */
  readonly watchCertificate?: boolean;
}

/** One task: a script, and how long it waits for the set. */
export interface MongoDbTask {
  readonly name: string;
  readonly script: string;
  readonly wait: Duration;
}

const SETTINGS = '/etc/mongodb-task';
const CREDENTIALS = '/etc/mongodb-credentials';
const LOGIN = '/etc/mongodb-login';

/** Jobs that run scripts in mongosh, and the users that they bring up to date. Users may come until synthesis. */
export class MongoDbTasks extends Construct {
  private readonly settings: ConfigMap;
  private readonly users = new Map<string, MongoDbUser>();
  private readonly passwords: k8s.VolumeProjection[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: MongoDbTasksProps,
  ) {
    super(scope, id);
    const { name, login, members, caSecret } = props;
    this.settings = new ConfigMap(this, 'settings', { name, identity: this.identity(name) });
    const settings = {
      replicaSet: MONGODB_REPLICA_SET,
      members,
      uriOptions: tlsOptions(caSecret && CA_FILE),
      login: { user: login.user, database: login.database, keyfile: login.keyfile },
    };
    this.settings.add('settings.json', json(settings));
  }

  /** Declares a role of the set's own. */
  public addRole(role: { readonly role: string; readonly privileges: readonly object[] }): void {
    this.settings.add(`role.${role.role}.json`, json(role));
  }

  /**
   * Declares a user, with the Secret of its password; the same again changes nothing.
   *
   * @throws where there is one of that name with other roles
   */
  public addUser(user: MongoDbUser): void {
    const before = this.users.get(user.name);
    if (before && contentHash(before) !== contentHash(user)) {
      throw invalid(
        this,
        `the user '${user.name}' is declared twice with different roles; allowed: a user, and a service, of each name`,
      );
    }
    if (before) {
      return;
    }
    this.users.set(user.name, user);
    this.settings.add(`user.${user.name}.json`, json({ user: user.name, roles: user.roles }));
    const { secretName } = new Secret(this, `user-${user.name}`, {
      name: userSecretName(user.name),
      identity: this.identity(this.props.name),
      data: { [PASSWORD]: [mongoDbPassword(user.name)] },
    });
    this.passwords.push({ secret: { name: secretName, items: [{ key: PASSWORD, path: user.name }] } });
    this.passwords.sort((a, b) => (a.secret!.name! < b.secret!.name! ? -1 : 1));
  }

  /** A task that runs once for each content of its settings. It waits long for a set whose members are still coming. */
  public addJob(task: MongoDbTask): Job {
    const job = new Job(this, task.name, {
      ...this.pod(task),
      // Pulling images and making volumes may take long, and nobody else initiates the set.
      retries: 40,
      timeout: Duration.hours(8),
    });
    job.connectTo(this.props.endpoint);
    return job;
  }

  /** A task that brings the users up to date again and again. */
  public addUsersCronJob(name: string): CronJob {
    const task = { name, script: USERS_SCRIPT, wait: Duration.minutes(3) };
    const cronJob = new CronJob(this, name, {
      ...this.pod(task),
      schedule: EVERY_TEN_MINUTES,
      // The next run tries again.
      retries: 0,
      timeout: Duration.seconds(task.wait.toSeconds() + 120),
    });
    cronJob.connectTo(this.props.endpoint);
    return cronJob;
  }

  private pod({ name, script, wait }: MongoDbTask): JobProps {
    const { box, login, caSecret, watchCertificate } = this.props;
    const file = `${name}.js`;
    this.settings.add(file, script);
    return {
      name,
      box,
      component: TASK_COMPONENT,
      syncWave: layerWave(NAMESPACES.mongodb.name) + 1,
      user: MONGODB_UID,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      podAnnotations: this.settings.hashAnnotation,
      containers: [
        {
          name: 'mongosh',
          image: clusterContext(this).images.of('mongodb'),
          command: ['mongosh', '--nodb', '--norc', '--quiet', '--file', `${SETTINGS}/${file}`],
          resources: TASK_RESOURCES,
          env: [
            { name: 'HOME', value: '/tmp' },
            { name: 'SETTINGS', value: SETTINGS },
            { name: 'CREDENTIALS', value: CREDENTIALS },
            { name: 'LOGIN', value: `${LOGIN}/${login.key}` },
            { name: 'WAIT_SECONDS', value: `${wait.toSeconds()}` },
            ...(watchCertificate ? [{ name: 'CERTIFICATE', value: `${CA_DIRECTORY}/tls.crt` }] : []),
          ],
          volumeMounts: [
            { name: 'settings', mountPath: SETTINGS, readOnly: true },
            { name: 'credentials', mountPath: CREDENTIALS, readOnly: true },
            { name: 'login', mountPath: LOGIN, readOnly: true },
            ...(caSecret ? [CA_MOUNT] : []),
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        configVolume('settings', this.settings),
        { name: 'credentials', projected: { sources: this.passwords } },
        { name: 'login', secret: { secretName: login.secretName, items: [{ key: login.key, path: login.key }] } },
        ...(caSecret ? [caVolume(caSecret, watchCertificate ? ['tls.crt'] : [])] : []),
        tmpVolume(),
      ],
    };
  }

  private identity(workload: string) {
    return { box: this.props.box, workload, component: TASK_COMPONENT };
  }
}

const TASK_COMPONENT = 'database-administration';

const EVERY_TEN_MINUTES = Cron.schedule({ minute: '*/10' });

/** The Secret of the members' certificate. */
export const MONGODB_CERTIFICATE_SECRET = 'mongodb-tls';

/** The key of a user's Secret. */
export const PASSWORD = 'password';

/** The Secret of a user's password in MongoDB's namespace. */
export function userSecretName(user: string): string {
  return `mongodb-user-${user}`;
}

const CA_DIRECTORY = '/etc/mongodb-ca';

/** Where clients find the certificate of the members' authority. */
export const CA_FILE = `${CA_DIRECTORY}/ca.crt`;

/** Where a client mounts its `caVolume`. */
export const CA_MOUNT: k8s.VolumeMount = { name: 'ca', mountPath: CA_DIRECTORY, readOnly: true };

/** Only certificates, that of the authority first: never the private key beside them. */
export function caVolume(secretName: string, further: readonly string[] = []): k8s.Volume {
  return { name: 'ca', secret: { secretName, items: ['ca.crt', ...further].map((key) => ({ key, path: key })) } };
}

/** The room that a quota leaves for guests: each with the Job that makes its user, and the CronJob that watches it. */
export function guestTaskFootprints(guests: number): Footprint[] {
  return guestFootprints(guests, 2, TASK_RESOURCES);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
