import { ApiObjectMetadata, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { DestinationRule, Sidecar, SidecarSpecOutboundTrafficPolicyMode } from '../../imports/networking.istio.io';
import {
  AuthorizationPolicy,
  AuthorizationPolicySpecAction,
  PeerAuthentication,
  PeerAuthenticationSpecMtlsMode,
} from '../../imports/security.istio.io';
import { Connection } from '../connections/connection';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { ExternalEndpoint } from '../connections/external-endpoint';
import type { Pods } from '../connections/pods';
import { PodsState } from '../connections/pods-state';
import { invalid } from '../errors';
import { selectorLabels } from '../workload/labels';
import type { PodProps } from '../workload/pod';
import { ParsedResources } from '../workload/resources';
import { acceptedFaults, authorizationRules, portsOf, sortAccepted } from './accepted';
import { egressFaults, sidecarEgress, sortEgress, uncapturedPorts } from './egress';
import { Istiod } from './istiod';
import { Mesh } from './mesh';
import { addServiceEntry } from './service-entry';
import { ApplicationMetrics, checkBesideSidecar, SIDECAR_METRICS, sidecarAnnotations } from './sidecar-proxy';
import { TRAFFIC_POLICY } from './traffic-policy';

/** A workload whose pods have sidecars. */
export interface MeshMemberProps {
  readonly mesh: Mesh;
  readonly pods: Pods;
  readonly podProps: PodProps;
  readonly clusterDomain: string;
  /** The metadata of its objects; without a name, the workload's. */
  readonly metadata: (name?: string) => ApiObjectMetadata;
}

/**
 * What the mesh needs of a workload, all of it from the workload's connections: who may connect to it, what its sidecar
 * knows of the world, and how other sidecars treat it.
 */
export class MeshMember extends Construct {
  private applicationMetrics?: ApplicationMetrics;
  private readonly services = new Set<string>();

  /** @throws where a port or the user of its pods is the sidecar's */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: MeshMemberProps,
  ) {
    super(scope, id);
    const { mesh, pods, podProps, metadata } = props;
    checkBesideSidecar(scope, podProps);
    const matchLabels = selectorLabels(pods._identity);
    new AuthorizationPolicy(this, 'authorization-policy', {
      metadata: metadata(),
      spec: {
        selector: { matchLabels },
        action: AuthorizationPolicySpecAction.ALLOW,
        rules: Lazy.any({ produce: () => authorizationRules(mesh, this.accepted.mesh) }),
      },
    });
    new Sidecar(this, 'sidecar', {
      metadata: metadata(),
      spec: {
        workloadSelector: { labels: matchLabels },
        outboundTrafficPolicy: { mode: SidecarSpecOutboundTrafficPolicyMode.REGISTRY_UNDERSCORE_ONLY },
        egress: Lazy.any({
          produce: () => sidecarEgress(this.egress, { edge: this.isEdge, clusterDomain: props.clusterDomain }),
        }),
      },
    });
    if (!mesh._guards(pods.namespace)) {
      new PeerAuthentication(this, 'peer-authentication', {
        metadata: metadata(),
        spec: { selector: { matchLabels }, mtls: { mode: PeerAuthenticationSpecMtlsMode.STRICT } },
      });
    }
    this.followConnections();
    pods.connectTo(new Istiod(mesh.controlPlaneNamespace));
    scope.node.addValidation({ validate: () => this.faults() });
  }

  /** The labels of its pods. */
  public get podLabels(): Record<string, string> {
    return this.props.mesh._podLabels;
  }

  /** The annotations of its pods, known when all connections are. */
  public get podAnnotations(): Record<string, string> {
    return sidecarAnnotations(
      this.props.mesh,
      { inboundPorts: portsOf(this.accepted.outside), outboundPorts: uncapturedPorts(this.egress) },
      this.applicationMetrics,
    );
  }

  /** What a sidecar takes. */
  public get sidecar(): ParsedResources {
    return this.props.mesh._sidecar;
  }

  /** What a pod takes together with its sidecar. */
  public plusSidecar(perPod: ParsedResources): ParsedResources {
    return this.props.mesh._plusSidecar(perPod);
  }

  /** Tells other sidecars how to treat the pods behind a Service. */
  public addService(name: string, endpoint: Endpoint): void {
    // Metrics are asked for at the sidecar itself.
    if (endpoint.kind === EndpointKind.METRICS || this.services.has(name)) {
      return;
    }
    this.services.add(name);
    new DestinationRule(this, `destination-rule-${name}`, {
      metadata: this.props.metadata(name),
      spec: { host: endpoint.host, trafficPolicy: TRAFFIC_POLICY },
    });
  }

  /** Where the metrics of one of its endpoints are scraped: its sidecar serves them together with its own. */
  public scraped(endpoint: Endpoint, path: string): { endpoint: Endpoint; path: string } {
    if (this.applicationMetrics) {
      throw invalid(
        this.node.scope!,
        `serves metrics at ports ${this.applicationMetrics.port} and ${endpoint.port}; ` +
          `allowed in the mesh: one page, which the sidecar adds to its own`,
      );
    }
    this.applicationMetrics = { port: endpoint.port, path };
    const { name, port, path: sidecarPath } = SIDECAR_METRICS;
    const sidecar = new Endpoint({
      pods: this.props.pods,
      name,
      kind: EndpointKind.METRICS,
      port,
      host: endpoint.host,
    });
    return { endpoint: sidecar, path: sidecarPath };
  }

  private get accepted() {
    return sortAccepted(this.props.mesh, this.props.pods._accepted);
  }

  private get egress() {
    return sortEgress(this.props.mesh, this.props.pods._opened);
  }

  /** Whether it takes connections from outside the cluster, and passes them on. */
  private get isEdge(): boolean {
    return this.accepted.outside.length > 0;
  }

  /** What is outside the cluster has an object of its own, which must exist before anything is rendered. */
  private followConnections(): void {
    const { pods } = this.props;
    const before = pods._onConnection;
    const follow = ({ client, server }: Connection) => {
      if (client === pods && server instanceof ExternalEndpoint) {
        addServiceEntry(this.node.scope!, pods._identity, server);
      }
    };
    pods._opened.forEach(follow);
    pods._onConnection = (connection) => {
      before?.(connection);
      follow(connection);
    };
  }

  private faults(): string[] {
    const { mesh, pods } = this.props;
    const imported = pods._accepted.flatMap(({ client }) =>
      client._pods?._state === PodsState.IMPORTED && mesh._covers(client._pods.namespace) ? [client.name] : [],
    );
    return [
      ...acceptedFaults(this.accepted),
      ...egressFaults(this.egress, { edge: this.isEdge }),
      ...imported.map(
        (client) =>
          `${client} belongs to another app, and its sidecar knows no ${pods.name}; ` +
          `allowed: connections that the client's own app declares`,
      ),
    ];
  }
}
