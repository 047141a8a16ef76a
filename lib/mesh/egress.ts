import { SidecarSpecEgress } from '../../imports/networking.istio.io';
import { Connection } from '../connections/connection';
import { Endpoint } from '../connections/endpoint';
import { ExternalEndpoint } from '../connections/external-endpoint';
import { headlessService, serviceHost } from '../connections/hosts';
import { KubernetesApi } from '../connections/kubernetes-api';
import { Peer } from '../connections/peer';
import { Istiod } from './istiod';
import { Mesh } from './mesh';
import { DNS_PORT } from './sidecar-proxy';

/** What a pod opens connections to, as its sidecar has to treat it. */
export interface Egress {
  /** Servers with sidecars. */
  readonly mesh: readonly Endpoint[];
  /** Servers outside the cluster. */
  readonly external: readonly ExternalEndpoint[];
  /** Everything else: servers without sidecars, the API server, nodes. */
  readonly plain: readonly Peer[];
}

/** Sorts a pod's opened connections by what their servers are. Sidecars know istiod by themselves. */
export function sortEgress(mesh: Mesh, connections: readonly Connection[]): Egress {
  const servers = [...new Map(connections.map(({ server }) => [server._id, server])).values()]
    .filter((server) => !(server instanceof Istiod))
    .sort((a, b) => (a._id < b._id ? -1 : 1));
  const isMeshed = (server: Peer): server is Endpoint =>
    server instanceof Endpoint && mesh._covers(server.pods.namespace);
  return {
    mesh: servers.filter(isMeshed),
    external: servers.filter((server) => server instanceof ExternalEndpoint),
    plain: servers.filter((server) => !isMeshed(server) && !(server instanceof ExternalEndpoint)),
  };
}

/**
 * The ports that leave a pod past its sidecar: DNS, and those of servers without sidecars, as far as no server of the mesh
 * and none outside the cluster has the same.
 */
export function uncapturedPorts({ mesh, external, plain }: Egress): number[] {
  const captured = numbersOf([...mesh, ...external]);
  return [DNS_PORT, ...numbersOf(plain).filter((port) => !captured.includes(port))];
}

/** What a pod's sidecar knows of the world: the servers of its connections, and nothing else. */
export function sidecarEgress(egress: Egress, options: { edge: boolean; clusterDomain: string }): SidecarSpecEgress[] {
  const byAddress = egress.mesh.filter((server) => options.edge || isMember(server, egress.mesh));
  const hosts = [
    ...egress.mesh.filter((server) => !byAddress.includes(server)).flatMap(hostsOf),
    ...egress.external.flatMap(({ hosts: names }) => names.map((host) => `./${host}`)),
    ...capturedPlain(egress).flatMap((server) => plainHosts(server, options.clusterDomain)),
  ];
  const rest =
    byAddress.length > 0 && hosts.length === 0 ? [] : [{ hosts: hosts.length > 0 ? distinct(hosts) : NOBODY }];
  return [...addressListeners(byAddress, options.edge), ...rest];
}

/** No service at all. */
const NOBODY = ['~/*'];

/** What is wrong with what a pod connects to, a sentence each. */
export function egressFaults(egress: Egress, { edge }: { edge: boolean }): string[] {
  const byAddress = egress.mesh.filter((server) => edge || isMember(server, egress.mesh));
  const opaque = [
    ...byAddress.map((server) => ({ name: server.name, owner: server.pods.name, port: server.port, names: 1 })),
    ...egress.external
      .filter((server) => server.protocol === 'TCP')
      .map((server) => ({ name: server.name, owner: server.name, port: server.port, names: server.hosts.length })),
  ];
  const others = [...egress.mesh, ...egress.external].flatMap((server) =>
    numbersOf([server]).map((port) => ({ owner: server instanceof Endpoint ? server.pods.name : server.name, port })),
  );
  return [
    ...opaque
      .filter(({ names }) => names > 1)
      .map(
        ({ name, port, names }) =>
          `${name} has ${names} hosts on the TCP port ${port}, which a sidecar cannot tell apart; ` +
          `allowed: one host, or a port that speaks TLS or HTTP`,
      ),
    ...opaque.flatMap(({ name, owner, port }) =>
      others
        .filter((other) => other.port === port && other.owner !== owner)
        .map(
          (other) =>
            `its sidecar cannot tell ${name} from ${other.owner} on port ${port}, where it sees nothing but TCP; ` +
            `allowed: different ports`,
        ),
    ),
    ...capturedPlain(egress)
      .filter((server) => plainHosts(server, '').length === 0)
      .map((server) => `${server.name} has no sidecar and shares a port with what has one; allowed: different ports`),
  ];
}

/** Servers without sidecars whose port the sidecar has to capture for another server's sake. */
function capturedPlain(egress: Egress): Peer[] {
  const uncaptured = uncapturedPorts(egress);
  return egress.plain.filter((server) => numbersOf([server]).some((port) => !uncaptured.includes(port)));
}

function plainHosts(server: Peer, clusterDomain: string): string[] {
  if (server instanceof KubernetesApi) {
    return [`default/${serviceHost('kubernetes', 'default', clusterDomain)}`];
  }
  if (!(server instanceof Endpoint)) {
    return [];
  }
  const [, ...domain] = server.host.split('.');
  const { namespace, _identity } = server.pods;
  // Members of a set are known by their own names, too.
  return distinct([...hostsOf(server), `${namespace}/${[headlessService(_identity.workload), ...domain].join('.')}`]);
}

/** The Services of an endpoint: its own, and the one its members' names are below. */
function hostsOf({ host, memberAddresses, address, pods }: Endpoint): string[] {
  const members = memberAddresses.filter((member) => member !== address);
  const services = members.map((member) => member.split(':')[0].split('.').slice(1).join('.'));
  return distinct([host, ...services].map((service) => `${pods.namespace}/${service}`));
}

/**
 * Whether a client goes to the addresses of a server's pods: it does where it also connects to their headless Service.
 * A sidecar goes by the host of HTTP requests, which is an address then that it does not know.
 */
function isMember(server: Endpoint, all: readonly Endpoint[]): boolean {
  return all.some((other) => other.pods === server.pods && isHeadless(other));
}

function isHeadless({ host, pods }: Endpoint): boolean {
  return host.split('.')[0] === headlessService(pods._identity.workload);
}

/**
 * Listeners that go by nothing but the port. What comes in from outside chooses a server's pods by itself and keeps its
 * clients' Host: there the sidecar takes any address for the server's.
 */
function addressListeners(servers: readonly Endpoint[], edge: boolean): SidecarSpecEgress[] {
  const ports = [...new Set(servers.map(({ port }) => port))].sort((a, b) => a - b);
  return ports.map((port) => {
    const own = servers.filter((server) => server.port === port);
    const headless = servers.filter((server) => isHeadless(server) && own.some((o) => o.pods === server.pods));
    return {
      port: { number: port, protocol: 'TCP', name: `tcp-${port}` },
      ...(edge ? { bind: '0.0.0.0' } : {}),
      hosts: distinct([...own, ...headless].flatMap(hostsOf)),
    };
  });
}

function numbersOf(servers: readonly Peer[]): number[] {
  return [...new Set(servers.flatMap(({ ports }) => ports.map(({ port }) => port)))];
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
