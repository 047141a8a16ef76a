import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { headlessService, serviceHost } from '../connections/hosts';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { TEMPORAL_ROLES, TemporalRoleName } from '../topology/temporal';
import { clusterContext } from '../workload/cluster-context';
import { named } from '../workload/labels';
import { ContainerProps } from '../workload/container';
import { Deployment } from '../workload/deployment';
import { tcpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { goMemoryLimit } from './go-memory';
import { DRAIN_SECONDS, METRICS_PORT, TEMPORAL_PATHS } from './temporal-config';
import { TemporalStoreAccess } from './temporal-store-access';

/** What one of Temporal's services runs with. */
export interface TemporalRoleProps {
  readonly role: TemporalRoleName;
  readonly box: Box;
  readonly replicas: number;
  readonly resources: Resources;
  readonly access: TemporalStoreAccess;
  readonly syncWave: number;
}

/** One of Temporal's four services. */
export class TemporalRole extends Deployment {
  /** Where the other services, and at the frontend clients, send their requests. */
  public readonly grpc: Endpoint;

  /** Where the members of the cluster tell each other who is there. */
  public readonly membership: Endpoint;

  public constructor(scope: Construct, id: string, props: TemporalRoleProps) {
    const { role, box, replicas, access, syncWave } = props;
    const identity = box.pods._identity;
    super(scope, id, {
      pods: box.pods,
      ...named(identity),
      replicas,
      syncWave,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      terminationGracePeriod: Duration.seconds(2 * DRAIN_SECONDS),
      podAnnotations: access.server.annotations,
      volumes: access.server.volumes,
      initContainers: [access.query('await-schema', 'await-schema.sh')],
      containers: [server(access, props)],
    });
    const { grpcPort, membershipPort } = TEMPORAL_ROLES[role];
    this.grpc =
      role === 'frontend'
        ? this.serve(box.endpointNamed(grpcPortName(role)))
        : this.addEndpoint(grpcPortName(role), EndpointKind.TEMPORAL);
    this.addMetrics(this.addEndpoint(METRICS_PORT.name, EndpointKind.METRICS));
    this.membership = new Endpoint({
      pods: this.pods,
      name: MEMBERSHIP,
      kind: EndpointKind.TEMPORAL,
      port: membershipPort,
      host: serviceHost(headlessService(this.name), this.namespace, clusterContext(this).clusterDomain),
    });
    this.addHeadlessService(grpcPortName(role), grpcPort, membershipPort);
  }

  /** Members speak to each other's pods; a mesh knows the ports of a pod by a headless Service alone. */
  private addHeadlessService(grpcName: string, grpcPort: number, membershipPort: number): void {
    const port = (name: string, number: number, appProtocol: string): k8s.ServicePort => ({
      name,
      port: number,
      targetPort: k8s.IntOrString.fromString(name),
      protocol: 'TCP',
      appProtocol,
    });
    new k8s.KubeService(this, 'headless-service', {
      metadata: this._metadata(this._wave, undefined, headlessService(this.name)),
      spec: {
        clusterIp: 'None',
        publishNotReadyAddresses: true,
        selector: this._selectorLabels,
        ports: [port(MEMBERSHIP, membershipPort, 'tcp'), port(grpcName, grpcPort, 'grpc')],
      },
    });
  }
}

const MEMBERSHIP = 'tcp-membership';

function grpcPortName(role: TemporalRoleName): string {
  return `grpc-${role}`;
}

function server(access: TemporalStoreAccess, { role, resources }: TemporalRoleProps): ContainerProps {
  const { grpcPort, membershipPort, healthService } = TEMPORAL_ROLES[role];
  return {
    name: role,
    image: clusterContext(access).images.of('temporal-server'),
    // Who may connect is the network policies' to say: the services' clients bring no token.
    command: ['temporal-server', '--allow-no-auth', 'start', `--service=${role}`],
    resources,
    ports: [{ name: grpcPortName(role), port: grpcPort }, { name: MEMBERSHIP, port: membershipPort }, METRICS_PORT],
    env: [
      { name: 'TEMPORAL_SERVER_CONFIG_FILE_PATH', value: `${TEMPORAL_PATHS.config}/temporal.yaml` },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'GOMEMLIMIT', value: goMemoryLimit(`${access.node.path} ${role}`, resources.memoryLimit) },
    ],
    startupProbe: tcpProbe(grpcPortName(role), { periodSeconds: 2, failureThreshold: 60 }),
    livenessProbe: tcpProbe(grpcPortName(role), { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 }),
    // History says no until it owns its shards; that is no reason to end it.
    readinessProbe: {
      grpc: { port: grpcPort, service: healthService },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    volumeMounts: access.server.volumeMounts,
  };
}
