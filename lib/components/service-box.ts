import { EndpointKind } from '../connections/endpoint';
import { BoxTopology } from '../topology/boxes';

/** The name of the one port of a service: requests, probes and metrics. */
export const HTTP_PORT = 'http';

/** The path of its metrics. */
export const METRICS_PATH = '/metrics';

/** The role of a service's pods in the architecture. */
export const SERVICE_COMPONENT = 'api';

/** A service as others know it: by its name, namespace and port. */
export function serviceBox(name: string, namespace: string, port: number): BoxTopology {
  return {
    namespace,
    workload: name,
    component: SERVICE_COMPONENT,
    endpoints: { [HTTP_PORT]: { port, kind: EndpointKind.HTTP } },
  };
}
