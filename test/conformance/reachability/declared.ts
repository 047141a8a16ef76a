import { buildApps } from '../../../main';
import { WmsPlatform } from '../../../lib';
import { Connection } from '../../../lib/connections/connection';
import { isPending } from '../../../lib/connections/diagram';
import { Peer } from '../../../lib/connections/peer';
import { Pods } from '../../../lib/connections/pods';
import { PodsState } from '../../../lib/connections/pods-state';
import { selectorLabels } from '../../../lib/workload/labels';
import { Failure } from '../failure';
import { DNS, OUTSIDE } from './arrows';
import { StatedArrow, withDnsCache } from './edges';

/** A box that is not built yet, as policies select its pods. */
export interface PendingBox {
  readonly namespace: string;
  readonly workload: string;
  readonly labels: Record<string, string>;
}

/** What the platform says of itself. */
export interface Declared {
  readonly arrows: readonly StatedArrow[];
  readonly pendingBoxes: readonly PendingBox[];
}

/** What the platform of an environment declares, and the arrows to DNS that follow from it. */
export function declaredBy(environment: string): Declared {
  const platform = buildApps('unwritten').get(environment)?.node.tryFindChild(environment);
  if (!(platform instanceof WmsPlatform)) {
    throw new Failure(`main.ts builds no platform called '${environment}'`);
  }
  const connections = platform._connections;
  const dns = dnsArrows(connections);
  const hasCache = platform.environment.dns._policyPeers().some(({ ipBlock }) => ipBlock);
  const pods = new Set(connections.flatMap(({ client, server }) => [client._pods, server._pods]).filter((p) => !!p));
  return {
    arrows: [...connections.flatMap(arrowsOf), ...(hasCache ? dns.flatMap(withDnsCache) : dns)],
    pendingBoxes: [...pods].filter(({ _state }) => _state === PodsState.PENDING).map(pendingBox),
  };
}

function arrowsOf(connection: Connection): StatedArrow[] {
  const { client, server } = connection;
  return server.ports.map(({ port, protocol = 'TCP' }) => ({
    from: nameOf(client),
    to: nameOf(server),
    port: protocol === 'TCP' ? String(port) : `${port}/${protocol}`,
    pending: isPending(connection),
  }));
}

/** Nobody declares these: whoever connects to something by its name asks DNS. */
function dnsArrows(connections: readonly Connection[]): StatedArrow[] {
  const byName = connections.filter(({ server }) => server._byName).map(({ client }) => client._pods);
  return [...new Set(byName.filter((pods) => !!pods))].flatMap(({ name, _state }) =>
    ['53', '53/UDP'].map((port) => ({ from: name, to: DNS, port, pending: _state === PodsState.PENDING })),
  );
}

function nameOf(peer: Peer): string {
  return peer._pods?.name ?? `${OUTSIDE}/${peer.name}`;
}

function pendingBox({ namespace, _identity }: Pods): PendingBox {
  return { namespace, workload: _identity.workload, labels: selectorLabels(_identity) };
}
