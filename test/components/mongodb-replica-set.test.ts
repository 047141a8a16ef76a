import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Chart, Size } from 'cdk8s';
import { parse } from 'yaml';
import { MemberSetProps, MongoDbReplicaSet, SecretsBackend, Tls } from '../../lib';
import { requestDatabase } from '../../lib/components/mongodb-user';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { pods, tcp } from '../connections/fixtures';
import { allManifests, development, platformOf, production, namespaceManifests } from '../fixtures';
import { find, findAll, manifestsOf, namesOf, Part, templateOf } from '../manifest';

const RESOURCES = { cpuRequest: '300m', memoryRequest: '2Gi', cpuLimit: '700m', memoryLimit: '3Gi' };

function make(props: Partial<MemberSetProps> = {}) {
  const chart = new Chart(new App(), 'test', { namespace: 'mongodb' });
  const members = props.members ?? 3;
  const box = Box._fromTopology(chart, BOXES.mongodb, { state: PodsState.PENDING, members });
  const set = new MongoDbReplicaSet(chart, 'mongodb', {
    box,
    members,
    storage: Size.gibibytes(7),
    resources: RESOURCES,
    ...props,
  });
  return { chart, box, set, manifests: () => manifestsOf(chart) };
}

const { manifests: synth, set: three, box: threeBox } = make();
const manifests = synth();
const statefulSet = find(manifests, 'StatefulSet');
const pod = templateOf(statefulSet).spec;
const [mongod, exporter] = pod.containers;

describe('a MongoDB replica set', () => {
  it('is its members with all that belongs to them, and the tasks that make it a set', () => {
    expect(namesOf(manifests).map((name) => name.replace(/^(Job .+)-[0-9a-f]{10}$/, '$1-<hash>'))).toEqual([
      'ConfigMap mongodb',
      'ConfigMap mongodb-tasks',
      'CronJob mongodb-users',
      'Job mongodb-initiation-<hash>',
      'NetworkPolicy mongodb',
      'NetworkPolicy mongodb-initiation',
      'NetworkPolicy mongodb-users',
      'PodDisruptionBudget mongodb',
      'Secret mongodb-keyfile',
      'Secret mongodb-user-backup',
      'Secret mongodb-user-exporter',
      'Secret mongodb-user-user-administrator',
      'Service mongodb',
      'Service mongodb-headless',
      'ServiceAccount mongodb',
      'ServiceAccount mongodb-initiation',
      'ServiceAccount mongodb-users',
      'StatefulSet mongodb',
    ]);
  });

  it('renders every property', () => {
    const every: Required<Omit<MemberSetProps, 'box'>> = {
      members: 5,
      storage: Size.gibibytes(11),
      storageClassName: 'fast',
      resources: RESOURCES,
    };
    const all = make(every).manifests();
    const { spec } = find(all, 'StatefulSet');
    expect(spec.replicas).toBe(5);
    expect(spec.volumeClaimTemplates[0].spec).toMatchObject({
      storageClassName: 'fast',
      resources: { requests: { storage: '11Gi' } },
    });
    expect(spec.template.spec.containers[0].resources).toMatchObject({
      requests: { cpu: '300m', memory: '2Gi' },
      limits: { cpu: '700m', memory: '3Gi' },
    });
    const settings = JSON.parse(find(all, 'ConfigMap', 'mongodb-tasks').data['settings.json']);
    expect(settings.members).toHaveLength(5);
    expect(parse(find(all, 'ConfigMap', 'mongodb').data['mongod.conf'])).toMatchObject({
      storage: { wiredTiger: { engineConfig: { cacheSizeGB: 1 } } },
      replication: { oplogSizeMB: 563 },
    });
  });

  it('is one member in development, and what the topology says in production', () => {
    const spec = (app: App) => find(namespaceManifests(app, 'mongodb'), 'StatefulSet').spec;
    const small = spec(platformOf(development()).app);
    expect(small.replicas).toBe(1);
    expect(small.volumeClaimTemplates[0].spec).toMatchObject({ resources: { requests: { storage: '2Gi' } } });
    const full = spec(platformOf(production()).app);
    expect(full.replicas).toBe(3);
    expect(full.volumeClaimTemplates[0].spec).toMatchObject({
      storageClassName: 'wms-ssd',
      resources: { requests: { storage: '100Gi' } },
    });
  });

  it('is reached at the box’s endpoint, which names each member', () => {
    expect(three.endpoint).toBe(threeBox.endpoint);
    expect(three.client.memberAddresses).toEqual(three.statefulSet.hosts.map((host) => `${host}:27017`));
    expect(find(manifests, 'Service', 'mongodb').spec.ports).toMatchObject([
      { name: 'http-metrics', port: 9216 },
      { name: 'tcp-mongodb', port: 27017 },
    ]);
  });

  it('lets in its members and its tasks', () => {
    expect(find(manifests, 'NetworkPolicy', 'mongodb').spec.ingress).toEqual([
      {
        from: ['mongodb', 'mongodb-initiation', 'mongodb-users'].map((instance) => ({
          podSelector: {
            matchLabels: { 'app.kubernetes.io/name': 'mongodb', 'app.kubernetes.io/instance': instance },
          },
        })),
        ports: tcp(27017),
      },
    ]);
    expect(find(manifests, 'NetworkPolicy', 'mongodb').spec.egress[0]).toEqual({
      to: [pods('mongodb')],
      ports: tcp(27017),
    });
  });

  it('serves metrics', () => {
    expect(three.statefulSet.metrics).toMatchObject([{ endpoint: { port: 9216 }, path: '/metrics' }]);
  });
});

describe('a member', () => {
  it('runs mongod with its configuration, and not the image’s entry point', () => {
    expect(mongod).toMatchObject({
      name: 'mongod',
      image: 'docker.io/library/mongo:8.0.29',
      command: ['mongod', '--config', '/etc/mongod/mongod.conf'],
    });
    expect(mongod.env).toBeUndefined();
    expect(pod.securityContext).toMatchObject({ runAsUser: 999, fsGroup: 999 });
  });

  it('is asked over TCP, so that no probe costs a shell or waits to be initiated', () => {
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(mongod[probe].tcpSocket).toEqual({ port: 'tcp-mongodb' });
    }
    expect(mongod.startupProbe.periodSeconds * mongod.startupProbe.failureThreshold).toBeGreaterThanOrEqual(3600);
    for (const probe of ['livenessProbe', 'readinessProbe']) {
      expect(exporter[probe].tcpSocket).toEqual({ port: 'http-metrics' });
    }
  });

  it('gets time to hand over and to write its cache, and the next is replaced only after it', () => {
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(60);
    expect(statefulSet.spec.minReadySeconds).toBe(30);
  });

  it('is evicted last', () => {
    expect(pod.priorityClassName).toBe('wms-data');
  });

  it('rolls when its configuration changes, and not when a user comes', () => {
    const annotations = (props: Partial<MemberSetProps>, withUser = false) => {
      const { chart, set } = make(props);
      const { statefulSet: members } = set;
      if (withUser) {
        addUser(set);
      }
      return templateOf(find(manifestsOf(chart), 'StatefulSet', members.name)).metadata.annotations;
    };
    const before = annotations({});
    expect(Object.keys(before)).toEqual(['checksum/mongodb']);
    expect(annotations({}, true)).toEqual(before);
    expect(annotations({ storage: Size.gibibytes(8) })).not.toEqual(before);
  });

  it('has an exporter beside it with a user of its own', () => {
    expect(exporter).toMatchObject({
      name: 'exporter',
      image: 'docker.io/percona/mongodb_exporter:0.53.0',
      env: [
        { name: 'MONGODB_USER', value: 'exporter' },
        {
          name: 'MONGODB_PASSWORD',
          valueFrom: { secretKeyRef: { name: 'mongodb-user-exporter', key: 'password' } },
        },
      ],
    });
    expect(exporter.args).toContain('--mongodb.uri=mongodb://localhost:27017/admin?directConnection=true');
  });

  it('has limits for all that it writes beside its volume', () => {
    for (const { emptyDir } of pod.volumes.filter((v: Part) => v.emptyDir)) {
      expect(emptyDir.sizeLimit).toBeDefined();
    }
  });
});

describe("the members' keyfile", () => {
  const [init] = pod.initContainers;

  /** Runs the init container's command, with its paths in a directory. */
  function written(secret: string, times = 1): { lines: string[]; mode: number } {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'keyfile-'));
    try {
      fs.mkdirSync(path.join(directory, 'etc', 'mongodb-keyfile'), { recursive: true });
      fs.mkdirSync(path.join(directory, 'keyfile'));
      fs.writeFileSync(path.join(directory, 'etc', 'mongodb-keyfile', 'keyfile'), secret);
      const [command, ...args] = init.command as string[];
      const script = args.pop()!.replace(/(?<=\s)\/(?=(etc|keyfile)\/)/g, `${directory}/`);
      for (let run = 0; run < times; run += 1) {
        execFileSync(command, [...args, script]);
      }
      const file = path.join(directory, 'keyfile', 'keyfile');
      return { lines: fs.readFileSync(file, 'utf8').trimEnd().split('\n'), mode: fs.statSync(file).mode & 0o777 };
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  }

  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it('is written by the init container into memory that mongod alone reads', () => {
    expect(pod.volumes.find((v: Part) => v.name === 'keyfile').emptyDir).toEqual({
      medium: 'Memory',
      sizeLimit: '1Mi',
    });
    expect(mongod.volumeMounts).toContainEqual({ name: 'keyfile', mountPath: '/keyfile', readOnly: true });
    expect(written('some key').mode).toBe(0o400);
  });

  it.each([
    ['some key', ['some key']],
    ['development-only-mongodb-keyfile', ['development-only-mongodb-keyfile']],
    ['ends with a line break\n', ['ends with a line break']],
    ['new\nold', ['new', 'old']],
    [' $(id) "quoted" \\ ', [' $(id) "quoted" \\ ']],
    ['x'.repeat(700), ['x'.repeat(700)]],
  ])('holds whatever the operator has put there, as base64, a key each line: %j', (secret, keys) => {
    const { lines } = written(secret);
    expect(lines).toEqual(keys.map((key) => `- ${base64(key)}`));
    expect(lines.every((line) => line.length - 2 >= 6 && line.length - 2 <= 1024)).toBe(
      keys.every((k) => k.length > 3),
    );
  });

  it('is written again where the pod starts again', () => {
    expect(written('some key', 2).lines).toEqual([`- ${base64('some key')}`]);
  });
});

/** What a service does that connects. */
function addUser(set: MongoDbReplicaSet, user = 'returns', database = 'returns_db'): void {
  requestDatabase(set.endpoint, { user, database, client: set });
}

describe('a service that asks for a database', () => {
  const { chart, set } = make();
  const jobName = () => find(manifestsOf(chart), 'Job').metadata.name as string;
  const before = jobName();
  addUser(set);

  it('gets a user, in a Job of another name', () => {
    expect(JSON.parse(find(chart, 'ConfigMap', 'mongodb-tasks').data['user.returns.json'])).toEqual({
      user: 'returns',
      roles: [{ role: 'readWrite', db: 'returns_db' }],
    });
    expect(find(chart, 'Secret', 'mongodb-user-returns').stringData).toEqual({
      password: 'development-only-mongodb-returns',
    });
    expect(jobName()).not.toBe(before);
  });

  it('gets it once, however often it asks', () => {
    const name = jobName();
    addUser(set);
    expect(jobName()).toBe(name);
  });

  it('does not get the user of another', () => {
    expect(() => addUser(set, 'returns', 'orders_db')).toThrow(
      "[test/mongodb/tasks] the user 'returns' is declared twice with different roles; " +
        'allowed: a user, and a service, of each name',
    );
  });

  it('has it in the same order, whoever asks first', () => {
    const rendered = (users: string[]) => {
      const { set: other, chart: otherChart } = make();
      users.forEach((user) => addUser(other, user, `${user}_db`));
      return manifestsOf(otherChart).filter(({ kind }) => kind !== 'Secret');
    };
    expect(rendered(['b', 'a', 'c'])).toEqual(rendered(['c', 'b', 'a']));
  });
});

describe('the tasks', () => {
  const job = find(manifests, 'Job');
  const cronJob = find(manifests, 'CronJob');

  it('run after the members, and before any service', () => {
    for (const task of [job, cronJob]) {
      expect(task.metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('21');
    }
    expect(statefulSet.metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('20');
  });

  it('have patience for the members’ images and volumes', () => {
    expect(job.spec).toMatchObject({ backoffLimit: 40, activeDeadlineSeconds: 8 * 3600 });
  });

  it('bring the users up to date every ten minutes, one run at a time', () => {
    expect(cronJob.spec).toMatchObject({ schedule: '*/10 * * * *', concurrencyPolicy: 'Forbid' });
    expect(cronJob.spec.jobTemplate.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 300 });
  });

  it('get every password and the key as files, never as variables or arguments', () => {
    for (const task of findAll(manifests).filter(({ kind }) => ['Job', 'CronJob'].includes(kind))) {
      const { spec } = templateOf(task);
      const [container] = spec.containers;
      expect(container.env.filter((e: Part) => e.valueFrom)).toEqual([]);
      expect(container.envFrom).toBeUndefined();
      expect(container.args).toBeUndefined();
      expect(spec.volumes.find((v: Part) => v.name === 'credentials').projected.sources).toEqual(
        ['backup', 'exporter', 'user-administrator'].map((user) => ({
          secret: { name: `mongodb-user-${user}`, items: [{ key: 'password', path: user }] },
        })),
      );
      expect(spec.volumes.find((v: Part) => v.name === 'login').secret.secretName).toBe('mongodb-keyfile');
    }
  });
});

describe('passwords', () => {
  it('come from the same place for a service and its user', () => {
    const vault = SecretsBackend.vault({ server: 'https://vault.example.com' });
    const { app } = platformOf(production({ secrets: vault }));
    const reference = (namespace: string, name: string) =>
      find(namespaceManifests(app, namespace), 'ExternalSecret', name).spec.data[0].remoteRef;
    const user = reference('mongodb', 'mongodb-user-order-service');
    expect(user).toMatchObject({ key: 'wms/production/mongodb/order-service', property: 'password' });
    expect(reference('wms-platform', 'order-service-mongodb')).toEqual(user);
  });
});

describe('a replica set with TLS', () => {
  const all = namespaceManifests(platformOf(production()).app, 'mongodb');
  const { spec } = templateOf(find(all, 'StatefulSet', 'mongodb'));
  const volume = (of: Part, name: string) => of.volumes.find((v: Part) => v.name === name);
  const caOnly = { secretName: 'mongodb-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] };

  it('has a certificate for whatever name a member, its Service or its exporter is reached by', () => {
    expect(find(all, 'Certificate', 'mongodb-tls').spec).toMatchObject({
      secretName: 'mongodb-tls',
      dnsNames: ['*.mongodb-headless.mongodb.svc.cluster.local', 'mongodb.mongodb.svc.cluster.local', 'localhost'],
      usages: ['digital signature', 'server auth', 'client auth'],
      additionalOutputFormats: [{ type: 'CombinedPEM' }],
    });
  });

  it('requires it of every connection', () => {
    expect(parse(find(all, 'ConfigMap', 'mongodb').data['mongod.conf']).net.tls.mode).toBe('requireTLS');
    expect(volume(spec, 'tls').secret).toEqual({ secretName: 'mongodb-tls' });
    expect(spec.containers[0].volumeMounts).toContainEqual({
      name: 'tls',
      mountPath: '/etc/mongod-tls',
      readOnly: true,
    });
  });

  it('gives the exporter the authority, and never the key', () => {
    expect(volume(spec, 'ca').secret).toEqual(caOnly);
    expect(spec.containers[1].volumeMounts).toEqual([{ name: 'ca', mountPath: '/etc/mongodb-ca', readOnly: true }]);
    expect(spec.containers[1].args).toContain(
      '--mongodb.uri=mongodb://localhost:27017/admin?directConnection=true&tls=true&tlsCAFile=/etc/mongodb-ca/ca.crt',
    );
  });

  it('gives the tasks the authority, and the certificate that members should serve, and never the key', () => {
    for (const task of [...findAll(all, 'Job'), ...findAll(all, 'CronJob')]) {
      const { spec: pods } = templateOf(task);
      expect(volume(pods, 'ca').secret.items.map(({ key }: Part) => key)).toEqual(['ca.crt', 'tls.crt']);
      expect(pods.containers[0].env).toContainEqual({ name: 'CERTIFICATE', value: '/etc/mongodb-ca/tls.crt' });
    }
    const settings = JSON.parse(find(all, 'ConfigMap', 'mongodb-tasks').data['settings.json']);
    expect(settings.uriOptions).toBe('&tls=true&tlsCAFile=/etc/mongodb-ca/ca.crt');
  });

  it('gives a service and its worker the authority, of a certificate in their own namespace', () => {
    const services = namespaceManifests(platformOf(production()).app, 'wms-platform');
    const items = [{ key: 'ca.crt', path: 'ca.crt' }];
    for (const name of ['picking-service', 'picking-service-worker']) {
      const { spec: pods } = templateOf(find(services, 'Deployment', name));
      expect(volume(pods, 'ca').secret).toEqual({ secretName: 'picking-service-mongodb-tls', items });
      expect(pods.containers[0].volumeMounts).toContainEqual({
        name: 'ca',
        mountPath: '/etc/mongodb-ca',
        readOnly: true,
      });
    }
    expect(find(services, 'Certificate', 'picking-service-mongodb-tls').spec.usages).not.toContain('server auth');
    expect(find(services, 'ExternalSecret', 'picking-service-mongodb').spec.target.template.data.MONGODB_URI).toMatch(
      /&tls=true&tlsCAFile=\/etc\/mongodb-ca\/ca\.crt$/,
    );
    const orchestrator = templateOf(find(services, 'Deployment', 'orchestrator')).spec;
    expect(volume(orchestrator, 'ca')).toBeUndefined();
    expect(orchestrator.containers[0].volumeMounts.map(({ name }: Part) => name)).not.toContain('ca');
  });

  it('has no kind of cert-manager where the environment has none', () => {
    const none = allManifests(platformOf(production({ tls: Tls.none() })).app);
    expect(none.filter(({ apiVersion }) => apiVersion.startsWith('cert-manager.io'))).toEqual([]);
  });
});

describe('a replica set is refused', () => {
  it.each([2, 4])('with %d members', (members) => {
    expect(() => make({ members })).toThrow(
      `[test/mongodb] members is ${members}, which is even; allowed: an odd number, as 1, 3 or 5`,
    );
  });

  it.each([0, -1, 1.5])('with %d members', (members) => {
    expect(() => make({ members })).toThrow(
      `[test/mongodb] members is ${members}; allowed: a whole number of 1 or more`,
    );
  });

  it('with more members than may vote', () => {
    expect(() => make({ members: 9 })).toThrow(
      '[test/mongodb] members is 9; allowed: at most 7, which is how many may vote',
    );
  });

  it('with too little memory for its cache', () => {
    expect(() => make({ resources: { ...RESOURCES, memoryRequest: '128Mi', memoryLimit: '256Mi' } })).toThrow(
      '[test/mongodb] resources.memoryLimit 256Mi is too small for the cache of 0.25 GiB and what mongod needs ' +
        'beside it; allowed: at least 512Mi',
    );
  });

  it('with what is no quantity', () => {
    expect(() => make({ resources: { ...RESOURCES, memoryLimit: 'much' } })).toThrow(
      "[test/mongodb resources.memoryLimit] 'much' is no quantity; allowed: ",
    );
  });
});
