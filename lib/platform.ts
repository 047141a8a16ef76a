import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { WmsService } from './components/wms-service';
import { WmsServiceWorker } from './components/wms-service-worker';
import { Box } from './connections/box';
import { Connection } from './connections/connection';
import { connectionsOf, topologyDiagram } from './connections/diagram';
import { ExternalEndpoint } from './connections/external-endpoint';
import { PodsState } from './connections/pods-state';
import { Environment } from './environment';
import { invalid, oneOf } from './errors';
import { ImportedWmsPlatform } from './imported-platform';
import { ClusterScoped } from './namespaces/cluster';
import { IngressNamespace } from './namespaces/ingress';
import { KafkaNamespace } from './namespaces/kafka';
import { MongoDbNamespace } from './namespaces/mongodb';
import { NodeLogAgentNamespace } from './namespaces/node-log-agent';
import { ObservabilityNamespace } from './namespaces/observability';
import { TemporalNamespace } from './namespaces/temporal';
import { guestFootprints, WmsPlatformNamespace, WmsServiceOverrides } from './namespaces/wms-platform';
import { BOXES, BoxTopology } from './topology/boxes';
import { SERVICES } from './topology/services';
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
  public readonly mongodb: Box;

  /** The Kafka cluster. */
  public readonly kafka: Box;

  /** Temporal's frontend. */
  public readonly temporal: Box;

  /** The OpenTelemetry collector. */
  public readonly otelCollector: Box;

  private readonly application: WmsPlatformNamespace;
  private readonly boxes: Record<keyof typeof BOXES, Box>;

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
    this.boxes = this.declareBoxes();
    this._setClusterContext(this.boxes.prometheus.pods, []);
    this.mongodb = this.boxes.mongodb;
    this.kafka = this.boxes.kafka;
    this.temporal = this.boxes.temporalFrontend;
    this.otelCollector = this.boxes.otelCollector;

    this.application = this.createNamespaces(app, props);

    this.connectIngressLayer();
    this.connectApplicationLayer();
    this.connectWorkflowLayer();
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

  private createNamespaces(app: App, { environment, services = {} }: WmsPlatformProps): WmsPlatformNamespace {
    const { access, sizing, guestServices, provider } = environment;
    const { boxes } = this;
    new ClusterScoped(app, { ssd: provider.ssd });
    new KafkaNamespace(app, { access, environment, boxes });
    new MongoDbNamespace(app, { access, environment, boxes });
    new TemporalNamespace(app, { access, environment, boxes });
    new ObservabilityNamespace(app, { access });
    new NodeLogAgentNamespace(app, { access });
    new IngressNamespace(app, { access });
    return new WmsPlatformNamespace(app, {
      access,
      guests: guestFootprints(guestServices, sizing),
      sizing,
      image: (service) => environment.serviceImage(service),
      overrides: services,
    });
  }

  /** Internet -> load balancer -> Ingress -> WAF -> order, waving and picking service. */
  private connectIngressLayer(): void {
    const { ingressController, waf } = this.boxes;
    const internet = new ExternalEndpoint('internet');
    internet.connectTo(ingressController.endpointNamed('web'));
    internet.connectTo(ingressController.endpointNamed('websecure'));
    ingressController.connectTo(this.environment.kubernetesApi);
    ingressController.connectTo(waf);
    for (const { name } of SERVICES.filter((s) => s.publicPaths)) {
      waf.connectTo(this.service(name));
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

  /** Temporal's four roles to its store. */
  private connectWorkflowLayer(): void {
    const { temporalFrontend, temporalHistory, temporalMatching, temporalWorker, postgresql } = this.boxes;
    for (const role of [temporalFrontend, temporalHistory, temporalMatching, temporalWorker]) {
      role.connectTo(postgresql);
    }
  }

  /** Kafka's brokers to ZooKeeper. */
  private connectMessageLayer(): void {
    this.boxes.kafka.connectTo(this.boxes.zookeeper);
  }

  /** Collector -> Tempo and Loki; Prometheus feeds Grafana, and so do the others. */
  private connectObservabilityLayer(): void {
    const { otelCollector, nodeLogAgent, prometheus, tempo, loki, grafana } = this.boxes;
    const { kubernetesApi } = this.environment;
    otelCollector.connectTo(tempo.endpointNamed('grpc-otlp'));
    otelCollector.connectTo(loki);
    otelCollector.connectTo(kubernetesApi);
    nodeLogAgent.connectTo(otelCollector);
    tempo.connectTo(prometheus);
    prometheus.connectTo(kubernetesApi);
    grafana.connectTo(prometheus);
    grafana.connectTo(tempo.endpointNamed('http'));
    grafana.connectTo(loki);
  }

  private declareBoxes(): Record<keyof typeof BOXES, Box> {
    const entries = Object.entries<BoxTopology>(BOXES);
    return Object.fromEntries(
      entries.map(([name, topology]) => [name, this._box(topology, PodsState.PENDING)]),
    ) as Record<keyof typeof BOXES, Box>;
  }
}
