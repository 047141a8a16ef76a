import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { Pods } from '../../lib/connections/pods';
import { Service } from '../../lib/workload/service';
import { find } from '../manifest';
import { testChart } from './fixtures';

const IDENTITY = { box: 'orders', workload: 'orders-api', component: 'api' };
const PODS = new Pods('test', IDENTITY);

const service = (name = 'orders') => new Service(new Construct(testChart(), 'parent'), 'service', name, IDENTITY);

const endpoint = (name: string, port: number, kind = EndpointKind.HTTP) =>
  new Endpoint({ pods: PODS, name, kind, port, host: 'orders.test.svc.cluster.local' });

describe('Service', () => {
  it('is a ClusterIP in front of the pods of its workload', () => {
    expect(find(service(), 'Service')).toMatchObject({
      metadata: {
        name: 'orders',
        namespace: 'test',
        labels: { 'app.kubernetes.io/name': 'orders', 'app.kubernetes.io/component': 'api' },
        annotations: { 'argocd.argoproj.io/sync-wave': '50' },
      },
      spec: {
        type: 'ClusterIP',
        selector: { 'app.kubernetes.io/name': 'orders', 'app.kubernetes.io/instance': 'orders-api' },
        ports: [],
      },
    });
  });

  it('has the ports of its containers, by number, whatever the order in which they are added', () => {
    const orders = service();
    orders.addPort(endpoint('metrics', 9090, EndpointKind.METRICS));
    orders.addPort(endpoint('http', 8080));
    expect(find(orders, 'Service').spec.ports).toEqual([
      { name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
      { name: 'metrics', port: 9090, targetPort: 'metrics', protocol: 'TCP', appProtocol: 'http' },
    ]);
  });

  const PROTOCOLS: Record<EndpointKind, string> = {
    [EndpointKind.HTTP]: 'http',
    [EndpointKind.METRICS]: 'http',
    [EndpointKind.OTLP]: 'grpc',
    [EndpointKind.TEMPORAL]: 'grpc',
    [EndpointKind.MONGODB]: 'tcp',
    [EndpointKind.KAFKA]: 'tcp',
    [EndpointKind.POSTGRESQL]: 'tcp',
    [EndpointKind.ZOOKEEPER]: 'tcp',
  };
  it.each(Object.entries(PROTOCOLS))('says that %s is spoken as %s', (kind, appProtocol) => {
    const orders = service();
    orders.addPort(endpoint('port', 1234, kind as EndpointKind));
    expect(find(orders, 'Service').spec.ports).toMatchObject([{ appProtocol }]);
  });

  it('refuses a name that is none', () => {
    expect(() => service('0rders')).toThrow(
      `[test/parent/service] '0rders' is no Service name; allowed: lower-case letters, digits and '-'`,
    );
  });
});
