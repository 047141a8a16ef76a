import { App, Chart, Cron } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { Pods } from '../../lib/connections/pods';
import { CronJob } from '../../lib/workload/cron-job';
import { DaemonSet } from '../../lib/workload/daemon-set';
import { Deployment } from '../../lib/workload/deployment';
import { Job } from '../../lib/workload/job';
import { StatefulSet } from '../../lib/workload/stateful-set';
import { clusterContext, setClusterContext } from '../../lib/workload/cluster-context';
import { Workload, WorkloadProps } from '../../lib/workload/workload';
import { find, findAll, templateOf } from '../manifest';
import {
  CONTAINER,
  everyWorkloadProp,
  expectEveryWorkloadProp,
  LISTENING,
  MINIMAL,
  SELECTOR,
  testChart,
} from './fixtures';

type Build = (scope: Construct, id: string, props: WorkloadProps) => Workload;

const KINDS: Record<string, Build> = {
  Deployment: (scope, id, props) => new Deployment(scope, id, props),
  StatefulSet: (scope, id, props) => new StatefulSet(scope, id, props),
  DaemonSet: (scope, id, props) => new DaemonSet(scope, id, { ...props, maxNodes: 3 }),
  Job: (scope, id, props) => new Job(scope, id, props),
  CronJob: (scope, id, props) => new CronJob(scope, id, { ...props, schedule: Cron.daily() }),
};

const orders = (props: Partial<WorkloadProps> = {}) =>
  new Deployment(testChart(), 'orders', { ...LISTENING, ...props });

const podsNamed = (workload: string, namespace = 'test', box = workload) =>
  new Pods(namespace, { box, workload, component: 'api' });

const endpointOf = (pods: Pods, name = 'http', port = 8080, host = 'orders.test.svc.cluster.local') =>
  new Endpoint({ pods, name, kind: EndpointKind.HTTP, port, host });

describe.each(Object.entries(KINDS))('a workload that is a %s', (kind, build) => {
  it('is called as its construct, in the layer of its namespace', () => {
    const workload = build(testChart(), 'orders', MINIMAL);
    expect(workload).toMatchObject({ name: 'orders', namespace: 'test', endpoints: [], metrics: [] });
    const object = find(workload, kind);
    expect(object.metadata).toMatchObject({
      name: expect.stringMatching(/^orders(-[0-9a-f]{10})?$/),
      namespace: 'test',
      labels: { ...SELECTOR, 'app.kubernetes.io/component': 'api' },
      annotations: { 'argocd.argoproj.io/sync-wave': '50' },
    });
    expect(templateOf(object).metadata).toEqual({ labels: object.metadata.labels });
  });

  it('renders every property', () => {
    const every: Required<WorkloadProps> = everyWorkloadProp();
    new ExternalEndpoint('outside').connectTo(endpointOf(every.pods));
    const workload = build(testChart(), 'orders', every);
    expect(workload.pods).toBe(every.pods);
    expectEveryWorkloadProp(find(workload, kind));
    expect(find(workload, 'NetworkPolicy').spec.ingress).toMatchObject([{ ports: [{ port: 8080 }] }]);
  });

  it('refuses a chart without namespace', () => {
    expect(() => build(new Chart(new App(), 'test'), 'orders', MINIMAL)).toThrow(
      '[test/orders] its chart has no namespace; allowed: a chart with props.namespace',
    );
  });

  it('refuses a name that is no DNS label or too long', () => {
    expect(() => build(testChart(), 'orders', { ...MINIMAL, name: 'Orders' })).toThrow(
      `[test/orders] 'Orders' is no ${kind} name; allowed: lower-case letters, digits and '-'`,
    );
    const longest = ['Deployment', 'DaemonSet'].includes(kind) ? 63 : 52;
    const name = 'x'.repeat(longest + 1);
    expect(() => build(testChart(), 'orders', { ...MINIMAL, name })).toThrow(
      `[test/orders] '${name}' has ${longest + 1} characters; allowed for a ${kind}: at most ${longest}`,
    );
    expect(build(testChart(), 'orders', { ...MINIMAL, name: 'x'.repeat(longest) }).name).toHaveLength(longest);
  });
});

describe('a workload', () => {
  it('has an account without token and a policy that lets nothing through', () => {
    const chart = testChart();
    new Deployment(chart, 'orders', MINIMAL);
    expect(find(chart, 'ServiceAccount')).toMatchObject({
      metadata: { name: 'orders', annotations: { 'argocd.argoproj.io/sync-wave': '2' } },
      automountServiceAccountToken: false,
    });
    const { metadata, spec } = find(chart, 'NetworkPolicy');
    expect(metadata).toMatchObject({ name: 'orders', annotations: { 'argocd.argoproj.io/sync-wave': '2' } });
    expect(spec).toEqual({ podSelector: { matchLabels: SELECTOR }, policyTypes: ['Ingress', 'Egress'] });
    expect(findAll(chart).map(({ kind }) => kind)).toEqual(['ServiceAccount', 'NetworkPolicy', 'Deployment']);
  });

  it('may have another name than its construct', () => {
    expect(orders({ name: 'other' }).name).toBe('other');
    expect(orders({ name: 'other' }).pods.name).toBe('test/other');
  });

  it('opens what it connects to, on both sides', () => {
    const chart = testChart();
    const [server, client] = ['server', 'client'].map((id) => new Deployment(chart, id, LISTENING));
    client.connectTo(server.addEndpoint('http', EndpointKind.HTTP), { methods: ['GET'] });
    const peer = (name: string) => [
      { podSelector: { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } } },
    ];
    const ports = [{ protocol: 'TCP', port: 8080 }];
    expect(find(chart, 'NetworkPolicy', 'server').spec.ingress).toEqual([{ from: peer('client'), ports }]);
    expect(find(chart, 'NetworkPolicy', 'client').spec.egress).toContainEqual({ to: peer('server'), ports });
    expect(client.pods._opened[0].options).toEqual({ methods: ['GET'] });
  });

  it('lets its own pods connect to each other', () => {
    const set = orders();
    set.connectToPeers(set.addEndpoint('http', EndpointKind.HTTP));
    expect(find(set, 'NetworkPolicy').spec).toMatchObject({
      ingress: [{ from: [{ podSelector: { matchLabels: SELECTOR } }], ports: [{ port: 8080 }] }],
      egress: [{ to: [{ podSelector: { matchLabels: SELECTOR } }], ports: [{ port: 8080 }] }, { ports: [{}, {}] }],
    });
  });

  it('reports a connection to pods that nothing runs', () => {
    const client = orders();
    client.connectTo(endpointOf(podsNamed('nobody')));
    expect(client.node.validate()).toEqual([
      'dangling connection test/orders -> test/nobody:8080: nothing runs the pods test/nobody; allowed: pods of a workload',
    ]);
  });
});

describe('an endpoint of a workload', () => {
  it('is a port of a Service of its name', () => {
    const workload = orders();
    const metrics = workload.addEndpoint('metrics', EndpointKind.METRICS);
    const http = workload.addEndpoint('http', EndpointKind.HTTP);
    expect(workload.endpoints).toEqual([metrics, http]);
    expect(http).toMatchObject({ kind: 'http', port: 8080, host: 'orders.test.svc.cluster.local', portName: 'http' });
    expect(http.pods).toBe(workload.pods);
    expect(find(workload, 'Service')).toMatchObject({
      metadata: { name: 'orders' },
      spec: { ports: [{ name: 'http' }, { name: 'metrics' }] },
    });
  });

  it('is served at the Service its clients know already', () => {
    const pods = podsNamed('orders');
    const workload = orders({ pods });
    workload.serve(endpointOf(pods, 'http', 8080, 'orders-api.test.svc.cluster.local'));
    workload.addEndpoint('metrics', EndpointKind.METRICS);
    expect(find(workload, 'Service', 'orders-api').spec.ports).toMatchObject([{ port: 8080 }]);
    expect(find(workload, 'Service', 'orders').spec.ports).toMatchObject([{ port: 9090 }]);
  });

  it('may serve metrics, at /metrics unless told otherwise', () => {
    const workload = orders();
    const [metrics, http] = ['metrics', 'http'].map((port) => workload.addEndpoint(port, EndpointKind.HTTP));
    workload.addMetrics(metrics);
    workload.addMetrics(http, '/other');
    expect(workload.metrics).toEqual([
      { endpoint: metrics, path: '/metrics' },
      { endpoint: http, path: '/other' },
    ]);
  });

  it.each(['/metrics', '/other'])('is refused for the metrics at %s where it serves metrics already', (path) => {
    const workload = orders();
    const endpoint = workload.addEndpoint('metrics', EndpointKind.METRICS);
    workload.addMetrics(endpoint);
    expect(() => workload.addMetrics(endpoint, path)).toThrow(
      '[test/orders] serves metrics at test/orders:metrics already; allowed: one page an endpoint',
    );
    expect(workload.metrics).toEqual([{ endpoint, path: '/metrics' }]);
  });

  it('is refused where no container has the port', () => {
    const containers = [{ ...CONTAINER, name: 'silent' }, ...LISTENING.containers];
    expect(() => orders({ containers }).addEndpoint('grpc', EndpointKind.OTLP)).toThrow(
      `[test/orders] no container has a port named 'grpc'; allowed: http, metrics`,
    );
  });

  it('is refused where the port has another number', () => {
    const workload = orders();
    expect(() => workload.serve(endpointOf(workload.pods, 'http', 8081))).toThrow(
      "[test/orders] port http is not 8081, where test/orders:http is; allowed: the endpoint's own port",
    );
  });

  it('is refused where it is served already', () => {
    const workload = orders();
    workload.addEndpoint('http', EndpointKind.HTTP);
    expect(() => workload.addEndpoint('http', EndpointKind.HTTP)).toThrow(
      '[test/orders] port 8080 is served twice; allowed: one endpoint a port',
    );
  });

  it('is refused where it is one of other pods', () => {
    expect(() => orders().serve(endpointOf(podsNamed('stock')))).toThrow(
      '[test/orders] cannot serve test/stock:http, which is an endpoint of other pods; allowed: one of its own',
    );
  });

  it('is refused for metrics or peers where it is not its own', () => {
    const workload = orders();
    const foreign = endpointOf(podsNamed('stock'));
    expect(() => workload.addMetrics(foreign)).toThrow(
      '[test/orders] cannot serve metrics at test/stock:http; allowed: an endpoint of its own',
    );
    expect(() => workload.connectToPeers(foreign)).toThrow(
      '[test/orders] cannot connect to test/stock:http as to a peer; allowed: an endpoint of its own',
    );
  });
});

describe('pods that others have been connected to already', () => {
  it.each([podsNamed('stock'), podsNamed('orders', 'elsewhere')])('are refused where they are $name', (pods) => {
    expect(() => orders({ pods })).toThrow(
      `[test/orders] cannot run the pods ${pods.name}; allowed: pods named test/orders`,
    );
  });

  it('are refused where they belong to another box, because their policies select by it', () => {
    expect(() => orders({ pods: podsNamed('orders', 'test', 'shop') })).toThrow(
      '[test/orders] the pods test/orders belong to shop; allowed: box orders',
    );
  });

  it('are refused where a workload runs them', () => {
    const { pods } = orders();
    expect(() => orders({ pods })).toThrow('[test/orders] the pods test/orders have a workload already; allowed: one');
  });
});

describe('an operator that restarts pods on changed Secrets', () => {
  const annotationOf = (kind: string, props: Partial<WorkloadProps> = {}) => {
    const chart = testChart();
    setClusterContext(chart, { ...clusterContext(chart), restartOnSecretChange: true });
    KINDS[kind](chart, 'orders', { ...MINIMAL, ...props });
    return find(chart, kind).metadata.annotations['secret.reloader.stakater.com/auto'];
  };

  it.each(['Deployment', 'StatefulSet', 'DaemonSet'])('is told to look after a %s', (kind) => {
    expect(annotationOf(kind)).toBe('true');
  });

  it.each(['Job', 'CronJob'])('leaves a %s alone, which reads them when it runs', (kind) => {
    expect(annotationOf(kind)).toBeUndefined();
  });

  it('can be told otherwise for one workload', () => {
    const annotations = { 'secret.reloader.stakater.com/auto': 'false' };
    expect(annotationOf('StatefulSet', { annotations })).toBe('false');
  });
});
