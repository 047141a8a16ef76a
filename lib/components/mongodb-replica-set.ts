import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { headlessService, serviceHost } from '../connections/hosts';
import { IConnectable, Peer } from '../connections/peer';
import { invalid } from '../errors';
import { Credential } from '../secrets/credential';
import { Secret } from '../secrets/secret';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { TlsCertificate } from '../tls/tls-certificate';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { ContainerProps } from '../workload/container';
import { Identity } from '../workload/labels';
import { tcpProbe } from '../workload/probes';
import { checkQuorumSize } from '../workload/quorum';
import { Resources } from '../workload/resources';
import { StatefulSet } from '../workload/stateful-set';
import { configVolume, tmpVolume } from '../workload/volumes';
import { MemberSetProps } from './member-set';
import { MONGOD_PATHS, mongodConfig } from './mongodb-config';
import { INITIATION_SCRIPT } from './mongodb-script';
import {
  CA_FILE,
  CA_MOUNT,
  caVolume,
  MONGODB_CERTIFICATE_SECRET,
  MONGODB_UID,
  MongoDbTasks,
  PASSWORD,
  userSecretName,
} from './mongodb-tasks';
import { tlsOptions } from './mongodb-uri';
import {
  BACKUP_ROLE,
  BACKUP_USER,
  EXPORTER_USER,
  onDatabaseRequest,
  serviceUser,
  USER_ADMINISTRATOR,
} from './mongodb-user';

/** The port that drivers and members speak to. */
const PORT = 'tcp-mongodb';

const METRICS_PORT = { name: 'http-metrics', port: 9216 };

/** The name of the set's objects. */
const NAME = 'mongodb';

const COMPONENT = 'database';

/** The most members of a set that may vote. */
const MOST_MEMBERS = 7;

/** mongod gives clients 15 s to find another primary, and then writes what its cache holds. */
const GRACE = Duration.seconds(90);

/** A new member catches up before the next is replaced. */
const MIN_READY_SECONDS = 30;

const EXPORTER_RESOURCES: Resources = {
  cpuRequest: '10m',
  memoryRequest: '32Mi',
  cpuLimit: '200m',
  memoryLimit: '128Mi',
};

const KEYFILE_RESOURCES: Resources = {
  cpuRequest: '10m',
  memoryRequest: '16Mi',
  cpuLimit: '100m',
  memoryLimit: '64Mi',
};

/** Whoever knows it is a member: each line is a key, the first of them the one to log in with. */
const KEYFILE = new Credential({
  path: 'mongodb/keyfile',
  description: 'key of the MongoDB members among each other, up to 700 characters; while it is changed, two lines',
});

/** mongod has its key; the exporter has the certificate of the authority alone. */
const TLS_VOLUMES: readonly k8s.Volume[] = [
  { name: 'tls', secret: { secretName: MONGODB_CERTIFICATE_SECRET } },
  caVolume(MONGODB_CERTIFICATE_SECRET),
];

const KEYFILE_SECRET = { name: 'mongodb-keyfile', key: 'keyfile' };

/** mongod takes only base64, in a file that it alone may read; so whatever an operator has put there becomes that. */
const WRITE_KEYFILE = `
umask 0377
rm -f ${MONGOD_PATHS.keyfile}/keyfile
while IFS= read -r key || [ -n "$key" ]; do
  echo "- $(printf %s "$key" | base64 -w 0)"
done < /etc/mongodb-keyfile/${KEYFILE_SECRET.key} > ${MONGOD_PATHS.keyfile}/keyfile
`.trim();

/**
 * MongoDB as a replica set: members that each keep a volume and authenticate each other by keyfile, an exporter beside
 * each, a Job that initiates the set once and makes the users, and a CronJob that takes changed passwords over.
 *
 * A member that has lost its volume joins again; no second set is ever initiated while a member knows of one.
 */
export class MongoDbReplicaSet extends Construct implements IConnectable {
  /** The members. */
  public readonly statefulSet: StatefulSet;

  /** Where clients connect; its member addresses name every member. */
  public readonly client: Endpoint;

  private readonly tasks: MongoDbTasks;
  private readonly tls: boolean;

  /**
   * @param scope a construct of the box's namespace
   * @param id the construct's id
   * @param props its figures, and the box it is
   * @throws on an even number of members or more than 7, on a memory limit too small for its cache, and on bad resources
   */
  public constructor(scope: Construct, id: string, props: MemberSetProps) {
    super(scope, id);
    if (checkQuorumSize(this, props.members) > MOST_MEMBERS) {
      throw invalid(this, `members is ${props.members}; allowed: at most ${MOST_MEMBERS}, which is how many may vote`);
    }
    this.client = props.box.endpointNamed(PORT);
    const identity = { box: NAME, workload: NAME, component: COMPONENT };
    new Secret(this, 'keyfile', { name: KEYFILE_SECRET.name, identity, data: { [KEYFILE_SECRET.key]: [KEYFILE] } });
    this.tls = clusterContext(this).tls?._certManager !== undefined;
    if (this.tls) {
      this.createCertificate(identity);
    }
    const config = new ConfigMap(this, 'config', {
      name: NAME,
      identity,
      data: {
        'mongod.conf': mongodConfig(this, {
          port: this.client.port,
          memoryLimit: props.resources.memoryLimit,
          storage: props.storage,
          tls: this.tls,
        }),
      },
    });
    this.statefulSet = this.createMembers(props, config);
    this.statefulSet.serve(this.client);
    this.statefulSet.connectToPeers(this.client);
    this.statefulSet.addMetrics(this.statefulSet.addEndpoint(METRICS_PORT.name, EndpointKind.METRICS));
    this.tasks = this.createTasks();
    onDatabaseRequest(this.client, (request) => this.tasks.addUser(serviceUser(request.client, request)));
  }

  /** Its main endpoint: `client`. */
  public get endpoint(): Peer {
    return this.client;
  }

  /** Good for every member that there is or may come, the Service, and the exporter beside each member. */
  private createCertificate(identity: Identity): void {
    const { namespace } = this.client.pods;
    const { clusterDomain } = clusterContext(this);
    const headless = serviceHost(headlessService(NAME), namespace, clusterDomain);
    new TlsCertificate(this, 'certificate', {
      name: MONGODB_CERTIFICATE_SECRET,
      identity,
      dnsNames: [`*.${headless}`, this.client.host, 'localhost'],
    });
  }

  private createMembers(props: MemberSetProps, config: ConfigMap): StatefulSet {
    return new StatefulSet(this, 'stateful-set', {
      name: NAME,
      component: COMPONENT,
      pods: props.box.pods,
      replicas: props.members,
      user: MONGODB_UID,
      priorityClassName: PRIORITY_CLASSES.data.name,
      terminationGracePeriod: GRACE,
      minReadySeconds: MIN_READY_SECONDS,
      podAnnotations: config.hashAnnotation,
      volumeClaims: [{ name: 'data', size: props.storage, storageClassName: props.storageClassName }],
      initContainers: [this.keyfileContainer()],
      containers: [this.serverContainer(props.resources), this.exporterContainer()],
      volumes: [
        configVolume('config', config),
        { name: 'keyfile-secret', secret: { secretName: KEYFILE_SECRET.name } },
        { name: 'keyfile', emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('1Mi') } },
        ...(this.tls ? TLS_VOLUMES : []),
        tmpVolume(),
      ],
    });
  }

  private keyfileContainer(): ContainerProps {
    return {
      name: 'keyfile',
      image: clusterContext(this).images.of('mongodb'),
      command: ['bash', '-ceuo', 'pipefail', WRITE_KEYFILE],
      resources: KEYFILE_RESOURCES,
      volumeMounts: [
        { name: 'keyfile-secret', mountPath: '/etc/mongodb-keyfile', readOnly: true },
        { name: 'keyfile', mountPath: MONGOD_PATHS.keyfile },
      ],
    };
  }

  private serverContainer(resources: Resources): ContainerProps {
    return {
      name: 'mongod',
      image: clusterContext(this).images.of('mongodb'),
      // Not the image's entry point, which makes users that would keep a member from joining.
      command: ['mongod', '--config', `${MONGOD_PATHS.config}/mongod.conf`],
      resources,
      ports: [{ name: PORT, port: this.client.port }],
      // It listens once it has recovered from its journal.
      startupProbe: tcpProbe(PORT, { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 360 }),
      // A shell for each probe would cost more than mongod itself, and no member may wait to be initiated.
      livenessProbe: tcpProbe(PORT, { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 }),
      readinessProbe: tcpProbe(PORT, { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }),
      volumeMounts: [
        { name: 'data', mountPath: MONGOD_PATHS.data },
        { name: 'config', mountPath: MONGOD_PATHS.config, readOnly: true },
        { name: 'keyfile', mountPath: MONGOD_PATHS.keyfile, readOnly: true },
        ...(this.tls ? [{ name: 'tls', mountPath: MONGOD_PATHS.tls, readOnly: true }] : []),
        { name: 'tmp', mountPath: '/tmp' },
      ],
    };
  }

  private exporterContainer(): ContainerProps {
    return {
      name: 'exporter',
      image: clusterContext(this).images.of('mongodb-exporter'),
      args: [
        `--mongodb.uri=mongodb://localhost:${this.client.port}/admin?directConnection=true${tlsOptions(this.tls ? CA_FILE : undefined)}`,
        `--web.listen-address=:${METRICS_PORT.port}`,
        '--collector.diagnosticdata',
        '--collector.replicasetstatus',
        '--collector.dbstats',
      ],
      resources: EXPORTER_RESOURCES,
      env: [
        { name: 'MONGODB_USER', value: EXPORTER_USER.name },
        {
          name: 'MONGODB_PASSWORD',
          valueFrom: { secretKeyRef: { name: userSecretName(EXPORTER_USER.name), key: PASSWORD } },
        },
      ],
      ports: [METRICS_PORT],
      // Whether it listens: before its user is made it says mongodb_up 0, and the member is ready all the same.
      livenessProbe: tcpProbe(METRICS_PORT.name, { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 }),
      readinessProbe: tcpProbe(METRICS_PORT.name, { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }),
      volumeMounts: this.tls ? [CA_MOUNT] : undefined,
    };
  }

  private createTasks(): MongoDbTasks {
    const tasks = new MongoDbTasks(this, 'tasks', {
      name: 'mongodb-tasks',
      box: NAME,
      endpoint: this.client,
      members: this.client.memberAddresses,
      caSecret: this.tls ? MONGODB_CERTIFICATE_SECRET : undefined,
      watchCertificate: this.tls,
      login: {
        user: '__system',
        database: 'local',
        keyfile: true,
        secretName: KEYFILE_SECRET.name,
        key: KEYFILE_SECRET.key,
      },
    });
    tasks.addRole(BACKUP_ROLE);
    [EXPORTER_USER, BACKUP_USER, USER_ADMINISTRATOR].forEach((user) => tasks.addUser(user));
    tasks.addJob({ name: 'mongodb-initiation', script: INITIATION_SCRIPT, wait: Duration.minutes(10) });
    tasks.addUsersCronJob('mongodb-users');
    return tasks;
  }
}
