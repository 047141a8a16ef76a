import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { checkCidrs } from '../connections/cidr';
import { Endpoint } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { PLATFORM_DASHBOARDS } from '../dashboards';
import { invalid, oneOf } from '../errors';
import { Credential } from '../secrets/credential';
import { Secret } from '../secrets/secret';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { Deployment } from '../workload/deployment';
import { named } from '../workload/labels';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';
import { dashboardFiles, GrafanaDashboard, HOME_DASHBOARD } from './grafana-dashboards';
import {
  dashboardProviders,
  dataSources,
  GRAFANA_CREDENTIALS,
  GRAFANA_PATHS,
  GRAFANA_ROLES,
  GrafanaAuthProxy,
  grafanaIni,
} from './grafana-config';

/** What Grafana shows, and to whom. */
export interface GrafanaSettings {
  /**
   * Where people reach it, as `https://grafana.wms.example.com`.
   *
   * @default - its own Service, as a port forward reaches it
   */
  readonly url?: string;

  /**
   * Trusts a proxy that has logged people in.
   *
   * @default - none: people log in as the administrator
   */
  readonly authProxy?: GrafanaAuthProxy;

  /**
   * Dashboards beside the platform's.
   *
   * @default - none
   */
  readonly dashboards?: GrafanaDashboard[];
}

/** What can be set of Grafana. */
export interface GrafanaOptions extends GrafanaSettings {
  /**
   * What it asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** What Grafana is made from. */
export interface GrafanaProps extends GrafanaSettings {
  /** The box of the topology it is. */
  readonly box: Box;

  /** What it asks for and may use. */
  readonly resources: Resources;

  /** Where metrics are asked for. */
  readonly prometheus: Endpoint;

  /** Where traces are asked for. */
  readonly tempo: Endpoint;

  /** Where logs are asked for. */
  readonly loki: Endpoint;
}

/** The user of Grafana's image. */
const USER = 472;

/**
 * Grafana: dashboards over Prometheus, Tempo and Loki. Everything in it is provisioned from the manifests, so it keeps
 * nothing: a new pod is as good as the one before.
 */
export class Grafana extends Construct implements IConnectable {
  /** Its pod. */
  public readonly deployment: Deployment;

  /** Its pages. */
  public readonly http: Endpoint;

  /** @throws on dashboards that are none or are there twice, a bad URL, network or role, and bad resources */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: GrafanaProps,
  ) {
    super(scope, id);
    const { box, resources } = props;
    this.http = box.endpointNamed('http');
    const identity = box.pods._identity;
    const config = new ConfigMap(this, 'config', { name: identity.workload, identity, data: this.configuration() });
    const dashboards = dashboardFiles(this, [...PLATFORM_DASHBOARDS, ...(props.dashboards ?? [])]).map(
      ({ name, json }) =>
        new ConfigMap(this, `dashboard-${name}`, {
          name: `${identity.workload}-dashboard-${name}`,
          identity,
          data: { [`${name}.json`]: json },
        }),
    );
    const secret = new Secret(this, 'secret', {
      name: identity.workload,
      identity,
      data: { [GRAFANA_CREDENTIALS.password]: [administrator()], [GRAFANA_CREDENTIALS.key]: [secretKey()] },
    });
    this.deployment = new Deployment(this, 'deployment', {
      pods: box.pods,
      ...named(identity),
      user: USER,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      // New dashboards are found while it runs; other settings are not.
      podAnnotations: config.hashAnnotation,
      volumes: [
        {
          name: 'config',
          configMap: {
            name: config.configMapName,
            items: [
              { key: 'grafana.ini', path: 'grafana.ini' },
              { key: 'datasources.yaml', path: 'provisioning/datasources/wms.yaml' },
              { key: 'dashboards.yaml', path: 'provisioning/dashboards/wms.yaml' },
            ],
          },
        },
        {
          name: 'dashboards',
          projected: { sources: dashboards.map(({ configMapName }) => ({ configMap: { name: configMapName } })) },
        },
        { name: 'credentials', secret: { secretName: secret.secretName } },
        { name: 'data', emptyDir: { sizeLimit: k8s.Quantity.fromString('128Mi') } },
        tmpVolume(),
      ],
      containers: [
        {
          name: 'grafana',
          image: clusterContext(this).images.of('grafana'),
          resources,
          ports: [{ name: this.http.portName, port: this.http.port }],
          env: [
            { name: 'GF_PATHS_CONFIG', value: `${GRAFANA_PATHS.config}/grafana.ini` },
            { name: 'GF_PATHS_PROVISIONING', value: GRAFANA_PATHS.provisioning },
            { name: 'GF_PATHS_DATA', value: GRAFANA_PATHS.data },
          ],
          // It makes its database first.
          startupProbe: httpProbe(this.http.portName, '/api/health', {
            periodSeconds: 5,
            timeoutSeconds: 3,
            failureThreshold: 36,
          }),
          livenessProbe: httpProbe(this.http.portName, '/api/health', {
            periodSeconds: 20,
            timeoutSeconds: 5,
            failureThreshold: 6,
          }),
          readinessProbe: httpProbe(this.http.portName, '/api/health', {
            periodSeconds: 5,
            timeoutSeconds: 3,
            failureThreshold: 3,
          }),
          volumeMounts: [
            { name: 'config', mountPath: GRAFANA_PATHS.config, readOnly: true },
            { name: 'dashboards', mountPath: GRAFANA_PATHS.dashboards, readOnly: true },
            { name: 'credentials', mountPath: GRAFANA_PATHS.credentials, readOnly: true },
            { name: 'data', mountPath: GRAFANA_PATHS.data },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
    });
    this.deployment.serve(this.http);
    this.deployment.addMetrics(this.http);
  }

  /** Its main endpoint: `http`. */
  public get endpoint(): Peer {
    return this.http;
  }

  private configuration(): Record<string, string> {
    const { prometheus, tempo, loki, authProxy, url = 'http://localhost:3000' } = this.props;
    if (!/^https?:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./-]*)?$/.test(url)) {
      throw invalid(this, `url '${url}' is none; allowed: as https://grafana.wms.example.com`);
    }
    if (authProxy) {
      checkCidrs(`${this.node.path} authProxy.networks`, authProxy.networks);
      if (authProxy.role !== undefined && !GRAFANA_ROLES.includes(authProxy.role)) {
        throw invalid(this, `authProxy.role '${authProxy.role}' is no role; ${oneOf(GRAFANA_ROLES)}`);
      }
      if (authProxy.emailHeader !== undefined && !/^[A-Za-z][A-Za-z0-9-]*$/.test(authProxy.emailHeader)) {
        throw invalid(
          this,
          `authProxy.emailHeader '${authProxy.emailHeader}' is no header; allowed: letters, digits, '-'`,
        );
      }
    }
    return {
      'grafana.ini': grafanaIni({ port: this.http.port, home: HOME_DASHBOARD, url, authProxy }),
      'datasources.yaml': dataSources({ metrics: prometheus.address, traces: tempo.address, logs: loki.address }),
      'dashboards.yaml': dashboardProviders(),
    };
  }
}

function administrator(): Credential {
  return new Credential({ path: 'grafana/admin', description: "password of Grafana's administrator" });
}

function secretKey(): Credential {
  return new Credential({
    path: 'grafana/secret-key',
    description: 'random text that Grafana encrypts what is secret in its database with',
  });
}
