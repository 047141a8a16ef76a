import * as fs from 'fs';
import * as path from 'path';
import { Size } from 'cdk8s';
import { parse } from 'yaml';
import { cacheSizeGibibytes, MongodConfigProps, mongodConfig } from '../../lib/components/mongodb-config';
import { testChart } from '../workload/fixtures';

const PROPS: MongodConfigProps = { port: 27017, memoryLimit: '4Gi', storage: Size.gibibytes(100), tls: false };

const config = (props: Partial<MongodConfigProps> = {}) => parse(mongodConfig(testChart(), { ...PROPS, ...props }));

/** `net.tls.mode` of each option that is set. */
function optionsOf(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    value && typeof value === 'object' ? optionsOf(value as object, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

describe('the configuration of mongod', () => {
  it('is all that a member of an authenticated replica set needs', () => {
    expect(config()).toEqual({
      storage: { dbPath: '/data/db', wiredTiger: { engineConfig: { cacheSizeGB: 1.5 } } },
      replication: { replSetName: 'rs0', oplogSizeMB: 5120 },
      net: { port: 27017, bindIpAll: true, unixDomainSocket: { enabled: false } },
      security: { authorization: 'enabled', clusterAuthMode: 'keyFile', keyFile: '/keyfile/keyfile' },
      setParameter: { enableLocalhostAuthBypass: false },
    });
  });

  it('encrypts every connection with TLS, and lets clients in that have no certificate', () => {
    expect(config({ tls: true }).net.tls).toEqual({
      mode: 'requireTLS',
      certificateKeyFile: '/etc/mongod-tls/tls-combined.pem',
      CAFile: '/etc/mongod-tls/ca.crt',
      allowConnectionsWithoutCertificates: true,
    });
  });

  it('has no option that the server does not document', () => {
    const file = path.join(__dirname, 'mongod-options.yaml');
    const blocks = Object.entries(parse(fs.readFileSync(file, 'utf8')) as Record<string, string[]>);
    const documented = blocks.flatMap(([block, options]) => options.map((option) => `${block}.${option}`));
    const written = optionsOf(config({ tls: true }));
    expect(written.length).toBeGreaterThan(10);
    expect(written.filter((option) => !documented.includes(option))).toEqual([]);
  });

  it.each([
    [2, 102],
    [10, 512],
    [100, 5120],
  ])('gives the oplog a twentieth of %dGi', (gibibytes, oplog) => {
    expect(config({ storage: Size.gibibytes(gibibytes) }).replication.oplogSizeMB).toBe(oplog);
  });
});

describe('the cache of mongod', () => {
  it.each([
    ['512Mi', 0.25],
    ['1Gi', 0.25],
    ['1536Mi', 0.25],
    ['2Gi', 0.5],
    ['3000Mi', 0.96],
    ['4Gi', 1.5],
    ['16Gi', 7.5],
    ['4294967296', 1.5],
  ])('of %s is %d GiB: half of what is above 1 GiB, at least a quarter', (limit, gibibytes) => {
    expect(cacheSizeGibibytes(testChart(), limit)).toBe(gibibytes);
  });

  it.each(['511Mi', '256Mi', '1'])('does not fit into %s', (limit) => {
    expect(() => cacheSizeGibibytes(testChart(), limit)).toThrow(
      `[test] resources.memoryLimit ${limit} is too small for the cache of 0.25 GiB and what mongod needs beside it; ` +
        'allowed: at least 512Mi',
    );
  });
});
