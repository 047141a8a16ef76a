import { execFileSync } from 'child_process';
import { Waf, WafOptions, WafProps } from '../../lib';
import { find, manifestsOf, namesOf, Part } from '../manifest';
import { ingressBox } from './ingress-layer';

const ROUTES = [
  { path: '/api/v1/waves', methods: ['DELETE', 'GET'], upstream: 'waving-service.example:8002' },
  { path: '/api/v1/orders', methods: ['POST', 'GET'], upstream: 'order-service.example:8001' },
];
const RESOURCES = { cpuRequest: '250m', memoryRequest: '256Mi', cpuLimit: '1500m', memoryLimit: '1Gi' };
const SMALL = { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '100m', memoryLimit: '64Mi' };

function make(props: Partial<WafProps> = {}) {
  const { chart, box } = ingressBox('waf');
  const waf = new Waf(chart, 'waf', {
    box,
    replicas: 2,
    resources: RESOURCES,
    exporterResources: SMALL,
    host: 'api.wms.example.org',
    routes: ROUTES,
    trustedProxies: ['10.0.0.0/8'],
    ...props,
  });
  const manifests = manifestsOf(chart);
  const template = find(manifests, 'Deployment', 'waf').spec.template;
  const files = find(manifests, 'ConfigMap', 'waf').data as Record<string, string>;
  return { waf, manifests, template, pod: template.spec, files };
}

describe('a firewall', () => {
  const { waf, manifests, template, pod, files } = make();
  const container = (name: string) => pod.containers.find((c: Part) => c.name === name);

  it('is a Deployment with all that belongs to it', () => {
    expect(namesOf(manifests)).toEqual([
      'ConfigMap waf',
      'Deployment waf',
      'NetworkPolicy waf',
      'PodDisruptionBudget waf',
      'Service waf',
      'ServiceAccount waf',
    ]);
    expect(find(manifests, 'Deployment', 'waf').spec.replicas).toBe(2);
  });

  it("runs nginx as the image's user, with its resources", () => {
    expect(pod).toMatchObject({ priorityClassName: 'wms-platform', securityContext: { runAsUser: 101 } });
    expect(container('nginx')).toMatchObject({
      image: 'docker.io/owasp/modsecurity-crs:4.25.0-nginx-alpine-lts',
      resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1500m', memory: '1Gi' } },
      ports: [
        { name: 'http', containerPort: 8080 },
        { name: 'health', containerPort: 8081 },
      ],
    });
  });

  it('is asked for its health, has time to start, and drains before it ends', () => {
    const httpGet = { path: '/healthz', port: 'health' };
    expect(container('nginx')).toMatchObject({
      startupProbe: { httpGet, periodSeconds: 2, failureThreshold: 30, timeoutSeconds: 3 },
      livenessProbe: { httpGet, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 3 },
      readinessProbe: { httpGet, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
      lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
    });
    expect(pod.terminationGracePeriodSeconds).toBe(45);
  });

  it('reads its files, whose content rolls it, and writes temporary ones', () => {
    expect(Object.keys(files).sort()).toEqual(['modsecurity.conf', 'nginx.conf']);
    expect(pod.volumes).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
      { name: 'config', configMap: { name: 'waf' } },
    ]);
    expect(container('nginx').volumeMounts).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'config', mountPath: '/etc/waf', readOnly: true },
    ]);
    const hash = (props: Partial<Omit<WafOptions, 'routes'>>) =>
      make(props).template.metadata.annotations['checksum/waf'];
    expect(template.metadata.annotations['checksum/waf']).toMatch(/^[0-9a-f]{10}$/);
    expect(hash({ paranoiaLevel: 2 })).not.toBe(hash({}));
  });

  it('has an exporter, which says what nginx tells it alone', () => {
    expect(container('exporter')).toMatchObject({
      image: 'docker.io/nginx/nginx-prometheus-exporter:1.4.2',
      args: ['--nginx.scrape-uri=http://127.0.0.1:8082/stub_status', '--web.listen-address=:9113'],
      resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { cpu: '100m', memory: '64Mi' } },
      ports: [{ name: 'metrics', containerPort: 9113 }],
      livenessProbe: { tcpSocket: { port: 'metrics' }, periodSeconds: 30, timeoutSeconds: 3 },
      readinessProbe: { tcpSocket: { port: 'metrics' }, periodSeconds: 10, timeoutSeconds: 3 },
    });
    expect(waf.deployment.metrics).toMatchObject([{ endpoint: { port: 9113 }, path: '/metrics' }]);
  });

  it('serves HTTP at its name', () => {
    expect(find(manifests, 'Service', 'waf').spec).toMatchObject({
      type: 'ClusterIP',
      ports: [
        { name: 'http', port: 8080 },
        { name: 'metrics', port: 9113 },
      ],
    });
  });

  it('has a worker of nginx for each core it may use, and each route once, sorted', () => {
    expect(files['nginx.conf']).toMatch(/^worker_processes 2;$/m);
    expect([...files['nginx.conf'].matchAll(/location ~ (\S+) /g)].map(([, path]) => path)).toEqual([
      '^/api/v1/orders(/|$)',
      '^/api/v1/waves(/|$)',
    ]);
    expect(make({ routes: [...ROUTES].reverse() }).files).toEqual(files);
  });

  it('blocks at paranoia level 1 and the usual thresholds, and lets pass the methods of its routes', () => {
    expect(files['modsecurity.conf']).toMatch(/^SecRuleEngine On$/m);
    for (const setting of [
      'tx.blocking_paranoia_level=1',
      'tx.inbound_anomaly_score_threshold=5',
      'tx.outbound_anomaly_score_threshold=4',
      "'tx.allowed_methods=DELETE GET POST'",
    ]) {
      expect(files['modsecurity.conf']).toContain(`setvar:${setting},`);
    }
  });

  it('takes every option', () => {
    const all: Required<Omit<WafOptions, 'routes'>> = {
      replicas: 3,
      resources: { ...RESOURCES, cpuLimit: '3' },
      paranoiaLevel: 3,
      inboundAnomalyThreshold: 10,
      outboundAnomalyThreshold: 8,
      detectionOnly: true,
      exclusions: [{ path: '/api/v1/orders/notes', rules: [942100], target: 'ARGS:json.notes' }],
    };
    const changed = make(all);
    expect(find(changed.manifests, 'Deployment', 'waf').spec.replicas).toBe(3);
    expect(changed.files['nginx.conf']).toMatch(/^worker_processes 3;$/m);
    for (const setting of [
      'SecRuleEngine DetectionOnly\n',
      'tx.blocking_paranoia_level=3,',
      'tx.inbound_anomaly_score_threshold=10,',
      'tx.outbound_anomaly_score_threshold=8,',
      'ctl:ruleRemoveTargetById=942100;ARGS:json.notes"',
    ]) {
      expect(changed.files['modsecurity.conf']).toContain(setting);
    }
  });
});

describe('the start of a firewall', () => {
  const [shell, flag, script] = make().pod.containers[0].command as string[];

  /** What it tells nginx of some name servers. */
  function resolver(resolvConf: string): string {
    const [awk] = script.split('/etc/resolv.conf');
    return execFileSync(shell, [flag, `${awk} -`], { input: resolvConf, encoding: 'utf8' });
  }

  it('tells nginx of the name servers of its pod', () => {
    const resolvConf = 'search ingress.svc.cluster.local\nnameserver 10.96.0.10\nnameserver fd00::a\noptions ndots:5\n';
    expect(resolver(resolvConf)).toBe('resolver 10.96.0.10 [fd00::a] valid=10s;\n');
  });

  it('ends in nginx, which gets the signals', () => {
    expect(script).toMatch(/ > \/tmp\/resolver\.conf && exec nginx -c \/etc\/waf\/nginx\.conf -g 'daemon off;'$/);
  });
});

describe('a firewall is refused', () => {
  const route = { path: '/api/v1/orders', methods: ['GET'], upstream: 'order-service.example:8001' };
  const exclusion = { path: '/api/v1/orders', rules: [942100] };

  it.each<[string, Partial<WafProps>, string]>([
    ['without routes', { routes: [] }, 'has no routes; allowed: at least one'],
    ...['orders', '/', '/api/v1/orders/', '/Orders', '/a(b)', '/a//b'].map(
      (path): [string, Partial<WafProps>, string] => [
        `with the path ${path}`,
        { routes: [{ ...route, path }] },
        `route '${path}' is no path prefix; allowed: as /api/v1/orders`,
      ],
    ),
    [
      'with a route below another',
      { routes: [{ ...route, path: '/api/v1/orders/archive' }, route] },
      'routes /api/v1/orders and /api/v1/orders/archive overlap; allowed: each path in one route',
    ],
    [
      'with a route twice',
      { routes: [route, { ...route, upstream: 'other.example:8002' }] },
      'routes /api/v1/orders and /api/v1/orders overlap; allowed: each path in one route',
    ],
    [
      'with a route without methods',
      { routes: [{ ...route, methods: [] }] },
      'route /api/v1/orders has no methods; allowed: at least one',
    ],
    [
      'with a method that has no place',
      { routes: [{ ...route, methods: ['GET', 'TRACE'] }] },
      "route /api/v1/orders has the method 'TRACE'; allowed: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
    ],
    ...[0, 5, 1.5].map((paranoiaLevel): [string, Partial<WafProps>, string] => [
      `at paranoia level ${paranoiaLevel}`,
      { paranoiaLevel },
      `paranoiaLevel is ${paranoiaLevel}; allowed: 1, 2, 3 or 4`,
    ]),
    [
      'with an inbound threshold that refuses everything',
      { inboundAnomalyThreshold: 0 },
      'inboundAnomalyThreshold is 0; allowed: a whole number of 1 or more',
    ],
    [
      'with an outbound threshold that withholds everything',
      { outboundAnomalyThreshold: 0 },
      'outboundAnomalyThreshold is 0; allowed: a whole number of 1 or more',
    ],
    [
      'with an exclusion for no path',
      { exclusions: [{ ...exclusion, path: '/api/v1/orders/' }] },
      "exclusion for '/api/v1/orders/', which is no path prefix; allowed: as /api/v1/orders",
    ],
    [
      'with an exclusion below no route',
      { exclusions: [{ ...exclusion, path: '/api/v1/orders-archive' }] },
      "exclusion for '/api/v1/orders-archive', which is below no route; allowed: /api/v1/orders, /api/v1/waves",
    ],
    [
      'with an exclusion of no rules',
      { exclusions: [{ ...exclusion, rules: [] }] },
      'exclusion for /api/v1/orders names the rule (none); allowed: ids of the core rule set, as 942100',
    ],
    [
      "with an exclusion of the platform's own rules",
      { exclusions: [{ ...exclusion, rules: [942100, 1001] }] },
      'exclusion for /api/v1/orders names the rule 1001; allowed: ids of the core rule set, as 942100',
    ],
    [
      'with an exclusion of no variable',
      { exclusions: [{ ...exclusion, target: 'ARGS:a,deny' }] },
      "exclusion for /api/v1/orders has the target 'ARGS:a,deny'; allowed: a variable of a request, as ARGS:json.notes",
    ],
    ['with half a pod', { replicas: 0.5 }, '/deployment] replicas is 0.5; allowed: a whole number of 0 or more'],
  ])('%s', (_what, props, message) => {
    expect(() => make(props)).toThrow(message);
    expect(() => make(props)).toThrow('[ingress/waf');
  });
});
