import { parse } from 'yaml';
import { Grafana, GrafanaDashboard, GrafanaProps } from '../../lib';
import { PLATFORM_DASHBOARDS } from '../../lib/dashboards';
import { find, findAll, manifestsOf, Part } from '../manifest';
import { observabilityChart, RESOURCES } from './observability-layer';

function make(props: Partial<GrafanaProps> = {}) {
  const { chart, box } = observabilityChart();
  const grafana = new Grafana(chart, 'grafana', {
    box: box('grafana'),
    resources: RESOURCES,
    prometheus: box('prometheus').endpointNamed('http'),
    tempo: box('tempo').endpointNamed('http'),
    loki: box('loki').endpointNamed('http'),
    ...props,
  });
  const manifests = manifestsOf(chart);
  const template = find(manifests, 'Deployment', 'grafana').spec.template;
  const files: Record<string, string> = find(manifests, 'ConfigMap', 'grafana').data;
  return { grafana, manifests, template, pod: template.spec, container: template.spec.containers[0], files };
}

const own = (change: object = {}): GrafanaDashboard[] => [
  { name: 'returns', json: JSON.stringify({ title: 'Returns', uid: 'returns', panels: [], ...change }) },
];

describe('Grafana', () => {
  const { grafana, manifests, template, pod, container, files } = make();

  it('is one pod that keeps nothing', () => {
    expect(find(manifests, 'Deployment').spec.replicas).toBe(1);
    expect(findAll(manifests, 'StatefulSet')).toEqual([]);
    expect(pod.volumes.find((v: Part) => v.name === 'data').emptyDir).toEqual({ sizeLimit: '128Mi' });
    expect(pod.securityContext.runAsUser).toBe(472);
    expect(container.image).toBe('docker.io/grafana/grafana:12.4.3');
  });

  it('serves its pages and its metrics', () => {
    expect(grafana.endpoint.name).toBe('observability/grafana:http');
    expect(files['grafana.ini']).toContain('http_port = 3000\n');
    expect(grafana.deployment.metrics.map(({ endpoint, path }) => [endpoint.port, path])).toEqual([[3000, '/metrics']]);
    expect(container.readinessProbe.httpGet).toEqual({ path: '/api/health', port: 'http' });
  });

  it('asks nobody outside the cluster, and lets nobody in without a name', () => {
    const { 'grafana.ini': ini } = files;
    for (const line of [
      'reporting_enabled = false',
      'check_for_updates = false',
      'check_for_plugin_updates = false',
      'preinstall_disabled = true',
      'news_feed_enabled = false',
      'allow_sign_up = false',
      '[auth.anonymous]\nenabled = false',
    ]) {
      expect(ini).toContain(`${line}\n`);
    }
    expect(ini).not.toContain('auth.proxy');
  });

  it("reads its administrator's password from a Secret, as a file", () => {
    expect(files['grafana.ini']).toContain('admin_password = $__file{/etc/grafana-credentials/admin-password}\n');
    expect(files['grafana.ini']).toContain('secret_key = $__file{/etc/grafana-credentials/secret-key}\n');
    expect(pod.volumes).toContainEqual({ name: 'credentials', secret: { secretName: 'grafana' } });
    expect(JSON.stringify(find(manifests, 'ExternalSecret', 'grafana').spec.data)).toMatch(
      /grafana\/admin.*grafana\/secret-key/,
    );
  });

  it('mounts its settings where it looks for them, and every dashboard', () => {
    const volume = (name: string) => pod.volumes.find((v: Part) => v.name === name);
    expect(volume('config').configMap.items.map(({ path }: Part) => path)).toEqual([
      'grafana.ini',
      'provisioning/datasources/wms.yaml',
      'provisioning/dashboards/wms.yaml',
    ]);
    expect(container.env).toContainEqual({ name: 'GF_PATHS_CONFIG', value: '/etc/grafana-wms/grafana.ini' });
    expect(volume('dashboards').projected.sources).toHaveLength(PLATFORM_DASHBOARDS.length);
    for (const { configMap } of volume('dashboards').projected.sources) {
      expect(Object.keys(find(manifests, 'ConfigMap', configMap.name).data)).toHaveLength(1);
    }
    expect(parse(files['dashboards.yaml']).providers[0].options.path).toBe('/etc/grafana-wms/dashboards');
    expect(template.metadata.annotations).toHaveProperty('checksum/grafana');
  });

  it('shows the overview first', () => {
    expect(files['grafana.ini']).toContain('/etc/grafana-wms/dashboards/platform-overview.json\n');
    expect(PLATFORM_DASHBOARDS.map(({ name }) => name)).toContain('platform-overview');
  });

  it('is where people reach it', () => {
    const ini = make({ url: 'https://grafana.example.org' }).files['grafana.ini'];
    expect(ini).toContain('root_url = https://grafana.example.org\n');
    expect(ini).toContain('cookie_secure = true\n');
  });
});

describe('the data sources', () => {
  const sources: Record<string, Part> = Object.fromEntries(
    parse(make().files['datasources.yaml']).datasources.map((d: Part) => [d.uid, d]),
  );

  it('are Prometheus, Tempo and Loki', () => {
    expect(Object.values(sources).map(({ uid, type, url }) => [uid, type, url])).toEqual([
      ['prometheus', 'prometheus', 'http://prometheus.observability.svc.cluster.local:9090'],
      ['tempo', 'tempo', 'http://tempo.observability.svc.cluster.local:3200'],
      ['loki', 'loki', 'http://loki.observability.svc.cluster.local:3100'],
    ]);
    expect(Object.values(sources).filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it('lead from each to the others', () => {
    const { prometheus, tempo, loki } = sources;
    expect(prometheus.jsonData.exemplarTraceIdDestinations.map((d: Part) => d.datasourceUid)).toEqual([
      'tempo',
      'tempo',
    ]);
    expect(prometheus.correlations.map((c: Part) => c.targetUID)).toEqual(['loki']);
    expect(tempo.jsonData.tracesToLogsV2.datasourceUid).toBe('loki');
    expect(tempo.jsonData.tracesToMetrics.datasourceUid).toBe('prometheus');
    expect(tempo.jsonData.serviceMap.datasourceUid).toBe('prometheus');
    expect(loki.jsonData.derivedFields).toMatchObject([{ matcherRegex: 'trace_id', datasourceUid: 'tempo' }]);
  });

  it("keep Grafana's variables from being taken for those of its environment", () => {
    const single = JSON.stringify(sources).replaceAll('$$', '').match(/\$/g);
    expect(single).toBeNull();
    expect(sources.tempo.jsonData.tracesToLogsV2.query).toBe('{$${__tags}} | trace_id="$${__trace.traceId}"');
  });
});

describe('a proxy that logs people in', () => {
  it('is believed from its networks alone', () => {
    const ini = make({ authProxy: { networks: ['10.0.0.0/8', '192.168.0.0/16'] } }).files['grafana.ini'];
    expect(ini).toMatch(
      /\[auth\.proxy\]\nenabled = true\nheader_name = X-Forwarded-Email\nheader_property = email\nauto_sign_up = true\nenable_login_token = false\nwhitelist = 10\.0\.0\.0\/8, 192\.168\.0\.0\/16\n/,
    );
    expect(ini).toContain('auto_assign_org_role = Viewer\n');
  });

  it('may name people in another header, and make them more than viewers', () => {
    const ini = make({
      authProxy: { networks: ['10.0.0.0/8'], emailHeader: 'X-Auth-Request-Email', role: 'Editor' },
    }).files['grafana.ini'];
    expect(ini).toContain('header_name = X-Auth-Request-Email\n');
    expect(ini).toContain('auto_assign_org_role = Editor\n');
  });

  it.each([
    [{ networks: [] }, 'authProxy.networks'],
    [{ networks: ['anywhere'] }, "'anywhere'"],
    [{ networks: ['10.0.0.0/8'], role: 'Owner' }, "authProxy.role 'Owner' is no role; allowed: Admin, Editor, Viewer"],
    [
      { networks: ['10.0.0.0/8'], emailHeader: 'no header' },
      "authProxy.emailHeader 'no header' is no header; allowed:",
    ],
  ])('is refused as %j', (authProxy, message) => {
    expect(() => make({ authProxy })).toThrow(message);
  });
});

describe('dashboards of others', () => {
  it("are beside the platform's", () => {
    const { manifests } = make({ dashboards: own() });
    expect(find(manifests, 'ConfigMap', 'grafana-dashboard-returns').data).toHaveProperty(['returns.json']);
  });

  it.each([
    [
      "a name of the platform's",
      [{ ...own()[0], name: 'kafka' }],
      "dashboards kafka and kafka both have the name 'kafka'",
    ],
    [
      'a title twice',
      own({ title: 'WMS / MongoDB' }),
      "dashboards mongodb and returns both have the title 'WMS / MongoDB'",
    ],
    ['a uid twice', own({ uid: 'wms-mongodb' }), "dashboards mongodb and returns both have the uid 'wms-mongodb'"],
    ['a bad name', [{ ...own()[0], name: 'Returns!' }], "'Returns!' is no name of a dashboard; allowed:"],
    ['no JSON', [{ name: 'returns', json: '{' }], 'dashboard returns is no JSON; allowed:'],
    ['no title', own({ title: '' }), 'dashboard returns has no title'],
    ['a uid that is too long', own({ uid: 'u'.repeat(41) }), 'dashboard returns has no title, no uid'],
    ['no panels', own({ panels: undefined }), 'dashboard returns has no title, no uid'],
    ['too much', own({ description: 'x'.repeat(200 * 1024) }), 'allowed: at most 204800'],
  ])('are refused with %s', (_title, dashboards, message) => {
    expect(() => make({ dashboards })).toThrow(message);
  });
});

it.each(['grafana.example.org', 'ftp://grafana.example.org', 'https://grafana.example.org/?a=b\nx'])(
  'Grafana is refused with the URL %j',
  (url) => {
    expect(() => make({ url })).toThrow(
      `[test/grafana] url '${url}' is none; allowed: as https://grafana.wms.example.com`,
    );
  },
);
