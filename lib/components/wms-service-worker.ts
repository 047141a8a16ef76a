import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ConnectOptions, IConnectable } from '../connections/peer';
import { Deployment } from '../workload/deployment';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';
import { ServiceConfiguration, ServiceConfigurationProps } from './service-configuration';

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

/** What a service passes on to its worker. */
export interface WorkerOfService {
  readonly service: string;
  readonly image: string;
  readonly command: string[];
  readonly replicas: number;
  readonly resources: Resources;
  readonly user: number;
  readonly priorityClassName: string;
  readonly database?: string;
  readonly annotations?: { readonly [name: string]: string };
  readonly podAnnotations?: { readonly [name: string]: string };
}

/** How long a worker gets to finish the activities it is at. */
const GRACE = Duration.seconds(60);

/** The Temporal worker of a service: pods of its image that only open connections. */
export class WmsServiceWorker extends Construct {
  /** Its pods. */
  public readonly deployment: Deployment;

  private readonly configuration: ServiceConfiguration;

  /** @internal */
  public constructor(scope: Construct, id: string, props: WorkerOfService) {
    super(scope, id);
    const name = `${props.service}-worker`;
    const configuration: ServiceConfigurationProps = {
      identity: { box: props.service, workload: name, component: 'worker' },
      service: scope,
      serviceName: props.service,
      database: props.database,
      settings: {},
      secretSettings: {},
    };
    this.configuration = new ServiceConfiguration(this, 'configuration', configuration);
    this.deployment = new Deployment(this, 'deployment', {
      name,
      box: props.service,
      component: 'worker',
      replicas: props.replicas,
      user: props.user,
      priorityClassName: props.priorityClassName,
      annotations: props.annotations,
      podAnnotations: { ...props.podAnnotations, ...this.configuration.hashAnnotation },
      terminationGracePeriod: GRACE,
      containers: [
        {
          name: 'worker',
          image: props.image,
          command: props.command,
          resources: props.resources,
          env: this.configuration.env,
          envFrom: this.configuration.envFrom,
          // No probes: it serves nothing that could be asked, and it ends by itself when it loses Temporal or MongoDB.
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [tmpVolume()],
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
