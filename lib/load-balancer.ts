import { invalid } from './errors';
import { ExposedServices } from './namespaces/quota';

/** An AWS Application Load Balancer before the ingress controller. */
export interface AlbProps {
  /**
   * The ARN of the certificate of the public hosts in AWS Certificate Manager.
   *
   * @default - found there by the load balancer's controller, by host name
   */
  readonly certificateArn?: string;

  /**
   * Whether it is reached from the internet, or only from the VPC.
   *
   * @default true
   */
  readonly internetFacing?: boolean;
}

/** An AWS Network Load Balancer before the ingress controller. */
export interface NlbProps {
  /**
   * Whether it is reached from the internet, or only from the VPC.
   *
   * @default true
   */
  readonly internetFacing?: boolean;
}

/** The ports of every node at which a cluster without a load balancer is reached. */
export interface NodePortProps {
  /**
   * The port for HTTP.
   *
   * @default 30080
   */
  readonly http?: number;

  /**
   * The port for HTTPS.
   *
   * @default 30443
   */
  readonly https?: number;
}

/** How the ingress controller learns a client's address through a load balancer. */
export enum ClientAddress {
  /** Packets come from it. */
  SOURCE = 'source',
  /** The load balancer says it in a header of the PROXY protocol. */
  PROXY_PROTOCOL = 'proxy-protocol',
  /** The load balancer says it in `X-Forwarded-For`. */
  FORWARDED_FOR = 'forwarded-for',
}

/** How the ingress controller's Service is exposed. */
export interface Exposure {
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  readonly annotations: { readonly [name: string]: string };
  readonly loadBalancerClass?: string;
  /** Whether its type makes node ports that the load balancer sends to. */
  readonly nodePorts: boolean;
  /** Node ports with numbers of their own. */
  readonly fixedNodePorts?: { readonly http: number; readonly https: number };
  readonly clientAddress: ClientAddress;
  /** The port that clients know HTTPS at. */
  readonly httpsPort: number;
  /** The Ingress that an Application Load Balancer is made from: its annotations. */
  readonly albAnnotations?: { readonly [name: string]: string };
}

/** What stands before the ingress controller: how clients reach it, and how it learns their addresses. */
export class LoadBalancer {
  /**
   * AWS: an Application Load Balancer, which ends the clients' TLS with a certificate of AWS Certificate Manager and
   * speaks TLS to the ingress controller. It needs the AWS Load Balancer Controller.
   *
   * @param props its certificate and reach
   */
  public static alb(props: AlbProps = {}): LoadBalancer {
    const arn = props.certificateArn;
    if (arn !== undefined && !/^arn:aws[-a-z]*:acm:[-a-z0-9]+:\d{12}:certificate\/[-a-f0-9]+$/.test(arn)) {
      throw invalid('load balancer', `'${arn}' is no certificate; allowed: an ARN of AWS Certificate Manager`);
    }
    return new LoadBalancer({
      type: 'ClusterIP',
      annotations: {},
      nodePorts: false,
      clientAddress: ClientAddress.FORWARDED_FOR,
      httpsPort: 443,
      albAnnotations: {
        'alb.ingress.kubernetes.io/scheme': scheme(props.internetFacing),
        'alb.ingress.kubernetes.io/target-type': 'ip',
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
        'alb.ingress.kubernetes.io/ssl-redirect': '443',
        'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        'alb.ingress.kubernetes.io/backend-protocol': 'HTTPS',
        'alb.ingress.kubernetes.io/load-balancer-attributes':
          'routing.http.drop_invalid_header_fields.enabled=true,routing.http.xff_header_processing.mode=append',
        ...(arn ? { 'alb.ingress.kubernetes.io/certificate-arn': arn } : {}),
      },
    });
  }

  /**
   * AWS: a Network Load Balancer, which passes connections on to the ingress controller. It needs the AWS Load Balancer
   * Controller.
   *
   * @param props its reach
   */
  public static nlb(props: NlbProps = {}): LoadBalancer {
    return new LoadBalancer({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-scheme': scheme(props.internetFacing),
        'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
        'service.beta.kubernetes.io/aws-load-balancer-proxy-protocol': '*',
      },
      nodePorts: false,
      clientAddress: ClientAddress.PROXY_PROTOCOL,
      httpsPort: 443,
    });
  }

  /** Google Cloud: a regional external passthrough load balancer; packets keep their clients' addresses. */
  public static gcp(): LoadBalancer {
    return new LoadBalancer({
      type: 'LoadBalancer',
      annotations: { 'cloud.google.com/l4-rbs': 'enabled' },
      nodePorts: true,
      clientAddress: ClientAddress.SOURCE,
      httpsPort: 443,
    });
  }

  /**
   * None: fixed ports of the nodes, for clusters on one machine.
   *
   * @param props the ports
   */
  public static nodePort(props: NodePortProps = {}): LoadBalancer {
    const { http = 30080, https = 30443 } = props;
    for (const [what, port] of Object.entries({ http, https })) {
      if (!Number.isInteger(port) || port < 30000 || port > 32767) {
        throw invalid('load balancer', `node port ${what} is ${port}; allowed: a whole number from 30000 to 32767`);
      }
    }
    if (http === https) {
      throw invalid('load balancer', `node ports http and https are both ${http}; allowed: two ports`);
    }
    return new LoadBalancer({
      type: 'NodePort',
      annotations: {},
      nodePorts: true,
      fixedNodePorts: { http, https },
      clientAddress: ClientAddress.SOURCE,
      httpsPort: https,
    });
  }

  private constructor(
    /** @internal */
    public readonly _exposure: Exposure,
  ) {}

  /**
   * What of it the quota of the ingress controller's namespace must allow.
   *
   * @internal
   */
  public get _exposed(): ExposedServices {
    const { type, nodePorts } = this._exposure;
    // One Service with two ports, HTTP and HTTPS.
    return { loadBalancers: type === 'LoadBalancer' ? 1 : 0, nodePorts: nodePorts ? 2 : 0 };
  }
}

function scheme(internetFacing: boolean = true): string {
  return internetFacing ? 'internet-facing' : 'internal';
}
