import { parse } from 'yaml';
import { dynamicConfig, serverConfig, TemporalConfigProps } from '../../lib/components/temporal-config';
import { Credential } from '../../lib/secrets/credential';
import { Part } from '../manifest';
import { testChart } from '../workload/fixtures';

const PROPS: TemporalConfigProps = {
  historyShards: 512,
  store: {
    host: 'db.example.com',
    port: 5433,
    user: 'wms',
    password: new Credential({ path: 'db/wms', description: 'a password' }),
  },
  connections: { main: 10, visibility: 5 },
};

const config = (props: Partial<TemporalConfigProps> = {}): Part => parse(serverConfig({ ...PROPS, ...props }));

describe("the servers' configuration", () => {
  it('is a template, whose first line says so', () => {
    expect(serverConfig(PROPS)).toMatch(/^# enable-template\n/);
    expect(config().global.membership.broadcastAddress).toBe('{{ env `POD_IP` }}');
  });

  it('has the shards', () => {
    expect(config().persistence.numHistoryShards).toBe(512);
  });

  it('has two databases in one store, with their connections, and asks for the password at each connection', () => {
    const sql = (databaseName: string, connections: number) => ({
      sql: {
        pluginName: 'postgres12',
        databaseName,
        connectAddr: 'db.example.com:5433',
        connectProtocol: 'tcp',
        user: 'wms',
        passwordCommand: { command: 'cat', args: ['/etc/temporal/wms-password/password'] },
        maxConns: connections,
        maxIdleConns: connections,
        maxConnLifetime: '1h',
      },
    });
    expect(config().persistence).toMatchObject({ defaultStore: 'default', visibilityStore: 'visibility' });
    expect(config().persistence.datastores).toEqual({
      default: sql('temporal', 10),
      visibility: sql('temporal_visibility', 5),
    });
  });

  it('checks the name of a store that has a certificate', () => {
    const { datastores } = config({ store: { ...PROPS.store, caCertificate: 'PEM' } }).persistence;
    for (const name of ['default', 'visibility']) {
      expect(datastores[name].sql.tls).toEqual({
        enabled: true,
        caFile: '/etc/temporal/wms-store/store-ca.pem',
        enableHostVerification: true,
        serverName: 'db.example.com',
      });
    }
  });

  it('opens the four ports of requests and of membership, and metrics', () => {
    const rpc = (grpcPort: number, membershipPort: number) => ({
      rpc: { grpcPort, membershipPort, bindOnIP: '0.0.0.0' },
    });
    expect(config().services).toEqual({
      frontend: rpc(7233, 6933),
      history: rpc(7234, 6934),
      matching: rpc(7235, 6935),
      worker: rpc(7239, 6939),
    });
    expect(config().global.metrics.prometheus.listenAddress).toBe('0.0.0.0:9090');
  });

  it('reads the dynamic configuration beside it', () => {
    expect(config().dynamicConfigClient.filepath).toBe('/etc/temporal/wms/dynamic-config.yaml');
  });
});

describe('the dynamic configuration', () => {
  const settings = (limit: string) => {
    const parsed: Record<string, Part> = parse(dynamicConfig(testChart(), limit));
    return Object.fromEntries(
      Object.entries(parsed).map(([key, values]) => {
        expect(values).toEqual([{ value: values[0].value, constraints: {} }]);
        return [key, values[0].value];
      }),
    );
  };

  it('lets no request be lost when a pod ends', () => {
    expect(settings('1Gi')).toMatchObject({
      'frontend.shutdownFailHealthCheckDuration': '10s',
      'frontend.shutdownDrainDuration': '15s',
      'history.shutdownDrainDuration': '10s',
      'matching.shutdownDrainDuration': '10s',
    });
  });

  it.each([
    ['1Gi', 256, 128],
    ['512Mi', 128, 64],
    ['192Mi', 48, 24],
  ])("keeps history's caches within %s", (limit, workflows, events) => {
    expect(settings(limit)).toMatchObject({
      'history.cacheSizeBasedLimit': true,
      'history.hostLevelCacheMaxSizeBytes': workflows * 2 ** 20,
      'history.enableHostLevelEventsCache': true,
      'history.eventsHostLevelCacheMaxSizeBytes': events * 2 ** 20,
    });
  });

  it('is refused for a memory limit too small for the caches', () => {
    expect(() => dynamicConfig(testChart(), '191Mi')).toThrow(
      '[test] history.resources.memoryLimit is 191Mi, too small for its caches; allowed: at least 192Mi',
    );
  });
});
