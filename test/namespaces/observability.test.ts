import { App, Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import { Environment, KafkaMode, Mesh, TemporalStore, WmsPlatform, WmsPlatformProps } from '../../lib';
import { development, namespaceManifests, production, SERVICE_IMAGES } from '../fixtures';
import { find, Part } from '../manifest';

function make(environment: Environment, props: Partial<WmsPlatformProps> = {}) {
  const app = new App();
  const platform = new WmsPlatform(app, environment.name, { environment, ...props });
  const manifests = namespaceManifests(app, 'observability');
  const config = parse(find(manifests, 'ConfigMap', 'prometheus').data['prometheus.yaml']);
  const rules = find(manifests, 'ConfigMap', 'prometheus-rules').data as Record<string, string>;
  const jobs = config.scrape_configs.map(({ job_name }: Part) => job_name) as string[];
  return { platform, manifests, config, rules, jobs };
}

const staging = () => Environment.staging({ services: SERVICE_IMAGES });
const exprOf = (rules: Record<string, string>, file: string, alert: string) =>
  parse(rules[file])
    .groups.flatMap((group: Part) => group.rules)
    .find((rule: Part) => rule.alert === alert)?.expr as string;

describe('the metrics of the observability layer', () => {
  it.each([
    ['production', production, '100Gi', 'wms-ssd', '30s', '81920MB'],
    ['staging', staging, '10Gi', 'wms-ssd', '30s', '8192MB'],
    ['development', development, '2Gi', undefined, '60s', '1638MB'],
  ])('have the figures of %s', (_name, environment, storage, storageClass, interval, size) => {
    const { manifests, config } = make(environment());
    const [{ spec }] = find(manifests, 'StatefulSet', 'prometheus').spec.volumeClaimTemplates;
    expect([spec.resources.requests.storage, spec.storageClassName]).toEqual([storage, storageClass]);
    expect(config.global.scrape_interval).toBe(interval);
    expect(config.storage.tsdb.retention).toEqual({ time: '15d', size });
  });

  it('have their figures overridden', () => {
    const { manifests, config } = make(production(), {
      prometheus: {
        storage: Size.gibibytes(200),
        resources: { cpuRequest: '3', memoryRequest: '8Gi', cpuLimit: '3', memoryLimit: '8Gi' },
        retention: Duration.days(20),
        scrapeInterval: Duration.seconds(15),
        samplesPerSecond: 10_000,
      },
    });
    const { spec } = find(manifests, 'StatefulSet', 'prometheus');
    expect(spec.volumeClaimTemplates[0].spec.resources.requests.storage).toBe('200Gi');
    expect(spec.template.spec.containers[0].resources.limits.memory).toBe('8Gi');
    expect(config.global.scrape_interval).toBe('15s');
    expect(config.storage.tsdb.retention.time).toBe('20d');
  });

  it('refuse a rate of samples that their volume cannot keep', () => {
    expect(() => make(development(), { prometheus: { samplesPerSecond: 5000 } })).toThrow(
      /\[0004-observability\/prometheus\] samplesPerSecond is 5000, which 2Gi keep for less than 15 days/,
    );
  });

  it('come from every page that the platform declares', () => {
    const { platform, jobs } = make(production());
    const pods = [
      ...new Set(
        platform.node.root.node
          .findAll()
          .flatMap((c) => ('metrics' in c && 'pods' in c && (c.metrics as Part[]).length > 0 ? [c.pods as Part] : []))
          .map(({ name }) => name as string),
      ),
    ];
    expect(pods.length).toBeGreaterThan(20);
    expect(jobs).toEqual([...pods.sort(), 'guests', 'kubelet', 'cadvisor']);
  });

  it('come from no page of what is switched off', () => {
    const { jobs, rules } = make(production(), { services: { 'labor-service': { replicas: 0 } } });
    expect(jobs).not.toContain('wms-platform/labor-service');
    expect(rules['kubernetes.yaml']).not.toContain('labor-service');
  });

  it.each([
    ['with', Mesh.on(), '/stats/prometheus'],
    ['without', Mesh.off(), '/metrics'],
  ])('come from sidecars %s a mesh: %s', (_with, mesh, path) => {
    const { config } = make(production({ mesh }));
    const job = (name: string) => config.scrape_configs.find(({ job_name }: Part) => job_name === name);
    expect(job('wms-platform/order-service').metrics_path).toBe(path);
    expect(job('guests').metrics_path).toBe(path);
    // What is outside the mesh is asked itself, whatever the others have.
    expect(job('mongodb/mongodb').metrics_path).toBe('/metrics');
    expect(JSON.stringify(job('mongodb/mongodb'))).not.toContain('15020');
  });

  it('tell of the objects of the platform in all its namespaces, by the labels of these objects', () => {
    const { manifests, config } = make(production());
    const { args } = find(manifests, 'Deployment', 'kube-state-metrics').spec.template.spec.containers[0];
    expect(args).toEqual([
      '--port=8080',
      '--telemetry-port=8081',
      '--namespaces=kafka,mongodb,temporal,observability,node-log-agent,wms-platform,ingress',
      '--resources=cronjobs,daemonsets,deployments,horizontalpodautoscalers,jobs,persistentvolumeclaims,pods,' +
        'resourcequotas,statefulsets',
    ]);
    const job = config.scrape_configs.find(({ job_name }: Part) => job_name === 'observability/kube-state-metrics');
    expect(job.honor_labels).toBe(true);
  });
});

describe('the rules of a platform', () => {
  it('know its figures', () => {
    const { rules } = make(production(), {
      kafka: { members: 5 },
      zookeeper: { members: 5 },
      temporal: { historyShards: 1024 },
    });
    expect(exprOf(rules, 'kafka.yaml', 'KafkaBrokerMissing')).toMatch(/ < 5$/);
    expect(exprOf(rules, 'kafka.yaml', 'KafkaTooFewInSyncReplicas')).toMatch(/ < 2$/);
    expect(exprOf(rules, 'zookeeper.yaml', 'ZooKeeperFollowersMissing')).toMatch(/ < 4$/);
    expect(exprOf(rules, 'temporal.yaml', 'TemporalHistoryShardsMissing')).toMatch(/ < 1024$/);
    expect(exprOf(rules, 'kubernetes.yaml', 'TargetMissing')).toContain('absent(up{job="mongodb/mongodb"})');
    expect(rules['objectives.yaml']).toContain('order-service|waving-service|picking-service');
  });

  it('leave out what it does not have', () => {
    const store = TemporalStore.external({ host: 'db.example.com', tls: false });
    const { rules } = make(production(), { kafka: { mode: KafkaMode.kraft() }, temporal: { store } });
    expect(Object.keys(rules)).not.toContain('zookeeper.yaml');
    expect(Object.keys(rules)).not.toContain('postgresql.yaml');
  });

  it('fit into one ConfigMap', () => {
    expect(Object.values(make(production()).rules).join('').length).toBeLessThan(200 * 1024);
  });
});
