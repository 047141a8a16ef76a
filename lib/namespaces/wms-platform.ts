import { App } from 'cdk8s';
import { WmsService, WmsServiceOptions } from '../components/wms-service';
import { WmsServiceWorker, WmsServiceWorkerProps } from '../components/wms-service-worker';
import { invalid, oneOf } from '../errors';
import { Sizing } from '../sizing';
import { NAMESPACES } from '../topology/namespaces';
import { SERVICES, ServiceTopology, STANDARD_RESOURCES } from '../topology/services';
import { AUTOSCALING_DEFAULTS } from '../workload/autoscaler';
import { Footprint, guestFootprints } from '../workload/footprint';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What differs from the topology's figures for one service. */
export interface WmsServiceOverrides extends WmsServiceOptions {
  /**
   * Its image.
   *
   * @default - the environment's registry and tag
   */
  readonly image?: string;

  /**
   * What differs for its Temporal worker, where it has one.
   *
   * @default - nothing
   */
  readonly worker?: WmsServiceWorkerProps;
}

/** What the namespace of the services needs to know. */
export interface WmsPlatformNamespaceProps extends PlatformNamespaceProps {
  readonly sizing: Sizing;
  readonly image: (service: string) => string;
  readonly overrides: { readonly [service: string]: WmsServiceOverrides };
}

/** The application layer: the ten services and their workers. */
export class WmsPlatformNamespace extends PlatformNamespace {
  private readonly services = new Map<string, WmsService>();
  private readonly workers = new Map<string, WmsServiceWorker>();

  public constructor(app: App, props: WmsPlatformNamespaceProps) {
    super(app, NAMESPACES.wmsPlatform, props);
    for (const name of Object.keys(props.overrides)) {
      if (!SERVICES.some((s) => s.name === name)) {
        throw invalid(this, `there is no service '${name}' to override; ${oneOf(SERVICES.map((s) => s.name))}`);
      }
    }
    for (const topology of SERVICES) {
      this.addService(topology, props, props.overrides[topology.name] ?? {});
    }
  }

  /** A service by its name. */
  public service(name: string): WmsService {
    const service = this.services.get(name);
    if (!service) {
      throw invalid(this, `there is no service '${name}'; ${oneOf([...this.services.keys()])}`);
    }
    return service;
  }

  /** The Temporal worker of a service, where it has one. */
  public worker(service: string): WmsServiceWorker | undefined {
    return this.workers.get(service);
  }

  private addService(
    topology: ServiceTopology,
    props: WmsPlatformNamespaceProps,
    overrides: WmsServiceOverrides,
  ): void {
    const { name, port, portVariable, database, worker } = topology;
    const { worker: workerOverrides, ...own } = overrides;
    if (workerOverrides && !worker) {
      throw invalid(
        this,
        `${name} has no worker to override; ${oneOf(SERVICES.filter((s) => s.worker).map((s) => s.name))}`,
      );
    }
    const service = new WmsService(this, name, {
      image: props.image(name),
      port,
      portVariable,
      database,
      replicas: props.sizing.replicas(topology.replicas),
      resources: topology.resources,
      shutdownSeconds: topology.shutdownSeconds,
      ...given(own),
      settings: { ...topology.settings, ...overrides.settings },
    });
    this.services.set(name, service);
    if (worker) {
      this.workers.set(
        name,
        service.addWorker({
          command: [...worker.command],
          replicas: props.sizing.replicas(worker.replicas),
          ...given(workerOverrides ?? {}),
        }),
      );
    }
  }
}

/** The room that quotas leave for a number of guests: each a standard service that may grow as far as the platform's own. */
export function guestServiceFootprints(guests: number, sizing: Sizing): Footprint[] {
  const most = sizing.autoscaling ? AUTOSCALING_DEFAULTS.maxReplicas : sizing.replicas(2);
  return guestFootprints(guests, most + 1, STANDARD_RESOURCES);
}

function given<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}
