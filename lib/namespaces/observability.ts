import { App } from 'cdk8s';
import { Grafana, GrafanaOptions } from '../components/grafana';
import { Loki } from '../components/loki';
import { OtelCollector, OtelCollectorOptions } from '../components/otel-collector';
import { telemetryStore, TelemetryStoreOptions } from '../components/telemetry-store';
import { Tempo } from '../components/tempo';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { COMPONENT_RESOURCES } from '../topology/component-resources';
import { COMPONENTS } from '../topology/components';
import { NAMESPACES } from '../topology/namespaces';
import { RETENTION_DAYS } from '../topology/retention';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the observability layer is built with. */
export interface ObservabilityNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<Record<keyof typeof BOXES, Box>, 'otelCollector' | 'prometheus' | 'tempo' | 'loki' | 'grafana'>;
  readonly otelCollector?: OtelCollectorOptions;
  readonly tempo?: TelemetryStoreOptions;
  readonly loki?: TelemetryStoreOptions;
  readonly grafana?: GrafanaOptions;
}

/** The observability layer: collector, metrics, traces, logs and dashboards. */
export class ObservabilityNamespace extends PlatformNamespace {
  public readonly otelCollector: OtelCollector;
  public readonly tempo: Tempo;
  public readonly loki: Loki;
  public readonly grafana: Grafana;

  public constructor(app: App, props: ObservabilityNamespaceProps) {
    super(app, NAMESPACES.observability, props);
    const { environment, boxes, otelCollector = {} } = props;
    const { sizing } = environment;
    this.tempo = new Tempo(this, 'tempo', {
      ...telemetryStore(
        environment,
        boxes.tempo,
        { ...COMPONENTS.tempo, retentionDays: RETENTION_DAYS.traces },
        COMPONENT_RESOURCES.tempo,
        props.tempo,
      ),
      prometheus: boxes.prometheus.endpointNamed('http'),
    });
    this.loki = new Loki(
      this,
      'loki',
      telemetryStore(
        environment,
        boxes.loki,
        { ...COMPONENTS.loki, retentionDays: RETENTION_DAYS.logs },
        COMPONENT_RESOURCES.loki,
        props.loki,
      ),
    );
    this.otelCollector = new OtelCollector(this, 'otel-collector', {
      box: boxes.otelCollector,
      replicas: otelCollector.replicas ?? sizing.replicas(2),
      resources: otelCollector.resources ?? sizing._resources(COMPONENT_RESOURCES['otel-collector']),
      traces: boxes.tempo.endpointNamed('grpc-otlp'),
      logs: boxes.loki.endpointNamed('http'),
      tailSampling: otelCollector.tailSampling,
    });
    const page = environment._pages.find(({ name }) => name === 'grafana');
    this.grafana = new Grafana(this, 'grafana', {
      // Whoever has passed the login before it is known by the headers of that.
      ...(page ? { url: `https://${page.host}`, authProxy: { networks: environment.proxyNetworks } } : {}),
      ...props.grafana,
      box: boxes.grafana,
      resources: props.grafana?.resources ?? sizing._resources(COMPONENT_RESOURCES.grafana),
      prometheus: boxes.prometheus.endpointNamed('http'),
      tempo: boxes.tempo.endpointNamed('http'),
      loki: boxes.loki.endpointNamed('http'),
    });
  }
}
