import { invalid } from './errors';
import { LoadBalancer } from './load-balancer';
import { SSD_STORAGE_CLASS } from './topology/storage-class';

/** What an AWS environment is. */
export interface AwsProps {
  /** The region, as `us-east-1`. */
  readonly region: string;

  /**
   * The account's twelve digits, where its IAM roles are to be named.
   *
   * @default - none
   */
  readonly accountId?: string;

  /**
   * What stands before the ingress controller.
   *
   * @default LoadBalancer.alb()
   */
  readonly loadBalancer?: LoadBalancer;
}

/** What a Google Cloud environment is. */
export interface GcpProps {
  /** The region, as `europe-west4`. */
  readonly region: string;

  /**
   * What stands before the ingress controller.
   *
   * @default LoadBalancer.gcp()
   */
  readonly loadBalancer?: LoadBalancer;
}

/** What a cluster on one machine is. */
export interface LocalProps {
  /**
   * How the ingress controller is reached.
   *
   * @default LoadBalancer.nodePort()
   */
  readonly loadBalancer?: LoadBalancer;
}

/** The StorageClass of a provider's SSD volumes. */
export interface SsdStorage {
  /** The CSI driver. */
  readonly provisioner: string;
  /** Its parameters. */
  readonly parameters: { readonly [name: string]: string };
}

/** Where an environment's cluster runs, and what follows from it. */
export class CloudProvider {
  /**
   * Amazon EKS: gp3 volumes, encrypted.
   *
   * @param props region and account
   */
  public static aws(props: AwsProps): CloudProvider {
    return new CloudProvider('aws', props.loadBalancer ?? LoadBalancer.alb(), props.region, props.accountId, {
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true', 'csi.storage.k8s.io/fstype': 'ext4' },
    });
  }

  /**
   * Google GKE: pd-ssd volumes.
   *
   * @param props region
   */
  public static gcp(props: GcpProps): CloudProvider {
    return new CloudProvider('gcp', props.loadBalancer ?? LoadBalancer.gcp(), props.region, undefined, {
      provisioner: 'pd.csi.storage.gke.io',
      parameters: { type: 'pd-ssd', 'csi.storage.k8s.io/fstype': 'ext4' },
    });
  }

  /**
   * A cluster on one machine (kind, minikube), with its own default StorageClass.
   *
   * @param props how it is reached
   */
  public static local(props: LocalProps = {}): CloudProvider {
    return new CloudProvider('local', props.loadBalancer ?? LoadBalancer.nodePort());
  }

  private constructor(
    /** `aws`, `gcp` or `local`. */
    public readonly name: string,
    /** What stands before the ingress controller. */
    public readonly loadBalancer: LoadBalancer,
    /** The region; none for a local cluster. */
    public readonly region?: string,
    /** The AWS account. */
    public readonly accountId?: string,
    /** Its SSD volumes; none where the cluster's default StorageClass is used. */
    public readonly ssd?: SsdStorage,
  ) {
    if (accountId !== undefined && !/^\d{12}$/.test(accountId)) {
      throw invalid('provider', `'${accountId}' is no AWS account; allowed: twelve digits`);
    }
    if (region !== undefined && !/^[a-z]+(-[a-z]+)+-?\d+$/.test(region)) {
      throw invalid(
        'provider',
        `'${region}' is no region of ${name}; allowed: a region's name, as us-east-1 or europe-west4`,
      );
    }
  }

  /** The StorageClass of the platform's volumes; none where the cluster's default is used. */
  public get storageClassName(): string | undefined {
    return this.ssd && SSD_STORAGE_CLASS;
  }
}
