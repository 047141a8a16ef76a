import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import type { PodProps } from '../workload/pod';
import { Mesh } from './mesh';

/** Where a sidecar serves its own metrics together with those of its pod's application, without TLS. */
export const SIDECAR_METRICS = { name: 'sidecar-metrics', port: 15020, path: '/stats/prometheus' } as const;

/** The ports that sidecars listen on. */
const SIDECAR_PORTS = [15000, 15001, 15002, 15004, 15006, 15008, 15020, 15021, 15053, 15090];

/** The user that sidecars run as: what it sends is not captured again. */
const SIDECAR_USER = 1337;

/** The DNS protocol over TCP, which no Sidecar names. UDP is never captured. */
export const DNS_PORT = 53;

/** What a sidecar leaves alone. */
export interface Uncaptured {
  readonly inboundPorts: readonly number[];
  readonly outboundPorts: readonly number[];
}

/** The application's own metrics page, which the sidecar adds to its own. */
export interface ApplicationMetrics {
  readonly port: number;
  readonly path: string;
}

/** The annotations that tell Istio how to make the sidecar of a pod. */
export function sidecarAnnotations(
  mesh: Mesh,
  { inboundPorts, outboundPorts }: Uncaptured,
  metrics?: ApplicationMetrics,
): Record<string, string> {
  const { cpuRequest, cpuLimit, memoryRequest, memoryLimit } = mesh._sidecar;
  return {
    // All four: setting one drops Istio's defaults of the others.
    'sidecar.istio.io/proxyCPU': cpuRequest.toCpu(),
    'sidecar.istio.io/proxyCPULimit': cpuLimit.toCpu(),
    'sidecar.istio.io/proxyMemory': memoryRequest.toBytes(),
    'sidecar.istio.io/proxyMemoryLimit': memoryLimit.toBytes(),
    // An init container that restarts: it is there before all others, and ends with the last one, so that Jobs end.
    'sidecar.istio.io/nativeSidecar': 'true',
    // The kubelet has no certificate: the sidecar asks in its place.
    'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
    'traffic.sidecar.istio.io/excludeOutboundPorts': list(outboundPorts),
    ...(inboundPorts.length > 0 ? { 'traffic.sidecar.istio.io/excludeInboundPorts': list(inboundPorts) } : {}),
    ...(metrics
      ? {
          'prometheus.io/scrape': 'true',
          'prometheus.io/port': `${metrics.port}`,
          'prometheus.io/path': metrics.path,
        }
      : {}),
  };
}

/** Refuses a pod whose ports or user are the sidecar's. */
export function checkBesideSidecar(scope: IConstruct, { containers, user }: PodProps): void {
  const taken = containers.flatMap((c) => c.ports ?? []).find(({ port }) => SIDECAR_PORTS.includes(port));
  if (taken) {
    throw invalid(
      scope,
      `port ${taken.port} (${taken.name}) is the sidecar's; allowed: none of ${list(SIDECAR_PORTS)}`,
    );
  }
  if (user === SIDECAR_USER) {
    throw invalid(scope, `user ${SIDECAR_USER} is the sidecar's; allowed: any other`);
  }
}

function list(ports: readonly number[]): string {
  return [...new Set(ports)].sort((a, b) => a - b).join(',');
}
