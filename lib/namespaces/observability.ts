import { App, Duration } from 'cdk8s';
import { Alertmanager } from '../components/alertmanager';
import { KubeStateMetrics } from '../components/kube-state-metrics';
import { memberSet } from '../components/member-set';
import { Prometheus, PrometheusOptions } from '../components/prometheus';
import { GuestServices, scrapeConfigs } from '../components/scrape-jobs';
import { HTTP_PORT, METRICS_PATH, SERVICE_COMPONENT } from '../components/service-box';
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
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'prometheus'>;
  /** Every page of metrics. */
  readonly scraper: Scraper;
  /** What alerts are derived from. */
  readonly figures: Omit<RuleFacts, 'jobs' | 'publicServices'>;
  readonly prometheus?: PrometheusOptions;
}

/** How often Prometheus scrapes, in seconds. */
const SCRAPE_SECONDS = { full: 30, single: 60 } as const;

/** The observability layer: collector, metrics, traces, logs and dashboards. */
export class ObservabilityNamespace extends PlatformNamespace {
  public readonly prometheus: Prometheus;
  public readonly alertmanager: Alertmanager;
  public readonly kubeStateMetrics: KubeStateMetrics;

  public constructor(app: App, props: ObservabilityNamespaceProps) {
    super(app, NAMESPACES.observability, props);
    const { environment, boxes, scraper, figures, prometheus = {} } = props;
    const { sizing, provider, alerting } = environment;
    const namespaces = Object.values(NAMESPACES).map(({ name }) => name);
    this.alertmanager = new Alertmanager(this, 'alertmanager', {
      name: 'alertmanager',
      alerting,
      storageClassName: provider.storageClassName,
      resources: sizing._resources(COMPONENT_RESOURCES.alertmanager),
    });
    this.kubeStateMetrics = new KubeStateMetrics(this, 'kube-state-metrics', {
      name: OBSERVERS.kubeStateMetrics.serviceAccount,
      namespaces,
      resources: sizing._resources(COMPONENT_RESOURCES['kube-state-metrics']),
    });
    this.prometheus = new Prometheus(this, 'prometheus', {
      ...memberSet(environment, boxes.prometheus, COMPONENTS.prometheus, COMPONENT_RESOURCES.prometheus, prometheus),
      retention: prometheus.retention ?? Duration.days(RETENTION_DAYS.metrics),
      scrapeInterval: prometheus.scrapeInterval ?? Duration.seconds(sizing._figure<number>(SCRAPE_SECONDS)),
      samplesPerSecond: prometheus.samplesPerSecond,
      alertmanager: this.alertmanager.http,
      _scrapeConfigs: () => scrapeConfigs({ jobs: scraper.jobs, guests: guestServices(environment), namespaces }),
      _ruleFiles: () =>
        ruleFiles({
          ...figures,
          jobs: scraper.jobs.flatMap(([name, target]) => (target.runs() ? [name] : [])),
          publicServices: SERVICES.flatMap(({ name, publicRoutes }) => (publicRoutes ? [name] : [])),
        }),
    });
  }
}

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
