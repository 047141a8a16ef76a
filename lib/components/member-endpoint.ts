import { Endpoint, EndpointKind } from '../connections/endpoint';
import { serviceHost } from '../connections/hosts';
import { clusterContext } from '../workload/cluster-context';
import { StatefulSet } from '../workload/stateful-set';

/** A port that members are asked at one by one, by their own names: it stands at the headless Service alone. */
export function memberEndpoint(set: StatefulSet, name: string, port: number, kind: EndpointKind): Endpoint {
  const host = serviceHost(set.headlessServiceName, set.namespace, clusterContext(set).clusterDomain);
  return new Endpoint({ pods: set.pods, name, kind, port, host, memberHosts: set.hosts });
}
