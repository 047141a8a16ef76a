import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { Grafana, GrafanaOptions } from './components/grafana';
import { KafkaCluster, KafkaOptions } from './components/kafka-cluster';
import { IngressController, IngressControllerOptions } from './components/ingress-controller';
import { Loki } from './components/loki';
import { MemberSetOptions } from './components/member-set';
import { MongoDbReplicaSet } from './components/mongodb-replica-set';
import { OidcProxy, OidcProxyOptions } from './components/oidc-proxy';
import { NodeLogAgent, NodeLogAgentOptions } from './components/node-log-agent';
import { OtelCollector, OtelCollectorOptions } from './components/otel-collector';
import { PostgreSql, PostgreSqlOptions } from './components/postgresql';
import { TelemetryStoreOptions } from './components/telemetry-store';
import { Tempo } from './components/tempo';
import { TemporalCluster } from './components/temporal-cluster';
import { Waf, WafOptions } from './components/waf';
import { WmsService } from './components/wms-service';
import { WmsServiceWorker } from './components/wms-service-worker';
import { ZookeeperEnsemble } from './components/zookeeper-ensemble';
import { Alertmanager } from './components/alertmanager';
import { Prometheus, PrometheusOptions } from './components/prometheus';
import { Box } from './connections/box';
import { INTERNET } from './connections/cidr';
import { Connection } from './connections/connection';
import { connectionsOf, topologyDiagram } from './connections/diagram';
import { Endpoint } from './connections/endpoint';
import { ExternalEndpoint } from './connections/external-endpoint';
import { IConnectable } from './connections/peer';
import { PodsState } from './connections/pods-state';
import { Scraper } from './connections/scraper';
import { Environment } from './environment';
import { invalid, oneOf } from './errors';
import { ImportedWmsPlatform } from './imported-platform';
import { ClusterScoped } from './namespaces/cluster';
import { RequiredTokens } from './mesh/required-tokens';
import { IngressNamespace } from './namespaces/ingress';
import { KafkaNamespace } from './namespaces/kafka';
import { MongoDbNamespace } from './namespaces/mongodb';
import { NodeLogAgentNamespace } from './namespaces/node-log-agent';
import { ObservabilityNamespace, ObservabilityNamespaceProps } from './namespaces/observability';
import { TemporalNamespace, TemporalOptions } from './namespaces/temporal';
import { guestServiceFootprints, WmsPlatformNamespace, WmsServiceOverrides } from './namespaces/wms-platform';
import { BOXES, BoxTopology } from './topology/boxes';
import { PeoplePageName } from './topology/people-pages';
import { PublicServiceRoute } from './topology/public-routes';
import { SERVICES } from './topology/services';
import { Deployment } from './workload/deployment';
import { Workload } from './workload/workload';
import { WmsPlatformBase } from './wms-platform-base';

/** What a platform is made from. */
export interface WmsPlatformProps {
  /** The cluster it is built for. */
  readonly environment: Environment;

  /**
   * What differs from the topology's figures, by service, as `{ 'order-service': { replicas: 4 } }`.
   *
   * @default - nothing
   */
  readonly services?: { readonly [name: string]: WmsServiceOverrides };

  /**
   * What differs from the topology's figures for MongoDB.
   *
   * @default - nothing
   */
  readonly mongodb?: MemberSetOptions;

  /**
   * What differs from the topology's figures for Kafka, its topics and how it keeps its metadata.
   *
   * @default - nothing
   */
  readonly kafka?: KafkaOptions;

  /**
   * What differs from the topology's figures for ZooKeeper.
   *
   * @default - nothing
   */
  readonly zookeeper?: MemberSetOptions;

  /**
   * What differs from the platform's figures for Temporal, and where its store is.
   *
   * @default - nothing
   */
  readonly temporal?: TemporalOptions;

  /**
   * What differs from the topology's figures for PostgreSQL.
   *
   * @default - nothing
   */
  readonly postgresql?: PostgreSqlOptions;

  /**
   * What differs from the topology's figures for Prometheus.
   *
   * @default - nothing
   */
  readonly prometheus?: PrometheusOptions;

  /**
   * What differs for the ingress controller.
   *
   * @default - nothing
   */
  readonly ingressController?: IngressControllerOptions;

  /**
   * What differs for the web application firewall.
   *
   * @default - nothing
   */
  readonly waf?: WafOptions;

  /**
   * What differs for the logins before people's pages, where the environment has an OIDC provider.
   *
   * @default - nothing
   */
  readonly oidcProxy?: OidcProxyOptions;

  /**
   * What differs for the OpenTelemetry collector.
   *
   * @default - nothing
   */
  readonly otelCollector?: OtelCollectorOptions;

  /**
   * What differs for the nodes' log agent.
   *
   * @default - nothing
   */
  readonly nodeLogAgent?: NodeLogAgentOptions;

  /**
   * What differs from the topology's figures for Tempo.
   *
   * @default - nothing
   */
  readonly tempo?: TelemetryStoreOptions;

  /**
   * What differs from the topology's figures for Loki.
   *
   * @default - nothing
   */
  readonly loki?: TelemetryStoreOptions;

  /**
   * What differs for Grafana.
   *
   * @default - nothing
   */
  readonly grafana?: GrafanaOptions;
}

/** The WMS platform: its namespaces, its services, and every connection of its topology. */
export class WmsPlatform extends WmsPlatformBase {
  /**
   * A platform that somebody else has deployed, for a team that adds a service to it.
   *
   * @param scope the team's chart
   * @param id the construct's id; no object is made for it
   * @param environment the environment the platform was deployed with
   */
  public static fromEnvironment(scope: Construct, id: string, environment: Environment): WmsPlatformBase {
    return new ImportedWmsPlatform(scope, id, environment);
  }

  /** The MongoDB replica set. */
  public readonly mongodb: MongoDbReplicaSet;

  /** The Kafka cluster. */
  public readonly kafka: KafkaCluster;

  /** The ZooKeeper ensemble; none where Kafka has left it. */
  public readonly zookeeper?: ZookeeperEnsemble;

  /** Temporal, by its frontend. */
  public readonly temporal: TemporalCluster;

  /** Temporal's store; none where it is elsewhere. */
  public readonly postgresql?: PostgreSql;

  /** The ingress controller. */
  public readonly ingressController: IngressController;

  /** The web application firewall. */
  public readonly waf: Waf;

  /** The logins before people's pages; none where the environment has no OIDC provider. */
  public readonly oidcProxies: OidcProxy[];

  /** The OpenTelemetry collector, as its clients know it; where observability is off, connecting to it does nothing. */
  public readonly otelCollector: Box;

  /** Prometheus; none where observability is off. */
  public readonly prometheus?: Prometheus;

  /** Alertmanager, which tells of alerts; none where observability is off. */
  public readonly alertmanager?: Alertmanager;

  /** What turns the API server's objects into metrics; none where observability is off. */
  public readonly kubeStateMetrics?: Deployment;

  /** What runs the OpenTelemetry collector; none where observability is off. */
  public readonly telemetryGateway?: OtelCollector;

  /** The nodes' log agent; none where observability is off. */
  public readonly nodeLogAgent?: NodeLogAgent;

  /** Tempo; none where observability is off. */
  public readonly tempo?: Tempo;

  /** Loki; none where observability is off. */
  public readonly loki?: Loki;

  /** Grafana; none where observability is off. */
  public readonly grafana?: Grafana;

  private readonly application: WmsPlatformNamespace;
  private readonly boxes: Record<keyof typeof BOXES, Box>;
  private readonly scraper: Scraper;
  private readonly routes: readonly PublicServiceRoute[];

  /**
   * @param app the app of one environment; the platform's files are charts directly below it
   * @param id a name for messages, as the environment's
   * @param props what it is made from
   */
  public constructor(app: App, id: string, props: WmsPlatformProps) {
    super(app, id, props.environment);
    if (!(app instanceof App)) {
      throw invalid(this, `its scope is no App; allowed: an App of its own, one for each environment`);
    }
    this.routes = this.checkRoutes(props.waf?.routes ?? TOPOLOGY_ROUTES);
    this.boxes = this.declareBoxes(props);
    this.scraper = new Scraper(this.boxes.prometheus.pods);
    this._setClusterContext(this.scraper, []);
    this.otelCollector = this.boxes.otelCollector;

    const namespaces = this.createNamespaces(app, props);
    const { application, mongodb, kafka, zookeeper, workflow } = namespaces;
    this.application = application;
    this.mongodb = mongodb;
    this.kafka = kafka;
    this.zookeeper = zookeeper;
    this.temporal = workflow.temporal;
    this.postgresql = workflow.postgresql;
    this.ingressController = namespaces.ingressController;
    this.waf = namespaces.waf;
    this.oidcProxies = namespaces.oidcProxies;
    this.prometheus = namespaces.observability?.prometheus;
    this.alertmanager = namespaces.observability?.alertmanager;
    this.kubeStateMetrics = namespaces.observability?.kubeStateMetrics;
    this.telemetryGateway = namespaces.observability?.otelCollector;
    this.tempo = namespaces.observability?.tempo;
    this.loki = namespaces.observability?.loki;
    this.grafana = namespaces.observability?.grafana;
    this.nodeLogAgent = namespaces.nodeLogs?.nodeLogAgent;

    this.connectIngressLayer();
    this.connectPages(namespaces.pages);
    this.connectApplicationLayer();
    this.connectWorkflowLayer(workflow.store);
    this.connectMessageLayer();
    this.connectObservabilityLayer();
  }

  /**
   * One of the platform's services.
   *
   * @param name its name, as `inventory-service`
   * @throws where there is none of that name
   */
  public service(name: string): WmsService {
    return this.application.service(name);
  }

  /**
   * The Temporal worker of a service.
   *
   * @param service the service's name, as `picking-service`
   * @throws where it has none
   */
  public worker(service: string): WmsServiceWorker {
    const worker = this.application.worker(service);
    if (!worker) {
      const withWorker = SERVICES.filter((s) => s.worker).map(({ name }) => name);
      throw invalid(this, `there is no worker of '${service}'; ${oneOf(withWorker)}`);
    }
    return worker;
  }

  /** Every connection of the platform as a Mermaid flow chart. */
  public topologyDiagram(): string {
    return topologyDiagram(this._connections);
  }

  /** @internal */
  public get _connections(): Connection[] {
    const workloads = this.node.root.node.findAll().filter((c) => c instanceof Workload);
    return connectionsOf([...Object.values(this.boxes), ...workloads].map(({ pods }) => pods));
  }

  private createNamespaces(app: App, props: WmsPlatformProps) {
    const { environment, services = {} } = props;
    const { access, sizing, guestServices, provider, tls } = environment;
    const { boxes } = this;
    new ClusterScoped(app, { ssd: provider.ssd, tls });
    const { kafka, zookeeper } = new KafkaNamespace(app, {
      access,
      environment,
      boxes,
      kafka: props.kafka,
      zookeeper: props.zookeeper,
    });
    const { mongodb } = new MongoDbNamespace(app, { access, environment, boxes, mongodb: props.mongodb });
    const workflow = new TemporalNamespace(app, {
      access,
      environment,
      boxes,
      temporal: props.temporal,
      postgresql: props.postgresql,
    });
    const { observability, nodeLogs } = this.createObservability(app, props, {
      mongodbMembers: mongodb.statefulSet._footprint.pods,
      kafkaBrokers: kafka.statefulSet._footprint.pods,
      kafkaMinInSyncReplicas: kafka._minInSyncReplicas,
      zookeeperMembers: zookeeper?.statefulSet._footprint.pods ?? 0,
      postgresql: workflow.postgresql !== undefined,
      historyShards: workflow.historyShards,
    });
    const application = new WmsPlatformNamespace(app, {
      access,
      guests: guestServiceFootprints(guestServices, sizing),
      sizing,
      image: (service) => environment.serviceImage(service),
      overrides: withCarrierKeys(environment, services),
    });
    const pages = { grafana: boxes.grafana.endpointNamed('http'), temporal: workflow.temporal.uiHttp };
    const { ingressController, waf, oidcProxies } = new IngressNamespace(app, {
      access,
      environment,
      boxes,
      routes: this.routes.map((route) => ({ ...route, upstream: application.service(route.service).address })),
      pages,
      oidcProxy: props.oidcProxy,
      ingressController: props.ingressController,
      waf: props.waf,
    });
    return {
      ingressController,
      waf,
      oidcProxies,
      pages,
      application,
      mongodb,
      kafka,
      zookeeper,
      workflow,
      observability,
      nodeLogs,
    };
  }

  private createObservability(app: App, props: WmsPlatformProps, figures: ObservabilityNamespaceProps['figures']) {
    const { environment } = props;
    if (!environment.observability.enabled) {
      return {};
    }
    const { access } = environment;
    const { boxes, scraper } = this;
    const { prometheus, otelCollector, tempo, loki, grafana, nodeLogAgent } = props;
    return {
      observability: new ObservabilityNamespace(app, {
        access,
        environment,
        boxes,
        scraper,
        figures,
        prometheus,
        otelCollector,
        tempo,
        loki,
        grafana,
      }),
      nodeLogs: new NodeLogAgentNamespace(app, { access, environment, boxes, nodeLogAgent }),
    };
  }

  /** Internet -> load balancer -> Ingress -> WAF -> order, waving and picking service. */
  private connectIngressLayer(): void {
    const { ingressController, waf } = this.boxes;
    // Clients come by the load balancer, which has addresses of private networks where it passes requests on itself.
    const internet = new ExternalEndpoint('internet', { cidrs: [INTERNET, ...this.environment.proxyNetworks] });
    internet.connectTo(ingressController.endpointNamed('web'));
    internet.connectTo(ingressController.endpointNamed('websecure'));
    ingressController.connectTo(this.environment.kubernetesApi);
    ingressController.connectTo(waf);
    const { mesh, oidc } = this.environment;
    for (const { name } of SERVICES) {
      const routes = this.routes.filter(({ service }) => service === name);
      if (routes.length === 0) {
        continue;
      }
      const paths = routes.flatMap(({ path }) => [path, `${path}/*`]);
      const methods = [...new Set(routes.flatMap((route) => route.methods))];
      const service = this.service(name);
      waf.connectTo(service, { paths, methods });
      if (mesh.enabled && oidc) {
        const [server, client] = [service.deployment.pods, waf.pods];
        new RequiredTokens(service, 'required-tokens', { mesh, provider: oidc, server, client });
      }
    }
  }

  /** WAF -> login -> people's page, where there is a provider that the login can ask. */
  private connectPages(pages: Readonly<Record<PeoplePageName, Endpoint>>): void {
    const { oidc, _pages } = this.environment;
    for (const [index, { name }] of _pages.entries()) {
      const proxy = this.oidcProxies[index];
      this.boxes.waf.connectTo(proxy.http);
      proxy.deployment.connectTo(pages[name]);
      proxy.deployment.connectTo(oidc!.endpoint);
    }
  }

  /** Each service to what its code reads: its database, Kafka, Temporal, the collector, the services it calls. */
  private connectApplicationLayer(): void {
    const { mongodb, kafka, temporal, otelCollector } = this;
    for (const { name, database, topic, temporal: usesTemporal, calls = [] } of SERVICES) {
      const service = this.service(name);
      service.connectTo(otelCollector);
      if (database) {
        service.connectTo(mongodb);
      }
      if (topic) {
        service.connectTo(kafka);
      }
      if (usesTemporal) {
        service.connectTo(temporal);
      }
      for (const other of calls) {
        service.connectTo(this.service(other));
      }
      const worker = this.application.worker(name);
      worker?.connectTo(mongodb);
      worker?.connectTo(temporal);
    }
    // Arrows of the topology whose addresses the services' code does not read: the network drawing's order API to the
    // orchestrator, the mesh drawing's two proxies, and shipping to the carriers.
    const [order, picking] = [this.service('order-service'), this.service('picking-service')];
    order.deployment.connectTo(this.service('orchestrator'));
    order.deployment.connectTo(picking);
    picking.deployment.connectTo(order);
    this.service('shipping-service').deployment.connectTo(this.environment.carriers);
  }

  /** Temporal's four services, and the job that makes its schema, to its store. */
  private connectWorkflowLayer(store: IConnectable): void {
    for (const client of this.temporal._storeClients) {
      client.connectTo(store);
    }
  }

  /** Kafka to ZooKeeper, as far as it has not left it. */
  private connectMessageLayer(): void {
    for (const node of this.kafka.zookeeperClients) {
      node.connectTo(this.zookeeper!);
    }
  }

  /** Collector -> Tempo and Loki; Prometheus feeds Grafana, and so do the others. */
  private connectObservabilityLayer(): void {
    const { otelCollector, nodeLogAgent, prometheus, tempo, loki, grafana } = this.boxes;
    const { kubernetesApi, nodes, alerting } = this.environment;
    otelCollector.connectTo(tempo.endpointNamed('grpc-otlp'));
    otelCollector.connectTo(loki);
    otelCollector.connectTo(kubernetesApi);
    nodeLogAgent.connectTo(otelCollector);
    tempo.connectTo(prometheus);
    prometheus.connectTo(kubernetesApi);
    prometheus.connectTo(nodes);
    grafana.connectTo(prometheus);
    grafana.connectTo(tempo.endpointNamed('http'));
    grafana.connectTo(loki);
    this.kubeStateMetrics?.connectTo(kubernetesApi);
    if (this.alertmanager) {
      prometheus.connectTo(this.alertmanager);
      for (const receiver of alerting._endpoints) {
        this.alertmanager.statefulSet.connectTo(receiver);
      }
    }
  }

  private checkRoutes(routes: readonly PublicServiceRoute[]): readonly PublicServiceRoute[] {
    const open = [...new Set(TOPOLOGY_ROUTES.map(({ service }) => service))];
    for (const { path, service } of routes) {
      if (!open.includes(service)) {
        const what = SERVICES.some(({ name }) => name === service) ? 'is internal' : 'is unknown';
        throw invalid(this, `route ${path} leads to '${service}', which ${what}; ${oneOf(open)}`);
      }
    }
    return routes;
  }

  private declareBoxes({ mongodb }: WmsPlatformProps): Record<keyof typeof BOXES, Box> {
    const members: Partial<Record<string, number>> = { mongodb: mongodb?.members };
    const entries = Object.entries<BoxTopology>(BOXES);
    return Object.fromEntries(
      entries.map(([name, topology]) => [name, this._box(topology, PodsState.PENDING, { members: members[name] })]),
    ) as Record<keyof typeof BOXES, Box>;
  }
}

/** What of the services' APIs is public. */
const TOPOLOGY_ROUTES: readonly PublicServiceRoute[] = SERVICES.flatMap(({ name, publicRoutes = [] }) =>
  publicRoutes.map((route) => ({ ...route, service: name })),
);

/** The carriers' keys are settings of the one service that the topology connects to them. */
function withCarrierKeys(
  { _carrierKeys }: Environment,
  services: { readonly [name: string]: WmsServiceOverrides },
): { readonly [name: string]: WmsServiceOverrides } {
  const name = 'shipping-service';
  if (Object.keys(_carrierKeys).length === 0) {
    return services;
  }
  const secretSettings = { ..._carrierKeys, ...services[name]?.secretSettings };
  return { ...services, [name]: { ...services[name], secretSettings } };
}
