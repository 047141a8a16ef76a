import { Endpoint, EndpointKind, Pods } from '../../lib';
import { Scraper } from '../../lib/connections/scraper';
import { PodsState } from '../../lib/connections/pods-state';
import { testChart } from '../workload/fixtures';

function make() {
  const chart = testChart();
  const podsOf = (workload: string) =>
    new Pods('test', { box: workload, workload, component: 'api' })._claim(PodsState.STANDING, chart);
  const scraper = new Scraper(podsOf('prometheus'));
  const target = (pods: Pods, name: string, port: number, alsoAsked = false) => {
    const endpoint = new Endpoint({ pods, name, kind: EndpointKind.METRICS, port, host: 'orders.test.svc' });
    return { application: endpoint, endpoint, path: '/metrics', honorLabels: false, alsoAsked, runs: () => true };
  };
  return { scraper, podsOf, target };
}

describe('what scrapes', () => {
  it('has a job for each page: the first of a workload is called as the workload, others by their port', () => {
    const { scraper, podsOf, target } = make();
    const orders = podsOf('orders');
    scraper.add(target(podsOf('stock'), 'http', 8080));
    scraper.add(target(orders, 'metrics', 9090));
    scraper.add(target(orders, 'exporter', 9091));
    expect(scraper.jobs.map(([job]) => job)).toEqual(['test/orders', 'test/orders/exporter', 'test/stock']);
  });

  it('is connected to each page, for reading it alone', () => {
    const { scraper, podsOf, target } = make();
    scraper.add(target(podsOf('orders'), 'metrics', 9090));
    expect(scraper.pods._opened).toMatchObject([
      { server: { portName: 'metrics' }, options: { methods: ['GET'], paths: ['/metrics'] } },
    ]);
  });

  it('is connected without limits to what it asks other things, too', () => {
    const { scraper, podsOf, target } = make();
    scraper.add(target(podsOf('orders'), 'http', 8080, true));
    expect(scraper.pods._opened).toMatchObject([{ server: { portName: 'http' }, options: {} }]);
  });

  it('is not connected to itself', () => {
    const { scraper, target } = make();
    scraper.add(target(scraper.pods, 'http', 9090));
    expect(scraper.jobs).toHaveLength(1);
    expect(scraper.pods._opened).toEqual([]);
  });

  it('refuses a second job of one name', () => {
    const { scraper, podsOf, target } = make();
    scraper.add(target(podsOf('orders'), 'http', 8080));
    expect(() => scraper.add(target(podsOf('orders'), 'http', 8081))).toThrow(
      "[test] the scrape job 'test/orders' is there twice; allowed: one workload of that name, with one page a port",
    );
  });
});
