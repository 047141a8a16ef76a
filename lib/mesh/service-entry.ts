import { Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ServiceEntry, ServiceEntrySpecLocation, ServiceEntrySpecResolution } from '../../imports/networking.istio.io';
import { ExternalEndpoint } from '../connections/external-endpoint';
import { invalid } from '../errors';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { chartId } from '../topology/namespaces';
import { clusterContext } from '../workload/cluster-context';
import { Identity, platformLabels, workloadLabels } from '../workload/labels';
import { checkName } from '../workload/names';

/**
 * Makes known to the sidecars of a client's namespace what a pod connects to outside the cluster: once for the platform's
 * own clients there, and for each client of another team.
 *
 * @throws where its hosts are those of Services, or its name is none that an object can have
 */
export function addServiceEntry(client: IConstruct, identity: Identity, server: ExternalEndpoint): void {
  const chart = Chart.of(client);
  const { namespace } = chart;
  const { clusterDomain } = clusterContext(client);
  const inside = server.hosts.find((host) => host.endsWith('.svc') || host.endsWith(`.svc.${clusterDomain}`));
  if (inside) {
    throw invalid(
      client,
      `cannot connect to ${server.name} by '${inside}', which is a Service of the cluster and no host outside; ` +
        `allowed: an endpoint of the workload that serves it`,
    );
  }
  checkName(client, 'ServiceEntry', server.name);
  const own = chart.node.id === chartId(namespace!);
  const name = own ? server.name : `${identity.workload}.${server.name}`;
  const id = `service-entry-${name}`;
  const before = ENTRIES.get(chart)?.get(id);
  if (before) {
    if (before !== contentOf(server)) {
      throw invalid(client, `two endpoints are named ${server.name} in ${namespace}; allowed: each name once`);
    }
    return;
  }
  ENTRIES.set(chart, (ENTRIES.get(chart) ?? new Map<string, string>()).set(id, contentOf(server)));
  new ServiceEntry(chart, id, {
    metadata: objectMetadata({
      name,
      namespace,
      labels: own ? platformLabels(server.name, 'external') : workloadLabels(identity),
      wave: SYNC_WAVES.configuration,
    }),
    spec: {
      hosts: server.hosts,
      location: ServiceEntrySpecLocation.MESH_UNDERSCORE_EXTERNAL,
      resolution: ServiceEntrySpecResolution.DNS,
      ports: [
        { number: server.port, name: `${server.protocol.toLowerCase()}-${server.port}`, protocol: server.protocol },
      ],
      // For the namespace of its clients alone.
      exportTo: ['.'],
    },
  });
}

const ENTRIES = new WeakMap<Chart, Map<string, string>>();

function contentOf({ hosts, port, protocol }: ExternalEndpoint): string {
  return JSON.stringify({ hosts, port, protocol });
}
