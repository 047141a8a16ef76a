import { Testing } from 'cdk8s';
import { Scraper } from '../../lib/connections/scraper';
import { ExternalEndpoint } from '../../lib/connections/external-endpoint';
import { KubernetesApi } from '../../lib/connections/kubernetes-api';
import { Endpoint, EndpointKind } from '../../lib/connections/endpoint';
import { Deployment } from '../../lib/workload/deployment';
import { policy, setCluster, tcp, TestWorkload } from '../connections/fixtures';
import { find, namesOf, manifestsOf, Part, templateOf } from '../manifest';
import { LISTENING, RESOURCES } from '../workload/fixtures';
import { meshApp, principal } from './fixtures';

const API = new KubernetesApi(['10.0.0.0/8']);

function member(props = {}) {
  const { app, chart } = meshApp(props);
  const services = chart('wms-platform');
  const server = new TestWorkload(services, 'server');
  return { app, chart, services, server };
}

const podOf = (source: Parameters<typeof find>[0], name: string): Part =>
  templateOf(find(source, 'Deployment', name)).metadata;

const egressOf = (source: Parameters<typeof find>[0], name: string): Part => find(source, 'Sidecar', name).spec.egress;

describe('a workload in the mesh', () => {
  it('has what the mesh needs of it, and its pods a sidecar with resources of its own', () => {
    const { services } = member();
    expect(namesOf(manifestsOf(services))).toEqual([
      'AuthorizationPolicy server',
      'Deployment server',
      'DestinationRule server',
      'NetworkPolicy server',
      'Service server',
      'ServiceAccount server',
      'Sidecar server',
    ]);
    const { labels, annotations } = podOf(services, 'server');
    expect(labels['sidecar.istio.io/inject']).toBe('true');
    expect(annotations).toEqual({
      'sidecar.istio.io/nativeSidecar': 'true',
      'sidecar.istio.io/proxyCPU': '50m',
      'sidecar.istio.io/proxyCPULimit': '1',
      'sidecar.istio.io/proxyMemory': '128Mi',
      'sidecar.istio.io/proxyMemoryLimit': '256Mi',
      'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
      'traffic.sidecar.istio.io/excludeOutboundPorts': '53',
    });
    expect(find(services, 'Deployment').spec.selector.matchLabels).not.toHaveProperty(['sidecar.istio.io/inject']);
  });

  it('counts its sidecar, and is of the revision', () => {
    const { server, services } = member({ revision: 'canary' });
    expect(server._footprint.perPod.cpuRequest.toCpu()).toBe('150m');
    expect(server._footprint.perPod.memoryLimit.toBytes()).toBe('768Mi');
    expect(server._footprint.perPod.ephemeralStorageLimit.toBytes()).toBe('512Mi');
    expect(server._footprint.containers).toHaveLength(2);
    expect(podOf(services, 'server').labels['istio.io/rev']).toBe('canary');
  });

  it('reaches istiod, and DNS to find it', () => {
    const { services } = member();
    expect(policy(services, 'server').egress).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } },
            podSelector: { matchLabels: { app: 'istiod' } },
          },
        ],
        ports: tcp(15012),
      },
      { to: [expect.anything()], ports: expect.anything() },
    ]);
  });

  it('lets in nobody, until it is connected to', () => {
    const { services } = member();
    expect(find(services, 'AuthorizationPolicy', 'server').spec).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/name': 'server', 'app.kubernetes.io/instance': 'server' } },
      action: 'ALLOW',
    });
    expect(egressOf(services, 'server')).toEqual([{ hosts: ['~/*'] }]);
    expect(find(services, 'Sidecar').spec.outboundTrafficPolicy).toEqual({ mode: 'REGISTRY_ONLY' });
  });

  it('lets in its clients by their accounts, at its port, with the methods and paths that they name', () => {
    const { chart, services, server } = member();
    for (const name of ['b', 'a']) {
      new TestWorkload(services, name).connectTo(server);
    }
    new TestWorkload(chart('ingress'), 'waf').connectTo(server, { methods: ['POST', 'GET'], paths: ['/api/*'] });
    expect(find(services, 'AuthorizationPolicy', 'server').spec.rules).toEqual([
      {
        from: [{ source: { principals: [principal('ingress', 'waf')] } }],
        to: [{ operation: { ports: ['8080'], methods: ['GET', 'POST'], paths: ['/api/*'] } }],
      },
      {
        from: [{ source: { principals: [principal('wms-platform', 'a'), principal('wms-platform', 'b')] } }],
        to: [{ operation: { ports: ['8080'] } }],
      },
    ]);
    expect(egressOf(services, 'a')).toEqual([{ hosts: ['wms-platform/server.wms-platform.svc.cluster.local'] }]);
  });

  it('is let in by rules that do not depend on the order of declaration', () => {
    const rules = (names: string[]) => {
      const { services, server } = member();
      names.forEach((name) => new TestWorkload(services, name).connectTo(server));
      return find(services, 'AuthorizationPolicy', 'server').spec.rules;
    };
    expect(rules(['a', 'b'])).toEqual(rules(['b', 'a']));
  });

  it('goes past its sidecar to servers without one', () => {
    const { chart, services, server } = member();
    server.connectTo(new TestWorkload(chart('kafka'), 'kafka', { tcp: 9092 }));
    server.connectTo(API);
    expect(podOf(services, 'server').annotations['traffic.sidecar.istio.io/excludeOutboundPorts']).toBe(
      '53,443,6443,9092',
    );
    expect(egressOf(services, 'server')).toEqual([{ hosts: ['~/*'] }]);
  });

  it('reaches them by its sidecar where a server of the mesh has the same port', () => {
    const { chart, services, server } = member();
    server.connectTo(new TestWorkload(services, 'other', { http: 9092 }));
    server.connectTo(new TestWorkload(chart('kafka'), 'kafka', { tcp: 9092 }));
    server.connectTo(API);
    server.connectTo(new ExternalEndpoint('carriers', { hosts: ['api.example.com'] }));
    expect(podOf(services, 'server').annotations['traffic.sidecar.istio.io/excludeOutboundPorts']).toBe('53,6443');
    expect(egressOf(services, 'server')).toEqual([
      {
        hosts: [
          './api.example.com',
          'default/kubernetes.default.svc.cluster.local',
          'kafka/kafka-headless.kafka.svc.cluster.local',
          'kafka/kafka.kafka.svc.cluster.local',
          'wms-platform/other.wms-platform.svc.cluster.local',
        ],
      },
    ]);
  });

  it('has what is outside the cluster in the registry, once for its namespace', () => {
    const { services, server } = member();
    const carriers = new ExternalEndpoint('carriers', { hosts: ['b.example.com', 'a.example.com'] });
    server.connectTo(carriers);
    new TestWorkload(services, 'other').connectTo(carriers);
    expect(find(services, 'ServiceEntry').metadata.name).toBe('carriers');
    expect(find(services, 'ServiceEntry').spec).toEqual({
      hosts: ['a.example.com', 'b.example.com'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 443, name: 'tls-443', protocol: 'TLS' }],
      exportTo: ['.'],
    });
    expect(egressOf(services, 'other')).toEqual([{ hosts: ['./a.example.com', './b.example.com'] }]);
  });

  it('takes what comes from outside past its sidecar, and passes it on by address', () => {
    const { chart, services, server } = member();
    const edge = new TestWorkload(chart('ingress'), 'edge', { websecure: 8443 });
    new ExternalEndpoint('internet').connectTo(edge);
    edge.connectTo(server);
    expect(podOf(chart('ingress'), 'edge').annotations['traffic.sidecar.istio.io/excludeInboundPorts']).toBe('8443');
    expect(find(chart('ingress'), 'AuthorizationPolicy', 'edge').spec).not.toHaveProperty('rules');
    expect(egressOf(chart('ingress'), 'edge')).toEqual([
      {
        port: { number: 8080, protocol: 'TCP', name: 'tcp-8080' },
        bind: '0.0.0.0',
        hosts: ['wms-platform/server.wms-platform.svc.cluster.local'],
      },
    ]);
    expect(find(services, 'AuthorizationPolicy', 'server').spec.rules).toHaveLength(1);
  });

  it('goes by address to the members of a set that it knows by their headless Service', () => {
    const { chart, server } = member();
    const temporal = chart('temporal');
    const role = new TestWorkload(temporal, 'role', { grpc: 7234, tcp: 6934 });
    const membership = new Endpoint({
      pods: role.pods,
      name: 'tcp',
      kind: EndpointKind.TEMPORAL,
      port: 6934,
      host: 'role-headless.temporal.svc.cluster.local',
    });
    const client = new TestWorkload(temporal, 'client');
    client.connectTo(membership);
    client.connectTo(role);
    client.connectTo(server);
    expect(egressOf(temporal, 'client')).toEqual([
      {
        port: { number: 6934, protocol: 'TCP', name: 'tcp-6934' },
        hosts: ['temporal/role-headless.temporal.svc.cluster.local'],
      },
      {
        port: { number: 7234, protocol: 'TCP', name: 'tcp-7234' },
        hosts: ['temporal/role-headless.temporal.svc.cluster.local', 'temporal/role.temporal.svc.cluster.local'],
      },
      { hosts: ['wms-platform/server.wms-platform.svc.cluster.local'] },
    ]);
  });

  it('is scraped at its sidecar, which asks the application', () => {
    const { app, chart, services } = meshAppWithScraper();
    const own = new Deployment(services, 'own', LISTENING);
    own.addMetrics(own.addEndpoint('metrics', EndpointKind.METRICS), '/page');
    expect(own.metrics).toMatchObject([{ endpoint: { port: 15020 }, path: '/stats/prometheus' }]);
    expect(podOf(services, 'own').annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '9090',
      'prometheus.io/path': '/page',
    });
    expect(policy(services, 'own').ingress).toMatchObject([{ ports: tcp(15020) }]);
    expect(find(services, 'AuthorizationPolicy', 'own').spec).not.toHaveProperty('rules');
    expect(policy(chart('observability'), 'prometheus').egress).toMatchObject([{ ports: tcp(15020) }, {}]);
    expect(namesOf(manifestsOf(services)).filter((name) => name.startsWith('DestinationRule'))).toEqual([]);
    expect(() => own.addMetrics(own.addEndpoint('http', EndpointKind.METRICS))).toThrow(
      'serves metrics at ports 9090 and 8080; allowed in the mesh: one page, which the sidecar adds to its own',
    );
    expect(() => Testing.synth(services)).not.toThrow();
    expect(app.node.validate()).toEqual([]);
  });

  it('has a PeerAuthentication of its own in a namespace that is not the platform’s', () => {
    const { chart } = meshApp();
    new TestWorkload(chart('returns'), 'returns-service');
    expect(find(chart('returns'), 'PeerAuthentication').spec).toMatchObject({
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'returns-service' } },
      mtls: { mode: 'STRICT' },
    });
  });
});

function meshAppWithScraper() {
  const { app, chart } = meshApp();
  const prometheus = new TestWorkload(chart('observability'), 'prometheus');
  setCluster(app, { scraper: new Scraper(prometheus.pods) });
  return { app, chart, services: chart('wms-platform') };
}

describe('a workload outside the mesh', () => {
  it('has nothing of it', () => {
    const { chart } = meshApp();
    new TestWorkload(chart('kafka'), 'kafka');
    expect(namesOf(manifestsOf(chart('kafka')))).toEqual([
      'Deployment kafka',
      'NetworkPolicy kafka',
      'Service kafka',
      'ServiceAccount kafka',
    ]);
    expect(podOf(chart('kafka'), 'kafka').labels).not.toHaveProperty(['sidecar.istio.io/inject']);
  });
});

describe('in the mesh, it is an error', () => {
  const faults = (set: (all: ReturnType<typeof member>) => void): string[] => {
    const all = member();
    set(all);
    return all.app.node.findAll().flatMap((construct) => construct.node.validate());
  };

  it('that a client has no sidecar', () => {
    expect(
      faults(({ chart, server }) => new TestWorkload(chart('observability'), 'grafana').connectTo(server)),
    ).toEqual([
      'observability/grafana has no sidecar and cannot connect to wms-platform/server:http, which takes mutual TLS ' +
        'alone; allowed: clients in the mesh, or outside the cluster',
    ]);
  });

  it('that clients outside and inside the mesh share a port', () => {
    expect(
      faults(({ services, server }) => {
        new ExternalEndpoint('internet').connectTo(server);
        new TestWorkload(services, 'client').connectTo(server);
      }),
    ).toEqual([
      'wms-platform/client is in the mesh and cannot connect to wms-platform/server:http, which clients outside reach ' +
        "without the mesh's TLS; allowed: a port of its own for clients in the mesh",
    ]);
  });

  it('that what is not HTTP is narrowed to methods', () => {
    expect(
      faults(({ services, chart }) => {
        const database = new Deployment(chart('temporal'), 'database', LISTENING);
        const endpoint = database.addEndpoint('http', EndpointKind.POSTGRESQL);
        new TestWorkload(services, 'client').connectTo(endpoint, { methods: ['GET'] });
      }),
    ).toEqual([
      'wms-platform/client connects to temporal/database:http with methods or paths, which it does not speak; ' +
        'allowed: an HTTP endpoint',
    ]);
  });

  it('that hosts outside share a TCP port', () => {
    expect(
      faults(({ server }) =>
        server.connectTo(new ExternalEndpoint('store', { hosts: ['a.example.com', 'b.example.com'], port: 5432 })),
      ),
    ).toEqual([
      'store has 2 hosts on the TCP port 5432, which a sidecar cannot tell apart; allowed: one host, or a port that ' +
        'speaks TLS or HTTP',
    ]);
  });

  it('that a TCP port outside is a port of the mesh, too', () => {
    expect(
      faults(({ services, server }) => {
        server.connectTo(new ExternalEndpoint('store', { hosts: ['a.example.com'], port: 5432 }));
        server.connectTo(new TestWorkload(services, 'other', { http: 5432 }));
      }),
    ).toEqual([
      'its sidecar cannot tell store from wms-platform/other on port 5432, where it sees nothing but TCP; ' +
        'allowed: different ports',
    ]);
  });

  it('that a host outside is a Service', () => {
    const inside = new ExternalEndpoint('inside', { hosts: ['kafka.kafka.svc.cluster.local'], port: 9092 });
    expect(() => member().server.connectTo(inside)).toThrow(
      "[0006-wms-platform/server] cannot connect to inside by 'kafka.kafka.svc.cluster.local', which is a Service of " +
        'the cluster and no host outside; allowed: an endpoint of the workload that serves it',
    );
  });

  it('that two endpoints outside have one name', () => {
    const { server, services } = member();
    server.connectTo(new ExternalEndpoint('carriers', { hosts: ['a.example.com'] }));
    const other = new TestWorkload(services, 'other');
    expect(() => other.connectTo(new ExternalEndpoint('carriers', { hosts: ['b.example.com'] }))).toThrow(
      '[0006-wms-platform/other] two endpoints are named carriers in wms-platform; allowed: each name once',
    );
  });

  it('that an endpoint outside has a name that no object can have', () => {
    expect(() => member().server.connectTo(new ExternalEndpoint('The Carriers', { hosts: ['a.example.com'] }))).toThrow(
      "'The Carriers' is no ServiceEntry name",
    );
  });

  it('that a port or the user is the sidecar’s', () => {
    const { services } = member();
    expect(() => new TestWorkload(services, 'a', { http: 15020 })).toThrow(
      "[0006-wms-platform/a] port 15020 (http) is the sidecar's; allowed: none of 15000,",
    );
    const containers = [{ name: 'main', image: 'registry.example.com/main:1', resources: RESOURCES }];
    expect(() => new Deployment(services, 'b', { component: 'api', user: 1337, containers })).toThrow(
      "[0006-wms-platform/b] user 1337 is the sidecar's; allowed: any other",
    );
  });
});
