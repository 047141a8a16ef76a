import { PublicRoute } from './public-routes';
import { Resources } from '../workload/resources';

/** The second binary of a service: a Temporal worker that polls a task queue, without a port. */
export interface WorkerTopology {
  readonly command: readonly string[];
  readonly taskQueue: string;
  readonly replicas: number;
}

/** A row of the topology's table of application services, with what the service reads and calls. */
export interface ServiceTopology {
  readonly name: string;
  readonly replicas: number;
  readonly resources: Resources;
  readonly port: number;
  /** The variable that carries its port, where that is not `SERVER_ADDR`. */
  readonly portVariable?: string;
  /** Its own database; with it, it publishes its events to Kafka. */
  readonly database?: string;
  readonly topic?: string;
  /** Whether the service itself, not only its worker, talks to Temporal. */
  readonly temporal?: boolean;
  /** Services it calls over HTTP, and so is told the URLs of. */
  readonly calls?: readonly string[];
  /** What of its API is reached from the internet, for the services the topology draws behind the WAF. */
  readonly publicRoutes?: readonly PublicRoute[];
  readonly worker?: WorkerTopology;
  /** Settings of its own, with the values its code defaults to. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Seconds from the signal to end until it has ended by itself, where that is not the usual. */
  readonly shutdownSeconds?: number;
}

/** The services' code gives requests 10 seconds and traces 5; the rest is for the outbox and the connections. */
export const SHUTDOWN_SECONDS = 30;

const STANDARD: Resources = { cpuRequest: '100m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '512Mi' };

const WORKER = { command: ['/app/worker'], replicas: 2 } as const;

const NINE = [
  'order-service',
  'waving-service',
  'routing-service',
  'picking-service',
  'consolidation-service',
  'packing-service',
  'shipping-service',
  'inventory-service',
  'labor-service',
];

/** The topology's ten application services, in its order. */
export const SERVICES: readonly ServiceTopology[] = [
  {
    name: 'order-service',
    replicas: 2,
    resources: STANDARD,
    port: 8001,
    database: 'orders_db',
    topic: 'wms.orders.events',
    temporal: true,
    publicRoutes: [
      { path: '/api/v1/orders', methods: ['GET', 'POST', 'PUT'] },
      { path: '/api/v1/reprocessing', methods: ['GET', 'POST'] },
      { path: '/api/v1/dead-letter-queue', methods: ['GET', 'PATCH'] },
    ],
  },
  {
    name: 'waving-service',
    replicas: 2,
    resources: STANDARD,
    port: 8002,
    database: 'waves_db',
    topic: 'wms.waves.events',
    temporal: true,
    calls: ['order-service'],
    publicRoutes: [
      { path: '/api/v1/waves', methods: ['DELETE', 'GET', 'POST', 'PUT'] },
      { path: '/api/v1/planning', methods: ['GET', 'POST'] },
      { path: '/api/v1/scheduler', methods: ['GET', 'POST'] },
    ],
    settings: {
      CONTINUOUS_WAVING_ENABLED: 'false',
      CONTINUOUS_WAVING_INTERVAL: '60s',
      CONTINUOUS_WAVING_BATCH_SIZE: '50',
      CONTINUOUS_WAVING_MIN_ORDERS: '5',
      CONTINUOUS_WAVING_MAX_WAIT: '15m',
    },
  },
  {
    name: 'routing-service',
    replicas: 2,
    resources: STANDARD,
    port: 8003,
    database: 'routing_db',
    topic: 'wms.routing.events',
  },
  {
    name: 'picking-service',
    replicas: 2,
    resources: STANDARD,
    port: 8004,
    database: 'picking_db',
    topic: 'wms.picking.events',
    worker: { ...WORKER, taskQueue: 'picking-queue' },
    publicRoutes: [{ path: '/api/v1/tasks', methods: ['GET', 'POST'] }],
  },
  {
    name: 'consolidation-service',
    replicas: 2,
    resources: STANDARD,
    port: 8005,
    database: 'consolidation_db',
    topic: 'wms.consolidation.events',
    worker: { ...WORKER, taskQueue: 'consolidation-queue' },
  },
  {
    name: 'packing-service',
    replicas: 2,
    resources: STANDARD,
    port: 8006,
    database: 'packing_db',
    topic: 'wms.packing.events',
    worker: { ...WORKER, taskQueue: 'packing-queue' },
  },
  {
    name: 'shipping-service',
    replicas: 2,
    resources: STANDARD,
    port: 8007,
    database: 'shipping_db',
    topic: 'wms.shipping.events',
    worker: { ...WORKER, taskQueue: 'shipping-queue' },
  },
  {
    name: 'inventory-service',
    replicas: 2,
    resources: STANDARD,
    port: 8008,
    database: 'inventory_db',
    topic: 'wms.inventory.events',
  },
  {
    name: 'labor-service',
    replicas: 2,
    resources: STANDARD,
    port: 8009,
    database: 'labor_db',
    topic: 'wms.labor.events',
  },
  {
    name: 'orchestrator',
    replicas: 3,
    resources: { cpuRequest: '200m', memoryRequest: '256Mi', cpuLimit: '1000m', memoryLimit: '1Gi' },
    port: 8080,
    portVariable: 'HEALTH_PORT',
    temporal: true,
    calls: NINE,
    shutdownSeconds: 45,
  },
];

/** The resources that the topology gives to every service but the orchestrator; a guest that names none gets them too. */
export const STANDARD_RESOURCES = STANDARD;
