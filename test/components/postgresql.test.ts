import { App, Size } from 'cdk8s';
import { PostgreSql, PostgreSqlProps } from '../../lib';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { chartOf } from '../connections/fixtures';
import { find, manifestsOf, namesOf, Part } from '../manifest';

const RESOURCES = { cpuRequest: '100m', memoryRequest: '1Gi', cpuLimit: '1', memoryLimit: '2Gi' };

function make(props: Partial<PostgreSqlProps> = {}) {
  const chart = chartOf(new App(), 'temporal');
  const box = Box._fromTopology(chart, BOXES.postgresql, { state: PodsState.PENDING });
  const all: Required<PostgreSqlProps> = {
    box,
    storage: Size.gibibytes(20),
    storageClassName: 'fast',
    resources: RESOURCES,
    clientConnections: 100,
    ...props,
  };
  const postgresql = new PostgreSql(chart, 'postgresql', all);
  const manifests = manifestsOf(chart);
  return { postgresql, box, manifests, spec: find(manifests, 'StatefulSet', 'postgresql').spec };
}

describe('PostgreSQL', () => {
  const { postgresql, box, manifests, spec } = make();
  const pod = spec.template.spec;
  const container = (name: string) => pod.containers.find((c: Part) => c.name === name);

  it('is one member with all that belongs to it', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap postgresql',
      'NetworkPolicy postgresql',
      'Secret postgresql',
      'Service postgresql',
      'Service postgresql-headless',
      'ServiceAccount postgresql',
      'StatefulSet postgresql',
    ]);
    expect(spec.replicas).toBe(1);
  });

  it('runs the pods of its box, and answers at its endpoint', () => {
    expect(postgresql.statefulSet.pods).toBe(box.pods);
    expect(postgresql.endpoint).toBe(box.endpointNamed('tcp-postgresql'));
    expect(postgresql.client.address).toBe('postgresql.temporal.svc.cluster.local:5432');
    expect(postgresql._connection).toMatchObject({
      host: 'postgresql.temporal.svc.cluster.local',
      port: 5432,
      user: 'temporal',
      password: { path: 'postgresql/temporal' },
    });
  });

  it('has a volume of its size and class, with the data below its root', () => {
    expect(spec.volumeClaimTemplates).toMatchObject([
      {
        metadata: { name: 'data' },
        spec: { storageClassName: 'fast', resources: { requests: { storage: '20Gi' } } },
      },
    ]);
    const mounts = container('postgresql').volumeMounts;
    expect(mounts).toContainEqual({ name: 'data', mountPath: '/var/lib/postgresql/data' });
    expect(container('postgresql').command).toEqual([
      'postgres',
      '-D',
      '/var/lib/postgresql/data/pgdata',
      '-c',
      'config_file=/etc/postgresql/postgresql.conf',
    ]);
  });

  it('has its resources, and settings derived from them', () => {
    expect(container('postgresql').resources).toMatchObject({
      requests: { cpu: '100m', memory: '1Gi' },
      limits: { cpu: '1', memory: '2Gi' },
    });
    const conf = find(manifests, 'ConfigMap', 'postgresql').data['postgresql.conf'];
    expect(conf).toContain('max_connections = 112\n');
    expect(conf).toContain('shared_buffers = 512MB\n');
  });

  it('reads its files where they are mounted, and rolls when they change', () => {
    expect(Object.keys(find(manifests, 'ConfigMap', 'postgresql').data)).toEqual([
      'initialize.sh',
      'pg_hba.conf',
      'postgresql.conf',
      'roles.sh',
      'roles.sql',
    ]);
    expect(spec.template.metadata.annotations).toHaveProperty(['checksum/postgresql']);
    expect(container('postgresql').volumeMounts).toContainEqual({
      name: 'config',
      mountPath: '/etc/postgresql',
      readOnly: true,
    });
    expect(pod.initContainers).toMatchObject([
      {
        name: 'initialize',
        command: ['sh', '/etc/postgresql/initialize.sh'],
        env: [{ name: 'PGDATA', value: '/var/lib/postgresql/data/pgdata' }],
      },
    ]);
  });

  it("is the image's user, as one of the data stores, with time for a shutdown that is fast whatever the signal", () => {
    expect(pod).toMatchObject({
      priorityClassName: 'wms-data',
      terminationGracePeriodSeconds: 120,
      securityContext: { runAsUser: 999, runAsGroup: 999, fsGroup: 999 },
    });
    expect(container('postgresql').lifecycle.preStop.exec.command).toEqual(
      expect.arrayContaining(['pg_ctl', 'stop', 'fast', '/var/lib/postgresql/data/pgdata']),
    );
  });

  it('is asked whether it takes connections, and lives while it recovers', () => {
    expect(container('postgresql')).toMatchObject({
      readinessProbe: { exec: { command: ['pg_isready', '-q', '-h', '/var/run/postgresql', '-t', '3'] } },
      livenessProbe: { tcpSocket: { port: 'tcp-postgresql' } },
    });
  });

  it('brings roles to what is declared by the socket, with every password', () => {
    expect(container('roles')).toMatchObject({
      command: ['sh', '/etc/postgresql/roles.sh'],
      env: [{ name: 'PGHOST', value: '/var/run/postgresql' }],
    });
    expect(container('roles').volumeMounts).toEqual(
      expect.arrayContaining([
        { name: 'credentials', mountPath: '/etc/postgresql-credentials', readOnly: true },
        { name: 'socket', mountPath: '/var/run/postgresql' },
      ]),
    );
    expect(find(manifests, 'Secret', 'postgresql').stringData).toEqual({
      temporal: 'development-only-postgresql-temporal',
      exporter: 'development-only-postgresql-exporter',
    });
  });

  it('is exported as a role of its own, whose password alone the exporter sees and whose change restarts it', () => {
    const exporter = container('exporter');
    expect(exporter).toMatchObject({
      env: [
        { name: 'DATA_SOURCE_USER', value: 'exporter' },
        { name: 'DATA_SOURCE_PASS_FILE', value: '/tmp/password' },
      ],
      command: [
        'sh',
        '-ec',
        'cp /etc/postgresql-credentials/exporter /tmp/password\n' +
          "DATA_SOURCE_URI='127.0.0.1:5432/postgres?sslmode=disable' exec /bin/postgres_exporter",
      ],
      livenessProbe: { exec: { command: ['cmp', '-s', '/etc/postgresql-credentials/exporter', '/tmp/password'] } },
      readinessProbe: { httpGet: { path: '/', port: 'http-metrics' } },
    });
    const volume = exporter.volumeMounts.find((m: Part) => m.mountPath === '/etc/postgresql-credentials').name;
    expect(pod.volumes.find((v: Part) => v.name === volume).secret).toEqual({
      secretName: 'postgresql',
      items: [{ key: 'exporter', path: 'exporter' }],
    });
    expect(postgresql.statefulSet.metrics).toMatchObject([{ endpoint: { port: 9187 }, path: '/metrics' }]);
  });

  it('has room for shared memory and temporary files, and no more', () => {
    const emptyDirs = pod.volumes.flatMap((v: Part) => (v.emptyDir ? [[v.name, v.emptyDir]] : []));
    expect(Object.fromEntries(emptyDirs)).toEqual({
      socket: { sizeLimit: '1Mi' },
      shm: { medium: 'Memory', sizeLimit: '64Mi' },
      tmp: { sizeLimit: '64Mi' },
    });
  });

  it.each<[string, Partial<PostgreSqlProps>, string]>([
    [
      'a memory limit too small for its connections',
      { clientConnections: 1000 },
      '[temporal/postgresql] resources.memoryLimit is 2Gi, too small for 1012 connections; allowed: at least 6215Mi',
    ],
    [
      'a volume too small for its log',
      { storage: Size.mebibytes(900) },
      '[temporal/postgresql] storage is 900Mi; allowed: at least 1Gi',
    ],
  ])('is refused with %s', (_what, props, message) => {
    expect(() => make(props)).toThrow(message);
  });
});
