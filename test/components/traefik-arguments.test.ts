import { LoadBalancer } from '../../lib';
import { traefikArguments, TraefikSettings } from '../../lib/components/traefik-arguments';

const SETTINGS: TraefikSettings = {
  namespace: 'edge',
  exposure: LoadBalancer.gcp()._exposure,
  trustedProxies: ['10.0.0.0/8', '192.0.2.0/24'],
  publicService: 'controller-public',
  internalHost: 'controller.edge.svc.cluster.local',
  ingressClass: 'public',
  drainSeconds: 7,
  graceSeconds: 11,
};

const made = (settings: Partial<TraefikSettings> = {}) => traefikArguments({ ...SETTINGS, ...settings });
const about = (args: string[], what: string) => args.filter((arg) => arg.includes(what));

describe('the arguments of the ingress controller', () => {
  const args = made();

  it('are a name and a value each, each name once', () => {
    const names = args.map((arg) => /^--([a-z0-9.]+)=.+$/.exec(arg)?.[1]);
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(args.length);
  });

  it('open its ports', () => {
    expect(about(args, '.address=')).toEqual([
      '--entrypoints.web.address=:8000/tcp',
      '--entrypoints.websecure.address=:8443/tcp',
      '--entrypoints.ping.address=:8080/tcp',
      '--entrypoints.metrics.address=:9100/tcp',
    ]);
    expect(args).toEqual(
      expect.arrayContaining([
        '--ping=true',
        '--ping.entrypoint=ping',
        '--metrics.prometheus=true',
        '--metrics.prometheus.entrypoint=metrics',
      ]),
    );
  });

  it('make it watch the Ingresses of its class in its namespace alone, by whole path segments', () => {
    expect(about(args, 'providers.')).toEqual([
      '--providers.kubernetesingress=true',
      '--providers.kubernetesingress.namespaces=edge',
      '--providers.kubernetesingress.ingressclass=public',
      '--providers.kubernetesingress.strictprefixmatching=true',
      '--providers.kubernetesingress.ingressendpoint.publishedservice=edge/controller-public',
    ]);
  });

  it.each(['web', 'websecure'])('limit requests and give them time at %s', (entryPoint) => {
    expect(about(args, `entrypoints.${entryPoint}.`)).toEqual(
      expect.arrayContaining([
        `--entrypoints.${entryPoint}.http.underscoreheadersstrategy=reject`,
        `--entrypoints.${entryPoint}.http.maxheaderbytes=32768`,
        `--entrypoints.${entryPoint}.transport.respondingtimeouts.readtimeout=30s`,
        `--entrypoints.${entryPoint}.transport.respondingtimeouts.writetimeout=60s`,
        `--entrypoints.${entryPoint}.transport.respondingtimeouts.idletimeout=75s`,
        `--entrypoints.${entryPoint}.transport.lifecycle.requestacceptgracetimeout=7s`,
        `--entrypoints.${entryPoint}.transport.lifecycle.gracetimeout=11s`,
      ]),
    );
  });

  it('give the servers behind it time', () => {
    expect(about(args, 'serverstransport.')).toEqual([
      '--serverstransport.forwardingtimeouts.dialtimeout=2s',
      '--serverstransport.forwardingtimeouts.responseheadertimeout=35s',
      '--serverstransport.forwardingtimeouts.idleconntimeout=90s',
    ]);
  });

  it('log JSON without headers, and tell nobody that it runs', () => {
    expect(args).toEqual(
      expect.arrayContaining([
        '--log.format=json',
        '--log.level=INFO',
        '--accesslog=true',
        '--accesslog.format=json',
        '--accesslog.fields.headers.defaultmode=drop',
        '--global.checknewversion=false',
        '--global.sendanonymoususage=false',
      ]),
    );
  });

  it.each([
    [LoadBalancer.gcp(), 443],
    [LoadBalancer.nodePort({ https: 31443 }), 31443],
  ])('send plain HTTP to HTTPS, at the port that clients know', ({ _exposure: exposure }, port) => {
    expect(about(made({ exposure }), 'redirections')).toEqual([
      `--entrypoints.web.http.redirections.entrypoint.to=:${port}`,
      '--entrypoints.web.http.redirections.entrypoint.scheme=https',
    ]);
    expect(args).toContain('--entrypoints.websecure.http.tls=true');
  });

  it.each([
    ['from an ALB by its header', LoadBalancer.alb(), 'forwardedheaders'],
    ['from an NLB by the PROXY protocol', LoadBalancer.nlb(), 'proxyprotocol'],
  ])("take the client's address %s, from proxies it trusts", (_what, { _exposure: exposure }, by) => {
    expect(about(made({ exposure }), 'trustedips')).toEqual([
      `--entrypoints.web.${by}.trustedips=10.0.0.0/8,192.0.2.0/24`,
      `--entrypoints.websecure.${by}.trustedips=10.0.0.0/8,192.0.2.0/24`,
    ]);
  });

  it.each([LoadBalancer.gcp(), LoadBalancer.nodePort()])(
    "take the client's address from its packets, and trust nobody's word",
    ({ _exposure: exposure }) => {
      expect(about(made({ exposure }), 'trustedips')).toEqual([]);
    },
  );

  it.each([LoadBalancer.alb(), LoadBalancer.nodePort()])(
    'have the Ingresses say where they are, without a load balancer Service too',
    ({ _exposure: exposure }) => {
      expect(about(made({ exposure }), 'ingressendpoint')).toEqual([
        '--providers.kubernetesingress.ingressendpoint.hostname=controller.edge.svc.cluster.local',
      ]);
    },
  );
});
