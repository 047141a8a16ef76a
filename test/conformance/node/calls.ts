import { Manifest, Part } from '../../manifest';
import { matches } from '../../manifests/manifests';
import { AddressRange, addressesOf } from '../reachability/addresses';
import { DNS } from '../reachability/arrows';
import { Edges, StatedArrow } from '../reachability/edges';
import { INTERNET_ADDRESS, API_SERVICE_ADDRESS, NODE_ADDRESS } from './addresses';

/** Where pods run that calls come from or go to. */
export interface Place {
  /** As arrows have it: `wms-platform/order-service`. */
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly ports: readonly Part[];
  /** What its server calls itself. */
  readonly says: string;
  /** Whether no policy holds it, so that the other end alone decides. */
  readonly open: boolean;
  /** One of its pods. */
  readonly pod: string;
  readonly address: string;
}

/** A call that a place makes, and whether it is meant to get through. */
export interface Call {
  readonly from: string;
  /** As people read it: `wms-platform/order-service:8001`. */
  readonly to: string;
  readonly target: string;
  readonly allowed: boolean;
  /** Who must answer; anybody, where it is empty. */
  readonly says: string;
}

/** The place that a host of the internet calls from. */
export const INTERNET = 'outside/the internet';

/** The ports that the host of the internet answers on. */
export const INTERNET_PORTS = [80, 443];

/** All calls among some places, to the API server, the node and the internet, and from there. */
export function callsAmong(places: readonly Place[], dns: string, services: readonly Manifest[], edges: Edges): Call[] {
  const calls = places.flatMap((from) => callsOf(from, places, dns, services, edges));
  return [...calls, ...fromInternet(places, edges)];
}

function callsOf(
  from: Place,
  places: readonly Place[],
  dns: string,
  services: readonly Manifest[],
  edges: Edges,
): Call[] {
  const { arrows, outside } = edges;
  const call = (to: string, target: string, allowed: boolean, says = ''): Call => ({
    from: from.name,
    to,
    target,
    allowed,
    says,
  });
  const among = places
    .filter((to) => to.name !== from.name && !(from.open && to.open))
    .flatMap((to) => {
      const direct = to.ports.map(({ containerPort }) => ({ port: containerPort, host: to.address, containerPort }));
      return [...direct, ...byService(to, services)].map(({ port, host, containerPort }) =>
        call(
          `${to.name}:${containerPort}${host === to.address ? '' : ' by its Service'}`,
          `http://${host}:${port}`,
          isAllowed(from, to, containerPort, edges),
          to.says,
        ),
      );
    });
  if (from.open) {
    return among;
  }
  const out = (address: string, port: number, to: string) => {
    const allowed = namesOf(outside, address).some((name) => hasArrow(arrows, from.name, name, port));
    return call(`${to}:${port}`, `tcp://${address}:${port}`, allowed);
  };
  return [
    ...among,
    call(`${DNS}:53`, `tcp://${dns}:53`, hasArrow(arrows, from.name, DNS, 53)),
    ...INTERNET_PORTS.map((port) => out(INTERNET_ADDRESS, port, 'the internet')),
    out(NODE_ADDRESS, 6443, 'the API server'),
    out(API_SERVICE_ADDRESS, 443, 'the API server by its Service'),
    out(NODE_ADDRESS, 10250, 'the kubelet'),
  ];
}

/** The Services that lead to a place, as names and ports. */
function byService(to: Place, services: readonly Manifest[]): { port: number; host: string; containerPort: number }[] {
  return services
    .filter(({ metadata, spec }) => {
      const [namespace] = to.name.split('/');
      return metadata.namespace === namespace && spec.selector && matches(spec.selector, to.labels);
    })
    .flatMap(({ metadata, spec }) =>
      (spec.ports as Part[]).flatMap(({ port, targetPort = port, protocol = 'TCP' }) => {
        const own = to.ports.find(({ name, containerPort }) => [name, containerPort].includes(targetPort));
        // A Service without an address of its own leads to the pod's port, whatever its own is.
        const asked = spec.clusterIP === 'None' ? own?.containerPort : port;
        const host = `${metadata.name}.${metadata.namespace}.svc.cluster.local.`;
        return own && protocol === 'TCP' ? [{ port: asked, host, containerPort: own.containerPort }] : [];
      }),
    );
}

function fromInternet(places: readonly Place[], { arrows, outside }: Edges): Call[] {
  return places
    .filter(({ open }) => !open)
    .flatMap((to) =>
      to.ports.map(({ containerPort }) => ({
        from: INTERNET,
        to: `${to.name}:${containerPort}`,
        target: `http://${to.address}:${containerPort}`,
        allowed: namesOf(outside, INTERNET_ADDRESS).some((name) => hasArrow(arrows, name, to.name, containerPort)),
        says: to.says,
      })),
    );
}

/** Both ends must agree, but for those that are open: to each other by an arrow, or to a network that holds the other. */
function isAllowed(from: Place, to: Place, port: number, { arrows, outside }: Edges): boolean {
  const meant = hasArrow(arrows, from.name, to.name, port);
  const out = namesOf(outside, to.address).some((name) => hasArrow(arrows, from.name, name, port));
  const into = namesOf(outside, from.address).some((name) => hasArrow(arrows, name, to.name, port));
  return meant || ((from.open || out) && (to.open || into));
}

function hasArrow(arrows: readonly StatedArrow[], from: string, to: string, port: number): boolean {
  return arrows.some((arrow) => arrow.from === from && arrow.to === to && arrow.port === String(port));
}

/** Those outside whose networks hold an address: a network of a policy may hold pods, too. */
function namesOf(outside: Edges['outside'], address: string): string[] {
  const [{ first }] = addressesOf({ networks: [`${address}/32`] });
  const holds = (ranges: readonly AddressRange[]) => ranges.some((r) => r.first <= first && first <= r.last);
  return [...outside].filter(([, ranges]) => holds(ranges)).map(([name]) => name);
}
