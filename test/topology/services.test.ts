import { SERVICES, STANDARD_RESOURCES } from '../../lib/topology/services';
import { amount, namespaceManifests, platformOf, production } from '../fixtures';
import { find } from '../manifest';

/** The topology's table of application services, and the ports, databases, topics and calls that their code has. */
const TABLE = [
  { name: 'order-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'waving-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'routing-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'picking-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'consolidation-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'packing-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'shipping-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'inventory-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'labor-service', replicas: 2, cpu: ['100m', '500m'], memory: ['128Mi', '512Mi'] },
  { name: 'orchestrator', replicas: 3, cpu: ['200m', '1000m'], memory: ['256Mi', '1Gi'] },
];

const CODE = [
  { name: 'order-service', port: 8001, database: 'orders_db', topic: 'wms.orders.events', temporal: true, calls: [] },
  {
    name: 'waving-service',
    port: 8002,
    database: 'waves_db',
    topic: 'wms.waves.events',
    temporal: true,
    calls: ['order-service'],
  },
  { name: 'routing-service', port: 8003, database: 'routing_db', topic: 'wms.routing.events', calls: [] },
  { name: 'picking-service', port: 8004, database: 'picking_db', topic: 'wms.picking.events', calls: [] },
  {
    name: 'consolidation-service',
    port: 8005,
    database: 'consolidation_db',
    topic: 'wms.consolidation.events',
    calls: [],
  },
  { name: 'packing-service', port: 8006, database: 'packing_db', topic: 'wms.packing.events', calls: [] },
  { name: 'shipping-service', port: 8007, database: 'shipping_db', topic: 'wms.shipping.events', calls: [] },
  { name: 'inventory-service', port: 8008, database: 'inventory_db', topic: 'wms.inventory.events', calls: [] },
  { name: 'labor-service', port: 8009, database: 'labor_db', topic: 'wms.labor.events', calls: [] },
  {
    name: 'orchestrator',
    port: 8080,
    temporal: true,
    calls: [
      'order-service',
      'waving-service',
      'routing-service',
      'picking-service',
      'consolidation-service',
      'packing-service',
      'shipping-service',
      'inventory-service',
      'labor-service',
    ],
  },
];

const service = (name: string) => SERVICES.find((s) => s.name === name)!;
const where = (condition: (s: (typeof SERVICES)[number]) => unknown) =>
  SERVICES.filter(condition).map(({ name }) => name);

describe('the services of the topology', () => {
  it("are the topology's ten, in its order", () => {
    expect(SERVICES.map(({ name }) => name)).toEqual(TABLE.map(({ name }) => name));
  });

  it.each(TABLE)("gives $name the topology's replicas and resources", ({ name, replicas, cpu, memory }) => {
    expect(service(name).replicas).toBe(replicas);
    expect(service(name).resources).toEqual({
      cpuRequest: cpu[0],
      memoryRequest: memory[0],
      cpuLimit: cpu[1],
      memoryLimit: memory[1],
    });
  });

  it.each(CODE)('gives $name the port, database, topic and calls of its code', (code) => {
    const { name, port, database, topic, temporal, calls = [] } = service(code.name);
    expect({ name, port, database, topic, temporal, calls }).toEqual(code);
  });

  it('have a port of their own each', () => {
    expect(new Set(SERVICES.map(({ port }) => port)).size).toBe(10);
  });

  it.each([
    ['picking-service', 'picking-queue'],
    ['consolidation-service', 'consolidation-queue'],
    ['packing-service', 'packing-queue'],
    ['shipping-service', 'shipping-queue'],
  ])('gives %s a worker with two pods that polls %s', (name, taskQueue) => {
    expect(service(name).worker).toEqual({ command: ['/app/worker'], replicas: 2, taskQueue });
  });

  it('have four workers altogether', () => {
    expect(where((s) => s.worker)).toHaveLength(4);
  });

  it('are public where the topology draws them behind the WAF, by the prefixes and methods of their API', () => {
    const routes = SERVICES.flatMap(({ name, publicRoutes = [] }) =>
      publicRoutes.map(({ path, methods }) => `${name} ${path} ${methods.join(' ')}`),
    );
    expect(routes).toEqual([
      'order-service /api/v1/orders GET POST PUT',
      'order-service /api/v1/reprocessing GET POST',
      'order-service /api/v1/dead-letter-queue GET PATCH',
      'waving-service /api/v1/waves DELETE GET POST PUT',
      'waving-service /api/v1/planning GET POST',
      'waving-service /api/v1/scheduler GET POST',
      'picking-service /api/v1/tasks GET POST',
    ]);
  });

  it('read their port from SERVER_ADDR, but the orchestrator from HEALTH_PORT', () => {
    expect(where((s) => s.portVariable)).toEqual(['orchestrator']);
    expect(service('orchestrator').portVariable).toBe('HEALTH_PORT');
  });

  it('have settings of their own only in waving-service', () => {
    expect(where((s) => s.settings)).toEqual(['waving-service']);
    expect(service('waving-service').settings).toEqual({
      CONTINUOUS_WAVING_ENABLED: 'false',
      CONTINUOUS_WAVING_INTERVAL: '60s',
      CONTINUOUS_WAVING_BATCH_SIZE: '50',
      CONTINUOUS_WAVING_MIN_ORDERS: '5',
      CONTINUOUS_WAVING_MAX_WAIT: '15m',
    });
  });

  it('give the longest shutdown to the orchestrator alone', () => {
    expect(where((s) => s.shutdownSeconds)).toEqual(['orchestrator']);
    expect(service('orchestrator').shutdownSeconds).toBe(45);
  });

  it("give guests the row of the topology's nine equal services", () => {
    expect(STANDARD_RESOURCES).toEqual({
      cpuRequest: '100m',
      memoryRequest: '128Mi',
      cpuLimit: '500m',
      memoryLimit: '512Mi',
    });
  });
});

describe('the production manifests', () => {
  const manifests = namespaceManifests(platformOf(production()).app, 'wms-platform');

  it.each(TABLE)("run $name with the topology's replicas and resources", ({ name, replicas, cpu, memory }) => {
    const { resources } = find(manifests, 'Deployment', name).spec.template.spec.containers[0];
    const inThousandths = (amounts: Record<string, string>) => [amount(amounts.cpu), amount(amounts.memory)];
    expect(inThousandths(resources.requests)).toEqual([amount(cpu[0]), amount(memory[0])]);
    expect(inThousandths(resources.limits)).toEqual([amount(cpu[1]), amount(memory[1])]);
    expect(find(manifests, 'HorizontalPodAutoscaler', name).spec).toMatchObject({ minReplicas: replicas });
  });

  it.each(CODE)('serve $name at its port', ({ name, port }) => {
    expect(find(manifests, 'Service', name).spec).toMatchObject({ ports: [{ name: 'http', port }] });
    expect(find(manifests, 'Deployment', name).spec.template.spec.containers[0].ports).toEqual([
      { name: 'http', containerPort: port, protocol: 'TCP' },
    ]);
  });
});
