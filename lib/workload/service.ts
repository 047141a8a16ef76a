import { Chart, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { objectMetadata } from '../gitops/metadata';
import { layerWave } from '../gitops/sync-waves';
import { Identity, selectorLabels, workloadLabels } from './labels';
import { checkName } from './names';

/** What a mesh and some load balancers take a port's protocol for. */
const APP_PROTOCOL: Partial<Record<EndpointKind, string>> = {
  [EndpointKind.HTTP]: 'http',
  [EndpointKind.METRICS]: 'http',
  [EndpointKind.OTLP]: 'grpc',
  [EndpointKind.TEMPORAL]: 'grpc',
};

/** The ClusterIP Service of a workload's endpoints; its ports equal the containers', in number and name. */
export class Service extends Construct {
  private readonly ports: Endpoint[] = [];

  public constructor(scope: Construct, id: string, name: string, identity: Identity) {
    super(scope, id);
    const namespace = Chart.of(this).namespace!;
    new k8s.KubeService(this, 'service', {
      metadata: objectMetadata({
        name: checkName(this, 'Service', name),
        namespace,
        labels: workloadLabels(identity),
        wave: layerWave(namespace),
      }),
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels(identity),
        ports: Lazy.any({ produce: () => this.ports.map(toServicePort) }),
      },
    });
  }

  /** Adds an endpoint's port. */
  public addPort(endpoint: Endpoint): void {
    this.ports.push(endpoint);
    this.ports.sort((a, b) => a.port - b.port);
  }
}

function toServicePort(endpoint: Endpoint): k8s.ServicePort {
  return {
    name: endpoint.portName,
    port: endpoint.port,
    targetPort: k8s.IntOrString.fromString(endpoint.portName),
    protocol: 'TCP',
    appProtocol: APP_PROTOCOL[endpoint.kind] ?? 'tcp',
  };
}
