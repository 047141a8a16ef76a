import { PublicRoute } from '../topology/public-routes';

/** A public route with the server behind it. */
export interface WafRoute extends PublicRoute {
  /** `host:port` of the service. */
  readonly upstream: string;
}

/** A page of its own host, with the login before it. */
export interface WafPage {
  /** The host name that people use. */
  readonly host: string;
  /** `host:port` of the login. */
  readonly upstream: string;
}

/** The methods that pages use. */
export const PAGE_METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** What the firewall's nginx.conf depends on. */
export interface WafNginxConfig {
  /** The host name that clients use. */
  readonly host: string;
  readonly routes: readonly WafRoute[];
  readonly pages: readonly WafPage[];
  /** Where proxies may be whose word on a client's address is taken. */
  readonly trustedProxies: readonly string[];
  readonly workers: number;
  readonly ports: { readonly http: number; readonly health: number; readonly status: number };
}

/** The largest request body that any of the APIs takes, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** Where the firewall's files are mounted. */
export const WAF_CONFIG_DIRECTORY = '/etc/waf';

/**
 * nginx.conf of the firewall: each route to its service with its methods, everything else refused.
 *
 * The services' names are resolved while it runs, so it starts without them and follows a Service that is made anew.
 */
export function wafNginxConfig(config: WafNginxConfig): string {
  const { host, routes, pages, trustedProxies, workers, ports } = config;
  return `load_module modules/ngx_http_modsecurity_module.so;

worker_processes ${workers};
worker_shutdown_timeout 30s;
pid /tmp/nginx.pid;
# Standard error is the audit log's alone: its lines are too long to be written at once, so others would tear them.
error_log /dev/stdout warn;

events {
  worker_connections 2048;
}

http {
  default_type text/plain;
  server_tokens off;
  client_body_temp_path /tmp/client-body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  log_format json escape=json
    '{"time":"$time_iso8601","client":"$remote_addr","host":"$host","method":"$request_method","path":"$uri",'
    '"status":"$status","bytes":"$body_bytes_sent","seconds":"$request_time","upstream":"$upstream_addr",'
    '"upstream_status":"$upstream_status","upstream_seconds":"$upstream_response_time",'
    '"request_id":"$request_id","traceparent":"$http_traceparent"}';
  access_log /dev/stdout json;

${trustedProxies.map((cidr) => `  set_real_ip_from ${cidr};`).join('\n')}
  real_ip_header X-Forwarded-For;
  real_ip_recursive on;

  # The proxies on the way, and not the client a second time: $remote_addr is the client already.
  map $http_x_forwarded_for $forwarded_for {
    "" $realip_remote_addr;
    default "$http_x_forwarded_for, $realip_remote_addr";
  }

  # Written at the start from /etc/resolv.conf.
  include /tmp/resolver.conf;

  client_max_body_size ${MAX_BODY_BYTES};
  client_header_timeout 10s;
  client_body_timeout 10s;
  send_timeout 30s;
  large_client_header_buffers 4 16k;
  # Longer than the ingress controller keeps an idle connection, so that it is never closed under a request.
  keepalive_timeout 120s;

  proxy_http_version 1.1;
  proxy_connect_timeout 2s;
  proxy_send_timeout 30s;
  proxy_read_timeout 30s;
  # A request that has failed once may have been carried out.
  proxy_next_upstream off;
  proxy_set_header Connection "";
  proxy_set_header Host $proxy_host;
  proxy_set_header X-Forwarded-Host $host;
  proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;
  proxy_set_header X-Forwarded-For $forwarded_for;
  proxy_set_header X-Real-IP $remote_addr;
  proxy_set_header X-Request-ID $request_id;

  modsecurity on;
  # The audit log names a request as the access log does.
  modsecurity_transaction_id $request_id;
  modsecurity_rules_file ${WAF_CONFIG_DIRECTORY}/modsecurity.conf;

  # A host that is none of the platform's.
  server {
    listen ${ports.http} default_server;
    server_name _;
    location / {
      return 421;
    }
  }

  server {
    listen ${ports.http};
    server_name ${host};

${routes.map(location).join('\n')}
    location / {
      return 404;
    }
  }
${pages.map((page) => pageServer(page, ports.http)).join('')}
  server {
    listen ${ports.health};
    modsecurity off;
    access_log off;
    location = /healthz {
      return 200 "ok";
    }
    location / {
      return 404;
    }
  }

  server {
    listen 127.0.0.1:${ports.status};
    modsecurity off;
    access_log off;
    location = /stub_status {
      stub_status;
    }
  }
}
`;
}

/**
 * Pages ask their servers in query languages (PromQL, LogQL, SQL-like filters of workflows), which is what rules against
 * injection look for. Whoever gets as far has logged in, so bodies are left alone there.
 */
function pageServer({ host, upstream }: WafPage, port: number): string {
  return `
  server {
    listen ${port};
    server_name ${host};
    modsecurity_rules '
      SecRequestBodyAccess Off
      SecAction "id:${PAGE_RULE},phase:1,pass,nolog,t:none,ctl:ruleRemoveByTag=attack-sqli,ctl:ruleRemoveByTag=attack-rce"
    ';
    # A login's answer has the session in its headers.
    proxy_buffer_size 16k;
    proxy_buffers 8 16k;

    location / {
      if ($request_method !~ ^(${PAGE_METHODS.join('|')})$) {
        return 405;
      }
      set $upstream http://${upstream};
      proxy_pass $upstream;
    }
  }
`;
}

/** An id among the platform's own rules. */
const PAGE_RULE = 1020;

/** Ends of path segments count: `/api/v1/orders` does not open `/api/v1/orders-archive`. */
function location({ path, methods, upstream }: WafRoute): string {
  return `    location ~ ^${path.replace(/[.]/g, '\\.')}(/|$) {
      if ($request_method !~ ^(${methods.join('|')})$) {
        return 405;
      }
      set $upstream http://${upstream};
      proxy_pass $upstream;
    }
`;
}
