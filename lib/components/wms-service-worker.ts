import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ConnectOptions, IConnectable } from '../connections/peer';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { STANDARD_RESOURCES } from '../topology/services';
import { Deployment } from '../workload/deployment';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';
import { WmsPlatformBase } from '../wms-platform-base';
import { ServiceConfiguration } from './service-configuration';
import type { WmsService } from './wms-service';

/** The second binary of a service's image: a Temporal worker that polls a task queue. It serves no port. */
export interface WmsServiceWorkerProps {
  /**
   * The command that starts it.
   *
   * @default - `/app/worker`
   */
  readonly command?: string[];

  /**
   * How many pods it runs.
   *
   * @default - 2; 1 where the environment is sized for one machine
   */
  readonly replicas?: number;

  /**
   * What each pod asks for and may use.
   *
   * @default - the service's
   */
  readonly resources?: Resources;
}

/** How long a worker gets to finish the activities it is at. */
const GRACE = Duration.seconds(60);

/** The Temporal worker of a service: pods of its image that only open connections. */
export class WmsServiceWorker extends Construct {
  /** Its pods. */
  public readonly deployment: Deployment;

  private readonly configuration: ServiceConfiguration;

  /**
   * @param service the service it belongs to
   * @param id the construct's id
   * @param props what differs from the service
   * @throws on bad replicas or resources
   */
  public constructor(service: WmsService, id: string, props: WmsServiceWorkerProps = {}) {
    super(service, id);
    const { image, database, user, annotations, podAnnotations, resources = STANDARD_RESOURCES } = service._props;
    const serviceName = service.deployment.name;
    const name = `${serviceName}-worker`;
    this.configuration = new ServiceConfiguration(this, 'configuration', {
      identity: { box: serviceName, workload: name, component: 'worker' },
      service,
      serviceName,
      database,
      settings: {},
      secretSettings: {},
    });
    this.deployment = new Deployment(this, 'deployment', {
      name,
      box: serviceName,
      component: 'worker',
      replicas: props.replicas ?? WmsPlatformBase.of(this).environment.sizing.replicas(2),
      user,
      priorityClassName: PRIORITY_CLASSES.application.name,
      annotations,
      podAnnotations: { ...podAnnotations, ...this.configuration.hashAnnotation },
      terminationGracePeriod: GRACE,
      containers: [
        {
          name: 'worker',
          image,
          command: props.command ?? ['/app/worker'],
          resources: props.resources ?? resources,
          env: this.configuration.env,
          envFrom: this.configuration.envFrom,
          // No probes: it serves nothing that could be asked, and it ends by itself when it loses Temporal or MongoDB.
          volumeMounts: this.configuration.volumeMounts([{ name: 'tmp', mountPath: '/tmp' }]),
        },
      ],
      volumes: this.configuration.volumes([tmpVolume()]),
    });
  }

  /**
   * Declares that the worker connects to something, and tells it the address; see `WmsService.connectTo`.
   *
   * @param target what it connects to
   * @param options how it uses the connection
   */
  public connectTo(target: IConnectable, options: ConnectOptions = {}): void {
    this.deployment.connectTo(target, options);
    this.configuration.addPeer(target.endpoint);
  }
}
