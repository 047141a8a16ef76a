import { invalid } from '../errors';
import { NAMESPACES } from '../topology/namespaces';
import { Footprint } from '../workload/footprint';
import { checkName } from '../workload/names';
import { mapResources, ParsedResources, parseResources, Resources } from '../workload/resources';

/** How Istio is installed, and what its sidecars may use. */
export interface MeshProps {
  /**
   * The revision of the control plane that the sidecars belong to, as `1-31-1`.
   *
   * @default - the cluster's default revision
   */
  readonly revision?: string;

  /**
   * The namespace of the control plane.
   *
   * @default istio-system
   */
  readonly controlPlaneNamespace?: string;

  /**
   * The trust domain that workloads' identities are in.
   *
   * @default cluster.local
   */
  readonly trustDomain?: string;

  /**
   * What each sidecar asks for and may use.
   *
   * @default - 50m to 1 CPU, 128Mi to 256Mi memory
   */
  readonly sidecar?: Resources;
}

/** Envoy holds the configuration of the few servers that its Sidecar names, so it stays small. */
const SIDECAR: Resources = { cpuRequest: '50m', memoryRequest: '128Mi', cpuLimit: '1', memoryLimit: '256Mi' };

const { wmsPlatform, ingress, temporal } = NAMESPACES;

/** The namespaces of the platform whose pods have sidecars. Data stores and observability have none. */
const MESHED: readonly string[] = [wmsPlatform.name, ingress.name, temporal.name];

/** The service mesh: off, or Istio with a sidecar in every pod of the services, the ingress and Temporal. */
export class Mesh {
  /** None: pods speak to each other directly. */
  public static off(): Mesh {
    return new Mesh(false, {});
  }

  /**
   * Istio: sidecars and strict mutual TLS for the services, the ingress layer and Temporal.
   *
   * @param props how it is installed
   * @throws on a revision, namespace or trust domain that is none, and on resources that a sidecar cannot have
   */
  public static on(props: MeshProps = {}): Mesh {
    return new Mesh(true, props);
  }

  /** The trust domain that workloads' identities are in. */
  public readonly trustDomain: string;

  /** The namespace of the control plane. */
  public readonly controlPlaneNamespace: string;

  /** The revision of the control plane; none where it is the cluster's default. */
  public readonly revision?: string;

  /** @internal */
  public readonly _sidecar: ParsedResources;

  private constructor(
    /** Whether there is one. */
    public readonly enabled: boolean,
    props: MeshProps,
  ) {
    const {
      revision,
      trustDomain = 'cluster.local',
      controlPlaneNamespace = 'istio-system',
      sidecar = SIDECAR,
    } = props;
    if (revision !== undefined && (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(revision) || revision.length > 56)) {
      throw invalid(
        'mesh',
        `'${revision}' is no revision; allowed: at most 56 lower-case letters, digits and '-', as 1-31-1`,
      );
    }
    if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(trustDomain)) {
      throw invalid('mesh', `'${trustDomain}' is no trust domain; allowed: a lower-case DNS name, as cluster.local`);
    }
    if (sidecar.ephemeralStorageRequest !== undefined || sidecar.ephemeralStorageLimit !== undefined) {
      throw invalid('mesh sidecar', 'cannot have ephemeral storage of its own; allowed: CPU and memory');
    }
    if (Object.values(NAMESPACES).some(({ name }) => name === controlPlaneNamespace)) {
      throw invalid(
        'mesh',
        `the control plane cannot be in ${controlPlaneNamespace}, which is the platform's; allowed: a namespace of its own`,
      );
    }
    this.revision = revision;
    this.trustDomain = trustDomain;
    this.controlPlaneNamespace = checkName('mesh', 'Namespace', controlPlaneNamespace);
    this._sidecar = parseResources(sidecar, 'mesh sidecar');
  }

  /**
   * Whether the pods of a namespace have sidecars. Other teams' services do, wherever they are: without, no server of the
   * mesh would take their connections.
   *
   * @internal
   */
  public _covers(namespace: string): boolean {
    const outside = Object.values(NAMESPACES).some(({ name }) => name === namespace) && !MESHED.includes(namespace);
    return this.enabled && !outside && namespace !== this.controlPlaneNamespace && namespace !== 'kube-system';
  }

  /**
   * Whether a namespace is the platform's, with what guards all of its pods.
   *
   * @internal
   */
  public _guards(namespace: string): boolean {
    return this.enabled && MESHED.includes(namespace);
  }

  /**
   * The labels by which Istio knows whether a namespace's pods get sidecars.
   *
   * @internal
   */
  public _namespaceLabels(namespace: string): Record<string, string> {
    if (!this.enabled) {
      return {};
    }
    if (!this._covers(namespace)) {
      return { 'istio-injection': 'disabled' };
    }
    return this.revision ? { 'istio.io/rev': this.revision } : { 'istio-injection': 'enabled' };
  }

  /**
   * Labels of a pod that gets a sidecar.
   *
   * @internal
   */
  public get _podLabels(): Record<string, string> {
    return { 'sidecar.istio.io/inject': 'true', ...(this.revision ? { 'istio.io/rev': this.revision } : {}) };
  }

  /**
   * What a pod takes together with its sidecar, which starts before its init containers and outlives its containers.
   *
   * @internal
   */
  public _withSidecar(footprint: Footprint): Footprint {
    return {
      ...footprint,
      perPod: this._plusSidecar(footprint.perPod),
      containers: [...footprint.containers, this._sidecar],
    };
  }

  /** @internal */
  public _plusSidecar(perPod: ParsedResources): ParsedResources {
    return mapResources((key) => perPod[key].plus(this._sidecar[key]));
  }

  /**
   * The identity of a workload's pods: that of their service account, which has the workload's name.
   *
   * @internal
   */
  public _principal(namespace: string, serviceAccount: string): string {
    return `${this.trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
  }
}
