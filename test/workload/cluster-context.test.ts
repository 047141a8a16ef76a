import { Construct } from 'constructs';
import { Dns } from '../../lib/connections/dns';
import { Pods } from '../../lib/connections/pods';
import { Scraper } from '../../lib/connections/scraper';
import { Mesh } from '../../lib/mesh/mesh';
import { SecretsBackend } from '../../lib/secrets/secrets-backend';
import { Tls } from '../../lib/tls/tls';
import { ClusterContext, clusterContext, setClusterContext } from '../../lib/workload/cluster-context';
import { ImagePolicy } from '../../lib/workload/images';
import { Deployment } from '../../lib/workload/deployment';
import { EndpointKind } from '../../lib/connections/endpoint';
import { find, templateOf } from '../manifest';
import { LISTENING, MINIMAL, testChart } from './fixtures';

const everything = (scraper: Pods): Required<ClusterContext> => ({
  environmentName: 'staging',
  clusterDomain: 'cluster.example',
  dns: new Dns({ namespace: 'dns-system' }),
  images: new ImagePolicy({ allowLatest: true }),
  secrets: SecretsBackend.plain(),
  tls: Tls.none(),
  mesh: Mesh.off(),
  restartOnSecretChange: true,
  secretStores: new Set(['theirs']),
  scraper: new Scraper(scraper),
});

describe('clusterContext', () => {
  it('is that of a bare cluster where nobody has set one', () => {
    const context = clusterContext(testChart());
    expect(context).toMatchObject({ environmentName: 'development', clusterDomain: 'cluster.local' });
    expect(context.images.of('loki')).toBe(new ImagePolicy().of('loki'));
    expect(context.secrets).toStrictEqual(SecretsBackend.plain());
    expect(context.secretStores.size).toBe(0);
    expect(context.scraper).toBeUndefined();
  });

  it('is that of the nearest scope which has one', () => {
    const chart = testChart();
    const { pods } = new Deployment(chart, 'prometheus', MINIMAL);
    const [outer, inner] = [everything(pods), everything(pods)];
    const [parent, sibling] = [new Construct(chart, 'parent'), new Construct(chart, 'sibling')];
    setClusterContext(chart, outer);
    setClusterContext(parent, inner);
    expect(clusterContext(new Construct(parent, 'child'))).toBe(inner);
    expect(clusterContext(parent)).toBe(inner);
    expect(clusterContext(sibling)).toBe(outer);
  });

  it('reaches the workloads below it', () => {
    const chart = testChart();
    const context = everything(new Deployment(chart, 'prometheus', MINIMAL).pods);
    setClusterContext(chart, context);
    const containers = [{ ...LISTENING.containers[0], image: 'main:latest' }];
    const orders = new Deployment(chart, 'orders', { ...LISTENING, containers });
    const endpoint = orders.addEndpoint('http', EndpointKind.HTTP);
    orders.addMetrics(endpoint, '/stats');
    const stock = new Deployment(chart, 'stock', LISTENING);
    stock.connectTo(endpoint);

    expect(endpoint.host).toBe('orders.test.svc.cluster.example');
    expect(templateOf(find(chart, 'Deployment', 'orders')).spec).toMatchObject({
      containers: [{ image: 'main:latest' }],
    });
    expect(JSON.stringify(find(chart, 'NetworkPolicy', 'stock').spec.egress)).toContain('"dns-system"');
    expect(context.scraper.pods._opened).toEqual([
      { client: context.scraper.pods, server: endpoint, options: { methods: ['GET'], paths: ['/stats'] } },
    ]);
  });
});
