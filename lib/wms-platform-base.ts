import { Construct, IConstruct } from 'constructs';
import { Box, BoxOptions } from './connections/box';
import { IConnectable } from './connections/peer';
import { PodsState } from './connections/pods-state';
import { Scraper } from './connections/scraper';
import { Environment } from './environment';
import { invalid } from './errors';
import { rejectDuplicateObjects } from './duplicate-objects';
import { BoxTopology } from './topology/boxes';
import { NAMESPACES } from './topology/namespaces';
import { setClusterContext } from './workload/cluster-context';

/** What an environment can switch off. */
const OBSERVABILITY_NAMESPACES: string[] = [NAMESPACES.observability.name, NAMESPACES.nodeLogAgent.name];

const PLATFORMS = new WeakMap<IConstruct, WmsPlatformBase>();

/** What a service needs of a platform, whether that stands in the same app or somebody else has deployed it. */
export abstract class WmsPlatformBase extends Construct {
  /**
   * The platform of the nearest scope that has one.
   *
   * @param construct where to begin
   * @throws where there is none
   */
  public static of(construct: IConstruct): WmsPlatformBase {
    const holder = [...construct.node.scopes].reverse().find((scope) => PLATFORMS.has(scope));
    if (!holder) {
      throw invalid(
        construct,
        `there is no platform around it; allowed: below a WmsPlatform's app, or beside WmsPlatform.fromEnvironment`,
      );
    }
    return PLATFORMS.get(holder)!;
  }

  /** The environment it is built for. */
  public readonly environment: Environment;

  /** The MongoDB replica set. */
  public abstract readonly mongodb: IConnectable;

  /** The Kafka cluster, by its bootstrap address. */
  public abstract readonly kafka: IConnectable;

  /** Temporal, by its frontend. */
  public abstract readonly temporal: IConnectable;

  /** The OpenTelemetry collector. */
  public abstract readonly otelCollector: IConnectable;

  /** @param environment what the platform is built for; a platform serves the scope it is made in, and all below */
  protected constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    if (PLATFORMS.has(scope)) {
      throw invalid(this, `its scope has a platform already (${PLATFORMS.get(scope)!.node.path}); allowed: one`);
    }
    this.environment = environment;
    PLATFORMS.set(scope, this);
    rejectDuplicateObjects(scope.node.root);
  }

  /**
   * One of the platform's services.
   *
   * @param name its name, as `inventory-service`
   * @throws where there is none of that name
   */
  public abstract service(name: string): IConnectable;

  /** @internal */
  protected _box(topology: BoxTopology, state: PodsState, options: Partial<BoxOptions> = {}): Box {
    const members = options.members ?? (topology.members && this.environment.sizing.replicas(topology.members));
    const off = !this.environment.observability.enabled && OBSERVABILITY_NAMESPACES.includes(topology.namespace);
    return Box._fromTopology(this.node.scope!, topology, {
      ...options,
      state: off ? PodsState.ABSENT : state,
      members,
    });
  }

  /** @internal */
  protected _setClusterContext(scraper: Scraper, secretStores: string[]): void {
    const { name, clusterDomain, dns, secrets, tls, mesh, restartOnSecretChange, _images } = this.environment;
    setClusterContext(this.node.scope!, {
      environmentName: name,
      clusterDomain,
      dns,
      images: _images,
      secrets,
      tls,
      restartOnSecretChange,
      mesh: mesh.enabled ? mesh : undefined,
      secretStores: new Set(secretStores),
      scraper,
    });
  }
}
