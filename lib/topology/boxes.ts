import { EndpointKind } from '../connections/endpoint';
import { COMPONENTS } from './components';
import { NAMESPACES } from './namespaces';

/** A port that a box of the topology serves to other boxes. */
export interface EndpointTopology {
  readonly port: number;
  readonly kind: EndpointKind;
}

/** A box of the topology's diagrams: where it runs, what its objects are called, what it serves. */
export interface BoxTopology {
  readonly namespace: string;
  /** The name of its objects. */
  readonly workload: string;
  /** The component it is a part of, where that has another name. */
  readonly box?: string;
  readonly component: string;
  /** How many members clients must know by name, in the topology's figures. */
  readonly members?: number;
  /** Its endpoints by port name; the first is the main one. */
  readonly endpoints: Readonly<Record<string, EndpointTopology>>;
}

const { ingress, temporal, kafka, mongodb, observability, nodeLogAgent } = NAMESPACES;

/** The boxes that are not application services. Their components run these very pods and serve these endpoints. */
export const BOXES = {
  ingressController: {
    namespace: ingress.name,
    workload: 'ingress-controller',
    component: 'ingress-controller',
    endpoints: {
      websecure: { port: 8443, kind: EndpointKind.HTTP },
      web: { port: 8000, kind: EndpointKind.HTTP },
    },
  },
  waf: {
    namespace: ingress.name,
    workload: 'waf',
    component: 'web-application-firewall',
    endpoints: { http: { port: 8080, kind: EndpointKind.HTTP } },
  },
  temporalFrontend: {
    namespace: temporal.name,
    workload: 'temporal-frontend',
    box: 'temporal',
    component: 'frontend',
    endpoints: { 'grpc-frontend': { port: 7233, kind: EndpointKind.TEMPORAL } },
  },
  temporalHistory: {
    namespace: temporal.name,
    workload: 'temporal-history',
    box: 'temporal',
    component: 'history',
    endpoints: {},
  },
  temporalMatching: {
    namespace: temporal.name,
    workload: 'temporal-matching',
    box: 'temporal',
    component: 'matching',
    endpoints: {},
  },
  temporalWorker: {
    namespace: temporal.name,
    workload: 'temporal-worker',
    box: 'temporal',
    component: 'worker',
    endpoints: {},
  },
  postgresql: {
    namespace: temporal.name,
    workload: 'postgresql',
    component: 'database',
    endpoints: { 'tcp-postgresql': { port: 5432, kind: EndpointKind.POSTGRESQL } },
  },
  kafka: {
    namespace: kafka.name,
    workload: 'kafka',
    component: 'broker',
    endpoints: { 'tcp-client': { port: 9092, kind: EndpointKind.KAFKA } },
  },
  zookeeper: {
    namespace: kafka.name,
    workload: 'zookeeper',
    component: 'coordination',
    endpoints: { 'tcp-client': { port: 2181, kind: EndpointKind.ZOOKEEPER } },
  },
  mongodb: {
    namespace: mongodb.name,
    workload: 'mongodb',
    component: 'database',
    members: COMPONENTS.mongodb.replicas,
    endpoints: { 'tcp-mongodb': { port: 27017, kind: EndpointKind.MONGODB } },
  },
  otelCollector: {
    namespace: observability.name,
    workload: 'otel-collector',
    component: 'telemetry-gateway',
    endpoints: { 'grpc-otlp': { port: 4317, kind: EndpointKind.OTLP } },
  },
  nodeLogAgent: {
    namespace: nodeLogAgent.name,
    workload: 'node-log-agent',
    component: 'log-agent',
    endpoints: {},
  },
  prometheus: {
    namespace: observability.name,
    workload: 'prometheus',
    component: 'metrics',
    endpoints: { http: { port: 9090, kind: EndpointKind.HTTP } },
  },
  tempo: {
    namespace: observability.name,
    workload: 'tempo',
    component: 'traces',
    endpoints: {
      http: { port: 3200, kind: EndpointKind.HTTP },
      'grpc-otlp': { port: 4317, kind: EndpointKind.OTLP },
    },
  },
  loki: {
    namespace: observability.name,
    workload: 'loki',
    component: 'logs',
    endpoints: { http: { port: 3100, kind: EndpointKind.HTTP } },
  },
  grafana: {
    namespace: observability.name,
    workload: 'grafana',
    component: 'dashboards',
    endpoints: { http: { port: 3000, kind: EndpointKind.HTTP } },
  },
} as const satisfies Record<string, BoxTopology>;
