import { App, Duration } from 'cdk8s';
import { TemporalCluster, TemporalClusterProps, TemporalServiceProps } from '../../lib';
import { mostStoreConnections } from '../../lib/components/temporal-cluster';
import { Box } from '../../lib/connections/box';
import { arrow, connectionsOf } from '../../lib/connections/diagram';
import { PodsState } from '../../lib/connections/pods-state';
import { Credential } from '../../lib/secrets/credential';
import { BOXES } from '../../lib/topology/boxes';
import { TEMPORAL_ROLES, TemporalRoleName } from '../../lib/topology/temporal';
import { chartOf } from '../connections/fixtures';
import { find, findAll, manifestsOf, namesOf, Part, templateOf } from '../manifest';

const ROLES = Object.keys(TEMPORAL_ROLES) as TemporalRoleName[];
const RESOURCES = { cpuRequest: '100m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '512Mi' };

function make(change: (props: TemporalClusterProps) => Partial<TemporalClusterProps> = () => ({})) {
  const chart = chartOf(new App(), 'temporal');
  const box = (name: keyof typeof BOXES) => Box._fromTopology(chart, BOXES[name], { state: PodsState.PENDING });
  const service = (name: keyof typeof BOXES, replicas: number): TemporalServiceProps => ({
    box: box(name),
    replicas,
    resources: RESOURCES,
  });
  const props: Required<TemporalClusterProps> = {
    frontend: service('temporalFrontend', 2),
    history: service('temporalHistory', 3),
    matching: service('temporalMatching', 4),
    worker: service('temporalWorker', 1),
    uiResources: { ...RESOURCES, memoryLimit: '300Mi' },
    store: {
      host: 'db.example.com',
      port: 5433,
      user: 'wms',
      password: new Credential({ path: 'db/wms', description: 'a password' }),
    },
    connections: { main: 10, visibility: 5 },
    historyShards: 256,
    retention: Duration.days(3),
  };
  const cluster = new TemporalCluster(chart, 'temporal', { ...props, ...change(props) });
  const job = (name: string) => {
    const [found] = findAll(chart, 'Job').filter((j) => j.metadata.name.startsWith(name));
    return found;
  };
  return { chart, cluster, props, manifests: manifestsOf(chart), job };
}

const waveOf = (object: Part) => Number(object.metadata.annotations['argocd.argoproj.io/sync-wave']);
const variables = (container: Part) => Object.fromEntries(container.env.map((e: Part) => [e.name, e.value]));

describe('Temporal', () => {
  const { cluster, props, manifests, job } = make();
  const podOf = (role: string) => find(manifests, 'Deployment', `temporal-${role}`).spec.template;

  it('is four services, two jobs and a web interface', () => {
    const runs = manifests.filter((m) => templateOf(m)).map(({ kind, metadata }) => ({ kind, metadata }));
    expect(namesOf(runs as never).map((name) => name.replace(/-[0-9a-f]{10}$/, ''))).toEqual([
      'Deployment temporal-frontend',
      'Deployment temporal-history',
      'Deployment temporal-matching',
      'Deployment temporal-ui',
      'Deployment temporal-worker',
      'Job temporal-namespace',
      'Job temporal-schema',
    ]);
  });

  it('comes up in order: schema, servers, namespace', () => {
    expect(waveOf(job('temporal-schema'))).toBe(31);
    expect(ROLES.map((role) => waveOf(find(manifests, 'Deployment', `temporal-${role}`)))).toEqual([32, 32, 32, 32]);
    expect(waveOf(job('temporal-namespace'))).toBe(33);
    expect(waveOf(find(manifests, 'Deployment', 'temporal-ui'))).toBe(33);
  });

  it('answers clients at its frontend', () => {
    expect(cluster.endpoint).toBe(cluster.client);
    expect(cluster.client.address).toBe('temporal-frontend.temporal.svc.cluster.local:7233');
    expect(cluster.uiHttp.address).toBe('temporal-ui.temporal.svc.cluster.local:8080');
  });

  it.each([
    ['frontend', 2],
    ['history', 3],
    ['matching', 4],
    ['worker', 1],
  ] as const)('runs %s with its pods and resources in the pods of its box', (role, replicas) => {
    const { spec } = find(manifests, 'Deployment', `temporal-${role}`);
    expect(cluster[role].pods).toBe(props[role].box.pods);
    expect(spec.replicas).toBe(replicas);
    const { grpcPort, membershipPort, healthService } = TEMPORAL_ROLES[role];
    expect(spec.template.spec.containers).toMatchObject([
      {
        name: role,
        command: ['temporal-server', '--allow-no-auth', 'start', `--service=${role}`],
        resources: { limits: { memory: '512Mi' } },
        ports: [
          { name: `grpc-${role}`, containerPort: grpcPort },
          { name: 'tcp-membership', containerPort: membershipPort },
          { name: 'http-metrics', containerPort: 9090 },
        ],
        readinessProbe: { grpc: { port: grpcPort, service: healthService } },
        livenessProbe: { tcpSocket: { port: `grpc-${role}` } },
        startupProbe: { tcpSocket: { port: `grpc-${role}` } },
      },
    ]);
  });

  it.each(ROLES)(
    "keeps %s's memory below its limit, and tells it its address and where its configuration is",
    (role) => {
      const { env } = podOf(role).spec.containers[0];
      expect(env).toEqual([
        { name: 'TEMPORAL_SERVER_CONFIG_FILE_PATH', value: '/etc/temporal/wms/temporal.yaml' },
        { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'GOMEMLIMIT', value: '460MiB' },
      ]);
    },
  );

  it.each(ROLES)('gives %s time to drain and to end, and lets it wait for the schema', (role) => {
    expect(podOf(role).spec).toMatchObject({
      terminationGracePeriodSeconds: 60,
      priorityClassName: 'wms-platform',
      initContainers: [{ name: 'await-schema', command: ['sh', '/etc/temporal/wms-store/await-schema.sh'] }],
    });
  });

  it.each(ROLES)('mounts what %s reads, and rolls it when that changes', (role) => {
    expect(podOf(role).metadata.annotations).toMatchObject({
      'checksum/temporal': expect.any(String) as string,
      'checksum/temporal-store': expect.any(String) as string,
    });
    expect(podOf(role).spec.volumes).toEqual([
      { name: 'config', configMap: { name: 'temporal' } },
      { name: 'scripts', configMap: { name: 'temporal-store' } },
      { name: 'password', secret: { secretName: 'temporal-store' } },
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
    ]);
    expect(podOf(role).spec.containers[0].volumeMounts).toEqual([
      { name: 'config', mountPath: '/etc/temporal/wms', readOnly: true },
      { name: 'scripts', mountPath: '/etc/temporal/wms-store', readOnly: true },
      { name: 'password', mountPath: '/etc/temporal/wms-password', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ]);
  });

  it.each(ROLES)('serves %s at a Service, and its members by a headless one', (role) => {
    const { grpcPort, membershipPort } = TEMPORAL_ROLES[role];
    expect(find(manifests, 'Service', `temporal-${role}`).spec.ports).toMatchObject([
      { name: `grpc-${role}`, port: grpcPort, appProtocol: 'grpc' },
      { name: 'http-metrics', port: 9090, appProtocol: 'http' },
    ]);
    expect(find(manifests, 'Service', `temporal-${role}-headless`).spec).toMatchObject({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { 'app.kubernetes.io/name': 'temporal', 'app.kubernetes.io/instance': `temporal-${role}` },
      ports: [
        { name: 'tcp-membership', port: membershipPort, appProtocol: 'tcp' },
        { name: `grpc-${role}`, port: grpcPort, appProtocol: 'grpc' },
      ],
    });
    expect(cluster[role].metrics).toMatchObject([{ endpoint: { port: 9090 }, path: '/metrics' }]);
  });

  it('connects its members to each other, and what it is besides to the frontend', () => {
    const expected = ROLES.flatMap((from) => [
      ...ROLES.map((to) => `${from} -> ${to}:${TEMPORAL_ROLES[to].membershipPort}`),
      ...[`${from} -> frontend:7233`, `${from} -> history:7234`, `${from} -> matching:7235`],
    ]);
    const workloads = [...ROLES.map((role) => cluster[role]), cluster.ui, cluster.namespaceJob, cluster.schemaJob];
    const arrows = connectionsOf(workloads.map(({ pods }) => pods)).map(arrow);
    expect(arrows.map((a) => a.replace(/temporal\/temporal-/g, '')).sort()).toEqual(
      [...expected, 'ui -> frontend:7233', 'namespace -> frontend:7233'].sort(),
    );
  });

  it('connects to its store from the services and from the job that makes the schema', () => {
    expect(cluster._storeClients.map(({ name }) => name)).toEqual([
      'temporal-frontend',
      'temporal-history',
      'temporal-matching',
      'temporal-worker',
      'temporal-schema',
    ]);
  });

  it('has the password of its store in a Secret', () => {
    expect(find(manifests, 'Secret', 'temporal-store').stringData).toEqual({ password: 'development-only-db-wms' });
  });

  it('shows workflows of the platform in its web interface', () => {
    const [container] = find(manifests, 'Deployment', 'temporal-ui').spec.template.spec.containers;
    expect(variables(container)).toEqual({
      TEMPORAL_ADDRESS: 'temporal-frontend.temporal.svc.cluster.local:7233',
      TEMPORAL_UI_PORT: '8080',
      TEMPORAL_DEFAULT_NAMESPACE: 'wms',
    });
    expect(container).toMatchObject({
      resources: { limits: { memory: '300Mi' } },
      livenessProbe: { tcpSocket: { port: 'http' } },
      readinessProbe: { httpGet: { path: '/healthz', port: 'http' } },
    });
  });
});

describe("the job that makes Temporal's schema", () => {
  const FROM_SECRET = { valueFrom: { secretKeyRef: { name: 'temporal-store', key: 'password' } } };

  it('checks the shards, updates both databases, and says so in the end', () => {
    const { spec } = make().job('temporal-schema').spec.template;
    const versions = (name: string) => `/etc/temporal/schema/postgresql/v12/${name}/versioned`;
    const update = (name: string) => [
      'sh',
      '-ec',
      `temporal-sql-tool setup-schema --version 0.0\ntemporal-sql-tool update-schema --schema-dir ${versions(name)}`,
    ];
    expect(spec.initContainers.map((c: Part) => [c.name, c.command])).toEqual([
      ['check-shards', ['sh', '/etc/temporal/wms-store/check-shards.sh']],
      ['update-temporal', update('temporal')],
      ['update-visibility', update('visibility')],
    ]);
    expect(spec.containers.map((c: Part) => [c.name, c.command])).toEqual([
      ['record-schema', ['sh', '/etc/temporal/wms-store/record-schema.sh']],
    ]);
  });

  it('asks and updates the store that it is given', () => {
    const { spec } = make().job('temporal-schema').spec.template;
    expect(spec.initContainers[0].env).toEqual([
      { name: 'PGHOST', value: 'db.example.com' },
      { name: 'PGPORT', value: '5433' },
      { name: 'PGUSER', value: 'wms' },
      { name: 'PGPASSWORD', ...FROM_SECRET },
      { name: 'PGDATABASE', value: 'temporal' },
      { name: 'PGCONNECT_TIMEOUT', value: '5' },
      { name: 'PGSSLMODE', value: 'disable' },
      { name: 'NUM_HISTORY_SHARDS', value: '256' },
      { name: 'SCHEMA_IMAGE', value: 'docker.io/temporalio/admin-tools:1.31.2' },
    ]);
    expect(spec.containers[0].env).toEqual(spec.initContainers[0].env);
    const update = (database: string) => [
      { name: 'SQL_PLUGIN', value: 'postgres12' },
      { name: 'SQL_HOST', value: 'db.example.com' },
      { name: 'SQL_PORT', value: '5433' },
      { name: 'SQL_USER', value: 'wms' },
      { name: 'SQL_PASSWORD', ...FROM_SECRET },
      { name: 'SQL_DATABASE', value: database },
    ];
    expect(spec.initContainers.slice(1).map((c: Part) => c.env)).toEqual([
      update('temporal'),
      update('temporal_visibility'),
    ]);
  });

  it('checks the name of a store that has a certificate', () => {
    const { job, manifests } = make(({ store }) => ({ store: { ...store, caCertificate: 'PEM' } }));
    const { spec } = job('temporal-schema').spec.template;
    const file = '/etc/temporal/wms-store/store-ca.pem';
    expect(find(manifests, 'ConfigMap', 'temporal-store').data['store-ca.pem']).toBe('PEM');
    expect(variables(spec.containers[0])).toMatchObject({ PGSSLMODE: 'verify-full', PGSSLROOTCERT: file });
    for (const container of spec.initContainers.slice(1)) {
      expect(variables(container)).toMatchObject({
        SQL_TLS: 'true',
        SQL_TLS_CA_FILE: file,
        SQL_TLS_SERVER_NAME: 'db.example.com',
      });
    }
  });

  it('is another job with other shards, and the same where only the servers are configured anew', () => {
    const name = (...args: Parameters<typeof make>) => make(...args).job('temporal-schema').metadata.name;
    expect(name(() => ({ historyShards: 255 }))).not.toBe(name());
    expect(name(() => ({ connections: { main: 1, visibility: 1 } }))).toBe(name());
  });
});

describe("the job that registers Temporal's namespace", () => {
  it('registers it at the frontend, with how long ended workflows are kept', () => {
    const [container] = make().job('temporal-namespace').spec.template.spec.containers;
    expect(variables(container)).toEqual({
      TEMPORAL_ADDRESS: 'temporal-frontend.temporal.svc.cluster.local:7233',
      NAMESPACE: 'wms',
      RETENTION: '72h',
      HOME: '/tmp',
    });
  });

  it('waits for the frontend, and brings a namespace that is there up to date', () => {
    const [, , script] = make().job('temporal-namespace').spec.template.spec.containers[0].command;
    expect(script).toMatch(/until temporal operator cluster health [^\n]*; do sleep 2; done/);
    expect(script).toMatch(/if [^\n]*describe[^]*then\n *[^\n]* update [^]*else\n *[^\n]* create /);
  });
});

it('As many connections are opened as a rollout of every service takes', () => {
  expect(mostStoreConnections([2, 3, 2, 2], { main: 10, visibility: 5 })).toBe(13 * 15);
  expect(mostStoreConnections([1, 1, 1, 1], { main: 5, visibility: 2 })).toBe(8 * 7);
});

describe('Temporal is refused', () => {
  it.each<[string, (props: TemporalClusterProps) => Partial<TemporalClusterProps>, string]>([
    [
      'with fewer shards than 1',
      () => ({ historyShards: 0 }),
      '[temporal/temporal] historyShards is 0; allowed: a whole number of 1 or more',
    ],
    [
      'with too many shards',
      () => ({ historyShards: 16385 }),
      '[temporal/temporal] historyShards is 16385; allowed: at most 16384',
    ],
    [
      'without pods of a service',
      ({ matching }) => ({ matching: { ...matching, replicas: 0 } }),
      '[temporal/temporal] matching.replicas is 0; allowed: a whole number of 1 or more',
    ],
    [
      'without connections to its database',
      () => ({ connections: { main: 0, visibility: 1 } }),
      '[temporal/temporal] connections.main is 0; allowed: a whole number of 1 or more',
    ],
    [
      'without connections to the database of visibility',
      () => ({ connections: { main: 1, visibility: 0 } }),
      '[temporal/temporal] connections.visibility is 0; allowed: a whole number of 1 or more',
    ],
    [
      "with a memory limit too small for history's caches",
      ({ history }) => ({
        history: { ...history, resources: { ...RESOURCES, memoryRequest: '64Mi', memoryLimit: '128Mi' } },
      }),
      '[temporal/temporal/store] history.resources.memoryLimit is 128Mi, too small for its caches; allowed: at least 192Mi',
    ],
  ])('%s', (_what, change, message) => {
    expect(() => make(change)).toThrow(message);
  });
});
