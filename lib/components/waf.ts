import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { EndpointKind } from '../connections/endpoint';
import { invalid, oneOf } from '../errors';
import { PublicServiceRoute } from '../topology/public-routes';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { ContainerProps } from '../workload/container';
import { Deployment } from '../workload/deployment';
import { named } from '../workload/labels';
import { checkCount } from '../workload/names';
import { httpProbe, tcpProbe } from '../workload/probes';
import { parseResources, Resources } from '../workload/resources';
import { configVolume, tmpVolume } from '../workload/volumes';
import { PAGE_METHODS, WAF_CONFIG_DIRECTORY, wafNginxConfig, WafPage, WafRoute } from './waf-nginx';
import { WafExclusion, wafModSecurityConfig } from './waf-modsecurity';

/** How strict the web application firewall is. */
export interface WafPolicy {
  /**
   * The core rule set's paranoia level, 1 (few false alarms) to 4 (every doubt is an alarm).
   *
   * @default 1
   */
  readonly paranoiaLevel?: number;

  /**
   * The anomaly score from which a request is refused; one critical rule scores 5.
   *
   * @default 5
   */
  readonly inboundAnomalyThreshold?: number;

  /**
   * The anomaly score from which a response is withheld; one critical rule scores 4 or more.
   *
   * @default 4
   */
  readonly outboundAnomalyThreshold?: number;

  /**
   * Whether it only logs what it would refuse.
   *
   * @default false
   */
  readonly detectionOnly?: boolean;

  /**
   * Rules that a route's requests need not pass.
   *
   * @default - none
   */
  readonly exclusions?: WafExclusion[];
}

/** What can be set of the web application firewall. */
export interface WafOptions extends WafPolicy {
  /**
   * What is let through to the public services, in place of the topology's routes.
   *
   * @default - the API prefixes of order, waving and picking service
   */
  readonly routes?: PublicServiceRoute[];

  /**
   * How many pods it runs.
   *
   * @default - 2; 1 where the environment is sized for one machine
   */
  readonly replicas?: number;

  /**
   * What its nginx asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** What a web application firewall is made from. */
export interface WafProps extends WafPolicy {
  /** The box of the topology it is. */
  readonly box: Box;
  /** How many pods it runs. */
  readonly replicas: number;
  /** What its nginx asks for and may use. */
  readonly resources: Resources;
  /** What its exporter asks for and may use. */
  readonly exporterResources: Resources;
  /** The host name that clients use. */
  readonly host: string;
  /** What is let through, and where to. */
  readonly routes: WafRoute[];
  /**
   * The pages that it also lets through to their logins, each at a host of its own.
   *
   * @default - none
   */
  readonly pages?: WafPage[];
  /** The networks that the ingress controller and the load balancer are in. */
  readonly trustedProxies: string[];
}

const HEALTH_PORT = 8081;

/** On the loopback interface alone. */
const STATUS_PORT = 8082;

const METRICS_PORT = 9113;

/** The user that the image runs nginx as. */
const NGINX_USER = 101;

/** How long a pod that is taken away still serves, until every ingress controller knows. */
const DRAIN_SECONDS = 5;

/** nginx resolves names by itself, and is not told by whom. The search domains do not matter: all names are whole. */
const START = `awk '$1 == "nameserver" { a = $2; if (a ~ /:/) a = "[" a "]"; list = list " " a } END { print "resolver" list " valid=10s;" }' \
/etc/resolv.conf > /tmp/resolver.conf && exec nginx -c ${WAF_CONFIG_DIRECTORY}/nginx.conf -g 'daemon off;'`;

/**
 * The web application firewall: nginx with ModSecurity and the OWASP core rule set, before every public route. What is
 * no route, or has a method its API does not, is refused.
 */
export class Waf extends Construct {
  /** Its pods. */
  public readonly deployment: Deployment;

  /** @throws on routes that overlap, and on settings the core rule set does not know */
  public constructor(scope: Construct, id: string, props: WafProps) {
    super(scope, id);
    const { box } = props;
    const identity = box.pods._identity;
    const http = box.endpointNamed('http');
    checkRoutes(this, props.routes);
    const { pages = [] } = props;
    const resources = parseResources(props.resources, this.node.path);
    const config = new ConfigMap(this, 'config', {
      name: identity.workload,
      identity,
      data: {
        'nginx.conf': wafNginxConfig({
          host: props.host,
          routes: [...props.routes].sort((a, b) => (a.path < b.path ? -1 : 1)),
          pages,
          trustedProxies: props.trustedProxies,
          workers: resources.cpuLimit.toCores(),
          ports: { http: http.port, health: HEALTH_PORT, status: STATUS_PORT },
        }),
        'modsecurity.conf': wafModSecurityConfig({
          detectionOnly: props.detectionOnly ?? false,
          paranoiaLevel: checkLevel(this, props.paranoiaLevel ?? 1),
          inboundAnomalyThreshold: checkCount(this, 'inboundAnomalyThreshold', props.inboundAnomalyThreshold ?? 5, 1),
          outboundAnomalyThreshold: checkCount(
            this,
            'outboundAnomalyThreshold',
            props.outboundAnomalyThreshold ?? 4,
            1,
          ),
          methods: methodsOf(props.routes, pages),
          exclusions: checkExclusions(this, props.exclusions ?? [], props.routes),
        }),
      },
    });
    this.deployment = new Deployment(this, 'deployment', {
      ...named(identity),
      pods: box.pods,
      replicas: props.replicas,
      user: NGINX_USER,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      podAnnotations: config.hashAnnotation,
      // Requests take at most 30 seconds.
      terminationGracePeriod: Duration.seconds(DRAIN_SECONDS + 40),
      containers: [this.nginx(http.port, props.resources), this.exporter(props.exporterResources)],
      volumes: [tmpVolume(), configVolume('config', config)],
    });
    this.deployment.serve(http);
    this.deployment.addMetrics(this.deployment.addEndpoint('metrics', EndpointKind.METRICS));
  }

  private nginx(port: number, resources: Resources): ContainerProps {
    return {
      name: 'nginx',
      image: clusterContext(this).images.of('waf'),
      command: ['sh', '-c', START],
      resources,
      ports: [
        { name: 'http', port },
        { name: 'health', port: HEALTH_PORT },
      ],
      // Reading the rule set takes nginx seconds.
      startupProbe: httpProbe('health', '/healthz', { periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 30 }),
      livenessProbe: httpProbe('health', '/healthz', { periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }),
      readinessProbe: httpProbe('health', '/healthz', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }),
      preStop: { exec: { command: ['sleep', `${DRAIN_SECONDS}`] } },
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        { name: 'config', mountPath: WAF_CONFIG_DIRECTORY, readOnly: true },
      ],
    };
  }

  private exporter(resources: Resources): ContainerProps {
    return {
      name: 'exporter',
      image: clusterContext(this).images.of('waf-exporter'),
      args: [`--nginx.scrape-uri=http://127.0.0.1:${STATUS_PORT}/stub_status`, `--web.listen-address=:${METRICS_PORT}`],
      resources,
      ports: [{ name: 'metrics', port: METRICS_PORT }],
      // Its page asks nginx: whether it answers says nothing of the exporter alone.
      livenessProbe: tcpProbe('metrics', { periodSeconds: 30, timeoutSeconds: 3 }),
      readinessProbe: tcpProbe('metrics', { periodSeconds: 10, timeoutSeconds: 3 }),
    };
  }
}

function methodsOf(routes: readonly WafRoute[], pages: readonly WafPage[]): string[] {
  return [...new Set([...routes.flatMap(({ methods }) => methods), ...(pages.length > 0 ? PAGE_METHODS : [])])].sort();
}

function checkRoutes(scope: Construct, routes: readonly WafRoute[]): void {
  if (routes.length === 0) {
    throw invalid(scope, 'has no routes; allowed: at least one');
  }
  const paths = routes.map(({ path }) => path);
  for (const [index, path] of paths.entries()) {
    if (!PATH_PREFIX.test(path)) {
      throw invalid(scope, `route '${path}' is no path prefix; allowed: as /api/v1/orders`);
    }
    const other = paths.find((p, i) => i !== index && `${path}/`.startsWith(`${p}/`));
    if (other) {
      throw invalid(scope, `routes ${other} and ${path} overlap; allowed: each path in one route`);
    }
    if (routes[index].methods.length === 0) {
      throw invalid(scope, `route ${path} has no methods; allowed: at least one`);
    }
    const unknown = routes[index].methods.find((method) => !METHODS.includes(method));
    if (unknown) {
      throw invalid(scope, `route ${path} has the method '${unknown}'; ${oneOf(METHODS)}`);
    }
  }
}

/** Without a slash at its end, so that it is the path itself and all below it. */
const PATH_PREFIX = /^(\/[a-z0-9][-._a-z0-9]*)+$/;

/** What the services' APIs could have; CONNECT and TRACE have no place behind a proxy. */
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

function checkLevel(scope: Construct, level: number): number {
  if (![1, 2, 3, 4].includes(level)) {
    throw invalid(scope, `paranoiaLevel is ${level}; allowed: 1, 2, 3 or 4`);
  }
  return level;
}

function checkExclusions(scope: Construct, exclusions: readonly WafExclusion[], routes: readonly WafRoute[]) {
  for (const { path, rules, target } of exclusions) {
    if (!PATH_PREFIX.test(path)) {
      throw invalid(scope, `exclusion for '${path}', which is no path prefix; allowed: as /api/v1/orders`);
    }
    if (!routes.some((route) => `${path}/`.startsWith(`${route.path}/`))) {
      throw invalid(
        scope,
        `exclusion for '${path}', which is below no route; ${oneOf(routes.map((route) => route.path))}`,
      );
    }
    const wrong = rules.find((rule) => !Number.isInteger(rule) || rule < 900_000 || rule > 999_999);
    if (rules.length === 0 || wrong !== undefined) {
      throw invalid(
        scope,
        `exclusion for ${path} names the rule ${wrong ?? '(none)'}; allowed: ids of the core rule set, as 942100`,
      );
    }
    if (target !== undefined && !/^[A-Z_]+(:[-._A-Za-z0-9]+)?$/.test(target)) {
      throw invalid(
        scope,
        `exclusion for ${path} has the target '${target}'; allowed: a variable of a request, as ARGS:json.notes`,
      );
    }
  }
  return exclusions;
}
