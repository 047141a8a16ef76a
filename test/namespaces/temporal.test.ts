import { App, Duration, Size } from 'cdk8s';
import { Environment, TemporalOptions, TemporalStore, WmsPlatform, WmsPlatformProps } from '../../lib';
import { development, namespaceManifests, production } from '../fixtures';
import { find, Manifest } from '../manifest';

function make(environment: Environment, props: Omit<WmsPlatformProps, 'environment'> = {}) {
  const app = new App();
  const platform = new WmsPlatform(app, environment.name, { environment, ...props });
  return { platform, manifests: namespaceManifests(app, 'temporal') };
}

const replicasOf = (manifests: Manifest[]) =>
  ['frontend', 'history', 'matching', 'worker'].map(
    (r) => find(manifests, 'Deployment', `temporal-${r}`).spec.replicas,
  );
const serverConfig = (manifests: Manifest[]): string => find(manifests, 'ConfigMap', 'temporal').data['temporal.yaml'];
const postgresqlConf = (manifests: Manifest[]): string =>
  find(manifests, 'ConfigMap', 'postgresql').data['postgresql.conf'];
const volumeOf = (manifests: Manifest[]) =>
  find(manifests, 'StatefulSet', 'postgresql').spec.volumeClaimTemplates[0].spec;
const retentionOf = (manifests: Manifest[]) =>
  manifests
    .filter(({ kind, metadata }) => kind === 'Job' && metadata.name.startsWith('temporal-namespace'))
    .flatMap(({ spec }) => spec.template.spec.containers[0].env)
    .find(({ name }) => name === 'RETENTION').value;

describe('the workflow layer', () => {
  it("has the topology's figures in production", () => {
    const { platform, manifests } = make(production());
    expect(replicasOf(manifests)).toEqual([2, 3, 2, 2]);
    expect(serverConfig(manifests)).toContain('numHistoryShards: 512');
    expect(volumeOf(manifests)).toMatchObject({
      storageClassName: 'wms-ssd',
      resources: { requests: { storage: '20Gi' } },
    });
    expect(retentionOf(manifests)).toBe('168h');
    expect(platform.postgresql!.statefulSet.name).toBe('postgresql');
    expect(platform.temporal.endpoint).toBe(platform.temporal.client);
  });

  it('is one of each on one machine, with few shards', () => {
    const { manifests } = make(development());
    expect(replicasOf(manifests)).toEqual([1, 1, 1, 1]);
    expect(serverConfig(manifests)).toContain('numHistoryShards: 4\n');
    expect(volumeOf(manifests)).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    });
  });

  it.each([
    ['production', production, 13 * 15],
    ['development', development, 8 * 7],
  ])('has as many connections in %s as its services open in a rollout', (_name, environment, most) => {
    expect(postgresqlConf(make(environment()).manifests)).toContain(`max_connections = ${most + 12}\n`);
  });

  it('takes what differs', () => {
    const resources = { cpuRequest: '1', memoryRequest: '1Gi', cpuLimit: '2', memoryLimit: '3Gi' };
    const service = (replicas: number) => ({ replicas, resources });
    const temporal: Required<Omit<TemporalOptions, 'store'>> = {
      historyShards: 1024,
      connections: { main: 3, visibility: 2 },
      retention: Duration.days(30),
      frontend: service(4),
      history: service(5),
      matching: service(6),
      worker: service(7),
    };
    const { manifests } = make(production(), {
      temporal,
      postgresql: { storage: Size.gibibytes(30), resources: { ...resources, memoryLimit: '8Gi' } },
    });
    expect(replicasOf(manifests)).toEqual([4, 5, 6, 7]);
    for (const role of ['frontend', 'history', 'matching', 'worker']) {
      expect(
        find(manifests, 'Deployment', `temporal-${role}`).spec.template.spec.containers[0].resources,
      ).toMatchObject({
        limits: { memory: '3Gi' },
      });
    }
    expect(serverConfig(manifests)).toContain('numHistoryShards: 1024');
    expect(serverConfig(manifests)).toContain('maxConns: 3\n');
    expect(retentionOf(manifests)).toBe('720h');
    expect(volumeOf(manifests).resources.requests.storage).toBe('30Gi');
    expect(postgresqlConf(manifests)).toContain('shared_buffers = 2048MB');
    expect(postgresqlConf(manifests)).toContain(`max_connections = ${26 * 5 + 12}\n`);
  });

  it('is refused with figures for a PostgreSQL that it does not make', () => {
    const store = TemporalStore.external({ host: 'db.example.com', tls: false });
    expect(() => make(production(), { temporal: { store }, postgresql: {} })).toThrow(
      '[0003-temporal] postgresql is given together with temporal.store; allowed: one of them',
    );
  });
});
