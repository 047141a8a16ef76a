import { WmsService, WmsServiceProps } from '../../lib';
import { development, guestChart, namespaceManifests, platformOf, production } from '../fixtures';
import { find, findAll, Manifest, manifestsOf, namesOf, Part, templateOf } from '../manifest';
import { pods, tcp } from '../connections/fixtures';
import { scriptPod } from './mongodb/pods';
import { runScript } from './mongodb/run-script';
import { StandInSet } from './mongodb/stand-in';

/** A team's service with a database. */
function guest(props: Partial<WmsServiceProps> = {}, environment = production(), id = 'returns-service') {
  const { chart, app, platform } = guestChart(environment);
  new WmsService(chart, id, {
    image: 'ghcr.io/example/returns-service:1.4.2',
    port: 8021,
    database: 'returns_db',
    connectTo: [platform.mongodb],
    ...props,
  });
  return { chart, brought: manifestsOf(app.node.findChild('test-mongodb')) };
}

const unhashed = (manifests: Manifest[]) =>
  namesOf(manifests).map((name) => name.replace(/^(Job .+)-[0-9a-f]{10}$/, '$1-<hash>'));

describe("a guest's database user", () => {
  const { chart, brought } = guest();

  it('is brought in a file of MongoDB’s namespace, with all that makes it', () => {
    expect(unhashed(brought)).toEqual([
      'ConfigMap returns-service-mongodb',
      'CronJob returns-service-mongodb-users',
      'ExternalSecret mongodb-user-returns-service',
      'Job returns-service-mongodb-user-<hash>',
      'NetworkPolicy mongodb.mongodb.returns-service-mongodb-user',
      'NetworkPolicy mongodb.mongodb.returns-service-mongodb-users',
      'NetworkPolicy mongodb.wms-platform.returns-service',
      'NetworkPolicy returns-service-mongodb-user',
      'NetworkPolicy returns-service-mongodb-users',
      'ServiceAccount returns-service-mongodb-user',
      'ServiceAccount returns-service-mongodb-users',
    ]);
    expect(new Set(brought.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['mongodb']));
  });

  it('has the password that its service has', () => {
    const reference = (manifests: Manifest[], name: string) =>
      find(manifests, 'ExternalSecret', name).spec.data[0].remoteRef;
    expect(reference(brought, 'mongodb-user-returns-service')).toEqual(
      reference(manifestsOf(chart), 'returns-service-mongodb'),
    );
  });

  it('is made by whom the platform has for that, with its password, and never with the keyfile', () => {
    const settings = JSON.parse(find(brought, 'ConfigMap', 'returns-service-mongodb').data['settings.json']);
    expect(settings.login).toEqual({ user: 'user-administrator', database: 'admin', keyfile: false });
    const theirs = namespaceManifests(platformOf(production()).app, 'mongodb');
    for (const task of [...findAll(brought, 'Job'), ...findAll(brought, 'CronJob')]) {
      const secrets = templateOf(task).spec.volumes.flatMap(({ secret }: Part) => secret?.secretName ?? []);
      expect(secrets).toEqual(['mongodb-user-user-administrator', 'mongodb-tls']);
      expect(JSON.stringify(task)).not.toContain('keyfile');
    }
    expect(find(theirs, 'ExternalSecret', 'mongodb-user-user-administrator')).toBeDefined();
    expect(find(theirs, 'Certificate', 'mongodb-tls')).toBeDefined();
  });

  it('is let in to MongoDB, which is let be reached by nothing else of it', () => {
    expect(find(brought, 'NetworkPolicy', 'mongodb.mongodb.returns-service-mongodb-user').spec).toEqual({
      ...pods('mongodb'),
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            {
              podSelector: {
                matchLabels: {
                  'app.kubernetes.io/name': 'returns-service',
                  'app.kubernetes.io/instance': 'returns-service-mongodb-user',
                },
              },
            },
          ],
          ports: tcp(27017),
        },
      ],
    });
  });

  it('fits, for as many guests as the environment has, into the quota', () => {
    const quota = (guestServices: number) =>
      find(namespaceManifests(platformOf(production({ guestServices })).app, 'mongodb'), 'ResourceQuota').spec.hard;
    expect(Number(quota(2).pods) - Number(quota(0).pods)).toBe(4);
  });

  it('is brought once for a service and its worker', () => {
    const { chart: team, app, platform } = guestChart();
    const service = new WmsService(team, 'returns-service', {
      image: 'ghcr.io/example/returns-service:1.4.2',
      port: 8021,
      database: 'returns_db',
      connectTo: [platform.mongodb],
    });
    service.addWorker().connectTo(platform.mongodb);
    expect(findAll(manifestsOf(app.node.findChild('test-mongodb')), 'Job')).toHaveLength(1);
  });
});

describe('the script of a guest', () => {
  const { brought } = guest({}, development());
  const theirs = namespaceManifests(platformOf(development()).app, 'mongodb');
  const all = [...brought, ...theirs];
  const job = scriptPod(all, findAll(brought, 'Job')[0]);
  const cronJob = scriptPod(all, findAll(brought, 'CronJob')[0]);
  const host = 'mongodb-0.mongodb-headless.mongodb.svc.cluster.local:27017';
  const KEY = Buffer.from('development-only-mongodb-keyfile').toString('base64');

  function initiated(): StandInSet {
    const set = new StandInSet([host], [KEY]);
    expect(runScript(set, scriptPod(theirs, findAll(theirs, 'Job')[0])).error).toBeUndefined();
    set.writes.length = 0;
    return set;
  }

  it('makes its user alone, and nothing a second time', () => {
    const set = initiated();
    expect(runScript(set, job).error).toBeUndefined();
    expect(set.users['returns-service']).toEqual({
      pwd: 'development-only-mongodb-returns-service',
      roles: ['readWrite@returns_db'],
    });
    expect(runScript(set, cronJob).error).toBeUndefined();
    expect(set.writes).toEqual(['createUser returns-service']);
  });

  it('takes a changed password over', () => {
    const set = initiated();
    runScript(set, job);
    const files = { ...cronJob.files, '/etc/mongodb-credentials/returns-service': 'new' };
    expect(runScript(set, { ...cronJob, files }).error).toBeUndefined();
    expect(set.users['returns-service'].pwd).toBe('new');
  });

  it('waits for the platform to be there', () => {
    const set = new StandInSet([host], [KEY]);
    const platform = scriptPod(theirs, findAll(theirs, 'Job')[0]);
    const { error } = runScript(set, job, (pause) => {
      if (pause === 10) {
        expect(runScript(set, platform).error).toBeUndefined();
      }
    });
    expect(error).toBeUndefined();
    expect(set.users).toHaveProperty('returns-service');
  });
});

describe('a guest is refused', () => {
  it.each(['exporter', 'backup', 'user-administrator', 'order-service'])('with the name %s', (id) => {
    expect(() => guest({}, production(), id)).toThrow(
      `[test/${id}] '${id}' is a user of the platform's own; allowed: a service of another name`,
    );
  });

  it('with the database of another', () => {
    expect(() => guest({ database: 'orders_db' })).toThrow(
      "[test/returns-service] the database 'orders_db' belongs to order-service; allowed: a database of its own",
    );
  });

  it('with a database that is the server’s', () => {
    expect(() => guest({ database: 'admin' })).toThrow("[test/returns-service] 'admin' is no database of a service");
  });
});
