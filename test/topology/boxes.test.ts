import { BOXES, BoxTopology } from '../../lib/topology/boxes';
import { NAMESPACES } from '../../lib/topology/namespaces';

const boxes = Object.entries<BoxTopology>(BOXES);

describe('the boxes of the topology', () => {
  it('run where the topology draws them, and serve these ports', () => {
    const written = boxes.map(([name, { namespace, workload, endpoints }]) => [
      name,
      `${namespace}/${workload}`,
      Object.entries(endpoints).map(([port, endpoint]) => `${port} ${endpoint.port} ${endpoint.kind}`),
    ]);
    expect(written).toEqual([
      ['ingressController', 'ingress/ingress-controller', ['websecure 8443 http', 'web 8000 http']],
      ['waf', 'ingress/waf', ['http 8080 http']],
      ['temporalFrontend', 'temporal/temporal-frontend', ['grpc-frontend 7233 temporal']],
      ['temporalHistory', 'temporal/temporal-history', []],
      ['temporalMatching', 'temporal/temporal-matching', []],
      ['temporalWorker', 'temporal/temporal-worker', []],
      ['postgresql', 'temporal/postgresql', ['tcp-postgresql 5432 postgresql']],
      ['kafka', 'kafka/kafka', ['tcp-client 9092 kafka']],
      ['zookeeper', 'kafka/zookeeper', ['tcp-client 2181 zookeeper']],
      ['mongodb', 'mongodb/mongodb', ['tcp-mongodb 27017 mongodb']],
      ['otelCollector', 'observability/otel-collector', ['grpc-otlp 4317 otlp']],
      ['nodeLogAgent', 'node-log-agent/node-log-agent', []],
      ['prometheus', 'observability/prometheus', ['http 9090 http']],
      ['tempo', 'observability/tempo', ['http 3200 http', 'grpc-otlp 4317 otlp']],
      ['loki', 'observability/loki', ['http 3100 http']],
      ['grafana', 'observability/grafana', ['http 3000 http']],
    ]);
  });

  it('leave the application namespace to the services', () => {
    expect(boxes.map(([, { namespace }]) => namespace)).not.toContain(NAMESPACES.wmsPlatform.name);
  });

  it('are known member by member only in MongoDB, which has three', () => {
    expect(boxes.filter(([, { members }]) => members).map(([name, { members }]) => [name, members])).toEqual([
      ['mongodb', 3],
    ]);
  });

  it("are one component only in Temporal's four services", () => {
    expect(boxes.filter(([, { box }]) => box).map(([name, { box }]) => `${name} of ${box}`)).toEqual([
      'temporalFrontend of temporal',
      'temporalHistory of temporal',
      'temporalMatching of temporal',
      'temporalWorker of temporal',
    ]);
  });

  it('have a name of their own in their namespace each', () => {
    expect(new Set(boxes.map(([, { namespace, workload }]) => `${namespace}/${workload}`)).size).toBe(boxes.length);
  });
});
