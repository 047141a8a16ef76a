import { ClientAddress, Exposure } from '../load-balancer';

/** The ports of the ingress controller's container. */
export const TRAEFIK_PORTS = { web: 8000, websecure: 8443, ping: 8080, metrics: 9100 } as const;

/** What the ingress controller's arguments depend on. */
export interface TraefikSettings {
  /** The namespace whose Ingresses it serves. */
  readonly namespace: string;
  readonly exposure: Exposure;
  /** The networks that the load balancer is in. */
  readonly trustedProxies: readonly string[];
  /** The Service that clients come in by. */
  readonly publicService: string;
  /** A name of the ingress controller inside the cluster. */
  readonly internalHost: string;
  readonly ingressClass: string;
  readonly drainSeconds: number;
  readonly graceSeconds: number;
}

/** The arguments of Traefik: its whole static configuration. */
export function traefikArguments(settings: TraefikSettings): string[] {
  const { exposure, drainSeconds, graceSeconds, ingressClass, namespace } = settings;
  const { web, websecure, ping, metrics } = TRAEFIK_PORTS;
  return [
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    '--log.format=json',
    '--log.level=INFO',
    '--accesslog=true',
    '--accesslog.format=json',
    // Tokens stay out of the log.
    '--accesslog.fields.headers.defaultmode=drop',
    `--entrypoints.web.address=:${web}/tcp`,
    `--entrypoints.websecure.address=:${websecure}/tcp`,
    `--entrypoints.ping.address=:${ping}/tcp`,
    `--entrypoints.metrics.address=:${metrics}/tcp`,
    '--ping=true',
    '--ping.entrypoint=ping',
    '--metrics.prometheus=true',
    '--metrics.prometheus.entrypoint=metrics',
    '--entrypoints.websecure.http.tls=true',
    // What clients know HTTPS at is not the port of the container.
    `--entrypoints.web.http.redirections.entrypoint.to=:${exposure.httpsPort}`,
    '--entrypoints.web.http.redirections.entrypoint.scheme=https',
    ...['web', 'websecure'].flatMap((entryPoint) => [
      `--entrypoints.${entryPoint}.http.underscoreheadersstrategy=reject`,
      `--entrypoints.${entryPoint}.http.maxheaderbytes=32768`,
      `--entrypoints.${entryPoint}.transport.respondingtimeouts.readtimeout=30s`,
      `--entrypoints.${entryPoint}.transport.respondingtimeouts.writetimeout=60s`,
      `--entrypoints.${entryPoint}.transport.respondingtimeouts.idletimeout=75s`,
      `--entrypoints.${entryPoint}.transport.lifecycle.requestacceptgracetimeout=${drainSeconds}s`,
      `--entrypoints.${entryPoint}.transport.lifecycle.gracetimeout=${graceSeconds}s`,
      ...clientAddress(entryPoint, settings),
    ]),
    '--serverstransport.forwardingtimeouts.dialtimeout=2s',
    '--serverstransport.forwardingtimeouts.responseheadertimeout=35s',
    '--serverstransport.forwardingtimeouts.idleconntimeout=90s',
    '--providers.kubernetesingress=true',
    `--providers.kubernetesingress.namespaces=${namespace}`,
    `--providers.kubernetesingress.ingressclass=${ingressClass}`,
    '--providers.kubernetesingress.strictprefixmatching=true',
    ...ingressAddress(settings),
  ];
}

function clientAddress(entryPoint: string, { exposure, trustedProxies }: TraefikSettings): string[] {
  switch (exposure.clientAddress) {
    case ClientAddress.PROXY_PROTOCOL:
      return [`--entrypoints.${entryPoint}.proxyprotocol.trustedips=${trustedProxies.join(',')}`];
    case ClientAddress.FORWARDED_FOR:
      return [`--entrypoints.${entryPoint}.forwardedheaders.trustedips=${trustedProxies.join(',')}`];
    case ClientAddress.SOURCE:
      return [];
  }
}

/** What it writes into the status of its Ingresses, without which Argo CD would wait for them for ever. */
function ingressAddress({ exposure, publicService, internalHost, namespace }: TraefikSettings): string[] {
  return exposure.type === 'LoadBalancer'
    ? [`--providers.kubernetesingress.ingressendpoint.publishedservice=${namespace}/${publicService}`]
    : [`--providers.kubernetesingress.ingressendpoint.hostname=${internalHost}`];
}
