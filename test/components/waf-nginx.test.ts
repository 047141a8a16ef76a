import { MAX_BODY_BYTES, wafNginxConfig, WafNginxConfig } from '../../lib/components/waf-nginx';

const CONFIG: WafNginxConfig = {
  host: 'api.wms.example.org',
  routes: [{ path: '/api/v1.1/orders', methods: ['GET', 'POST'], upstream: 'orders.example:8001' }],
  pages: [{ host: 'grafana.wms.example.org', upstream: 'login.example:4180' }],
  trustedProxies: ['10.0.0.0/8', '192.0.2.0/24'],
  workers: 3,
  ports: { http: 8888, health: 8889, status: 8890 },
};

const text = wafNginxConfig(CONFIG);

/** The directives of the file, each on one line. */
const lines = text.split('\n').map((line) => line.trim());

/** The server that listens at a port of an address. */
const server = (listen: string) => text.split(/^ {2}server \{$/m).find((block) => block.includes(`listen ${listen};`))!;

describe("the firewall's nginx.conf", () => {
  it('closes what it opens', () => {
    const depth = [...text.replace(/'[^']*'|#.*/g, '')].reduce((d, c) => d + (c === '{' ? 1 : c === '}' ? -1 : 0), 0);
    expect(depth).toBe(0);
  });

  it('loads ModSecurity for every host, but not for probes and metrics', () => {
    expect(lines[0]).toBe('load_module modules/ngx_http_modsecurity_module.so;');
    expect(lines).toContain('modsecurity on;');
    expect(lines).toContain('modsecurity_rules_file /etc/waf/modsecurity.conf;');
    expect(server('8889')).toContain('modsecurity off;');
    expect(server('127.0.0.1:8890')).toContain('modsecurity off;');
    expect(text.match(/modsecurity off;/g)).toHaveLength(2);
  });

  it("leads a route's methods to its service, whole path segments alone, and refuses others", () => {
    expect(server('8888')).toContain('server_name api.wms.example.org;');
    expect(server('8888')).toContain(`    location ~ ^/api/v1\\.1/orders(/|$) {
      if ($request_method !~ ^(GET|POST)$) {
        return 405;
      }
      set $upstream http://orders.example:8001;
      proxy_pass $upstream;
    }`);
    expect(server('8888')).toContain(`    location / {
      return 404;
    }`);
  });

  it('leads a page to its login, without rules that take a query language for an attack', () => {
    const page = text
      .split(/^ {2}server \{$/m)
      .find((block) => block.includes('server_name grafana.wms.example.org;'))!;
    expect(page).toContain('set $upstream http://login.example:4180;');
    expect(page).toContain('if ($request_method !~ ^(DELETE|GET|HEAD|PATCH|POST|PUT)$) {');
    expect(page).toContain('SecRequestBodyAccess Off');
    expect(page).toContain('ctl:ruleRemoveByTag=attack-sqli');
    expect(server('8888')).not.toContain('SecRequestBodyAccess');
  });

  it('has no server for pages where there are none', () => {
    expect(wafNginxConfig({ ...CONFIG, pages: [] })).not.toContain('SecRequestBodyAccess');
  });

  it('refuses hosts that are not its own', () => {
    expect(server('8888 default_server')).toContain('return 421;');
  });

  it('says that it is well, and to its exporter how much it does', () => {
    expect(server('8889')).toMatch(/location = \/healthz \{\s+return 200 "ok";/);
    expect(server('127.0.0.1:8890')).toMatch(/location = \/stub_status \{\s+stub_status;/);
  });

  it('believes trusted proxies who the client is, and tells services', () => {
    expect(lines.filter((line) => /real_ip/.test(line) && !line.startsWith('"'))).toEqual([
      'set_real_ip_from 10.0.0.0/8;',
      'set_real_ip_from 192.0.2.0/24;',
      'real_ip_header X-Forwarded-For;',
      'real_ip_recursive on;',
    ]);
    expect(lines.filter((line) => line.startsWith('proxy_set_header'))).toEqual([
      'proxy_set_header Connection "";',
      'proxy_set_header Host $proxy_host;',
      'proxy_set_header X-Forwarded-Host $host;',
      'proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;',
      'proxy_set_header X-Forwarded-For $forwarded_for;',
      'proxy_set_header X-Real-IP $remote_addr;',
      'proxy_set_header X-Request-ID $request_id;',
    ]);
  });

  it('limits bodies, headers and time, and never sends a request twice', () => {
    expect(MAX_BODY_BYTES).toBe(1048576);
    expect(lines).toEqual(
      expect.arrayContaining([
        'client_max_body_size 1048576;',
        'large_client_header_buffers 4 16k;',
        'client_header_timeout 10s;',
        'client_body_timeout 10s;',
        'send_timeout 30s;',
        'proxy_connect_timeout 2s;',
        'proxy_send_timeout 30s;',
        'proxy_read_timeout 30s;',
        'proxy_next_upstream off;',
        'worker_processes 3;',
      ]),
    );
  });

  it('keeps idle connections longer than the ingress controller does', () => {
    expect(lines).toContain('keepalive_timeout 120s;');
  });

  it('writes nothing outside /tmp and its logs', () => {
    const written = lines.filter((line) => /^(pid|\w+_temp_path|error_log|access_log) /.test(line));
    expect(written).toHaveLength(10);
    for (const line of written.filter((l) => l !== 'access_log off;')) {
      expect(line).toMatch(/ \/(tmp\/|dev\/std)/);
    }
  });

  it('names each request in both logs, and logs no headers that hold secrets', () => {
    expect(lines).toContain('modsecurity_transaction_id $request_id;');
    expect(text).toContain('"request_id":"$request_id"');
    expect(text).not.toMatch(/\$(http_authorization|http_cookie|request_body|args|request_uri|request)\b/);
  });

  it('leaves standard error to the audit log, whose lines others would tear', () => {
    expect(lines).toContain('error_log /dev/stdout warn;');
    expect(lines).toContain('access_log /dev/stdout json;');
    expect(lines.filter((line) => line.includes('/dev/stderr'))).toEqual([]);
  });

  it('finds the name servers where the start has written them', () => {
    expect(lines).toContain('include /tmp/resolver.conf;');
  });
});
