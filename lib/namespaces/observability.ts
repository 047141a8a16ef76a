import { App, Duration } from 'cdk8s';
import { Alertmanager } from '../components/alertmanager';
import { Grafana, GrafanaOptions } from '../components/grafana';
import { KubeStateMetrics } from '../components/kube-state-metrics';
import { Loki } from '../components/loki';
import { memberSet } from '../components/member-set';
import { OtelCollector, OtelCollectorOptions } from '../components/otel-collector';
import { Prometheus, PrometheusOptions } from '../components/prometheus';
import { GuestServices, scrapeConfigs } from '../components/scrape-jobs';
import { HTTP_PORT, METRICS_PATH, SERVICE_COMPONENT } from '../components/service-box';
import { telemetryStore, TelemetryStoreOptions } from '../components/telemetry-store';
import { Tempo } from '../components/tempo';
import { Box } from '../connections/box';
import { Scraper } from '../connections/scraper';
import type { Environment } from '../environment';
import { SIDECAR_METRICS } from '../mesh/sidecar-proxy';
import { RuleFacts } from '../rules/rule';
import { ruleFiles } from '../rules/rules';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { COMPONENTS } from '../topology/components';
import { NAMESPACES } from '../topology/namespaces';
import { OBSERVERS } from '../topology/observer-roles';
import { RETENTION_DAYS } from '../topology/retention';
import { SERVICES } from '../topology/services';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the observability layer is built with. */
export interface ObservabilityNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'otelCollector' | 'prometheus' | 'tempo' | 'loki' | 'grafana'>;
  /** Every page of metrics. */
  readonly scraper: Scraper;
  /** What alerts are derived from. */
  readonly figures: Omit<RuleFacts, 'jobs' | 'publicServices'>;
  readonly prometheus?: PrometheusOptions;
  readonly otelCollector?: OtelCollectorOptions;
  readonly tempo?: TelemetryStoreOptions;
  readonly loki?: TelemetryStoreOptions;
  readonly grafana?: GrafanaOptions;
}

/** How often Prometheus scrapes, in seconds. */
const SCRAPE_SECONDS = { full: 30, single: 60 } as const;

/** The observability layer: collector, metrics, traces, logs and dashboards. */
export class ObservabilityNamespace extends PlatformNamespace {
  public readonly prometheus: Prometheus;
  public readonly alertmanager: Alertmanager;
  public readonly kubeStateMetrics: KubeStateMetrics;
  public readonly otelCollector: OtelCollector;
  public readonly tempo: Tempo;
  public readonly loki: Loki;
  public readonly grafana: Grafana;

  public constructor(app: App, props: ObservabilityNamespaceProps) {
    super(app, NAMESPACES.observability, props);
    const { environment } = props;
    const { sizing, provider, alerting } = environment;
    this.alertmanager = new Alertmanager(this, 'alertmanager', {
      name: 'alertmanager',
      alerting,
      storageClassName: provider.storageClassName,
      resources: sizing._resources(COMPONENT_RESOURCES.alertmanager),
    });
    this.kubeStateMetrics = new KubeStateMetrics(this, 'kube-state-metrics', {
      name: OBSERVERS.kubeStateMetrics.serviceAccount,
      namespaces: NAMESPACE_NAMES,
      resources: sizing._resources(COMPONENT_RESOURCES['kube-state-metrics']),
    });
    this.prometheus = this.createPrometheus(props);
    this.tempo = this.createTempo(props);
    this.loki = this.createLoki(props);
    this.otelCollector = this.createCollector(props);
    this.grafana = this.createGrafana(props);
  }

  private createPrometheus({ environment, boxes, scraper, figures, prometheus = {} }: ObservabilityNamespaceProps) {
    const interval = Duration.seconds(environment.sizing._figure<number>(SCRAPE_SECONDS));
    return new Prometheus(this, 'prometheus', {
      ...memberSet(environment, boxes.prometheus, COMPONENTS.prometheus, COMPONENT_RESOURCES.prometheus, prometheus),
      retention: prometheus.retention ?? Duration.days(RETENTION_DAYS.metrics),
      scrapeInterval: prometheus.scrapeInterval ?? interval,
      samplesPerSecond: prometheus.samplesPerSecond,
      alertmanager: this.alertmanager.http,
      _scrapeConfigs: () =>
        scrapeConfigs({ jobs: scraper.jobs, guests: guestServices(environment), namespaces: NAMESPACE_NAMES }),
      _ruleFiles: () =>
        ruleFiles({
          ...figures,
          jobs: scraper.jobs.flatMap(([name, target]) => (target.runs() ? [name] : [])),
          publicServices: SERVICES.flatMap(({ name, publicRoutes }) => (publicRoutes ? [name] : [])),
        }),
    });
  }

  private createTempo({ environment, boxes, tempo }: ObservabilityNamespaceProps): Tempo {
    const figures = { ...COMPONENTS.tempo, retentionDays: RETENTION_DAYS.traces };
    return new Tempo(this, 'tempo', {
      ...telemetryStore(environment, boxes.tempo, figures, COMPONENT_RESOURCES.tempo, tempo),
      prometheus: boxes.prometheus.endpointNamed('http'),
    });
  }

  private createLoki({ environment, boxes, loki }: ObservabilityNamespaceProps): Loki {
    const figures = { ...COMPONENTS.loki, retentionDays: RETENTION_DAYS.logs };
    return new Loki(this, 'loki', telemetryStore(environment, boxes.loki, figures, COMPONENT_RESOURCES.loki, loki));
  }

  private createCollector({ environment, boxes, otelCollector = {} }: ObservabilityNamespaceProps): OtelCollector {
    const { sizing } = environment;
    return new OtelCollector(this, 'otel-collector', {
      box: boxes.otelCollector,
      replicas: otelCollector.replicas ?? sizing.replicas(2),
      resources: otelCollector.resources ?? sizing._resources(COMPONENT_RESOURCES['otel-collector']),
      traces: boxes.tempo.endpointNamed('grpc-otlp'),
      logs: boxes.loki.endpointNamed('http'),
      tailSampling: otelCollector.tailSampling,
    });
  }

  private createGrafana({ environment, boxes, grafana }: ObservabilityNamespaceProps): Grafana {
    const page = environment._pages.find(({ name }) => name === 'grafana');
    return new Grafana(this, 'grafana', {
      // Whoever has passed the login before it is known by the headers of that.
      ...(page ? { url: `https://${page.host}`, authProxy: { networks: environment.proxyNetworks } } : {}),
      ...grafana,
      box: boxes.grafana,
      resources: grafana?.resources ?? environment.sizing._resources(COMPONENT_RESOURCES.grafana),
      prometheus: boxes.prometheus.endpointNamed('http'),
      tempo: boxes.tempo.endpointNamed('http'),
      loki: boxes.loki.endpointNamed('http'),
    });
  }
}

const NAMESPACE_NAMES = Object.values(NAMESPACES).map(({ name }) => name);

/** Services of other teams, which are built as the platform's own are. */
function guestServices({ mesh }: Environment): GuestServices {
  const namespace = NAMESPACES.wmsPlatform.name;
  return {
    namespace,
    component: SERVICE_COMPONENT,
    portName: HTTP_PORT,
    path: METRICS_PATH,
    sidecar: mesh.enabled && mesh._covers(namespace) ? SIDECAR_METRICS : undefined,
  };
}
