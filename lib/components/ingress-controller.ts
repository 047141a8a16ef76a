import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { EndpointKind } from '../connections/endpoint';
import { clusterScoped, objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { ClientAddress, Exposure, LoadBalancer } from '../load-balancer';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { Deployment } from '../workload/deployment';
import { named, selectorLabels, workloadLabels } from '../workload/labels';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';
import { traefikArguments, TRAEFIK_PORTS } from './traefik-arguments';

/** What can be set of the ingress controller. */
export interface IngressControllerOptions {
  /**
   * How many pods it runs.
   *
   * @default - 2; 1 where the environment is sized for one machine
   */
  readonly replicas?: number;

  /**
   * What each pod asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** What an ingress controller is made from. */
export interface IngressControllerProps {
  /** The box of the topology it is. */
  readonly box: Box;
  /** How many pods it runs. */
  readonly replicas: number;
  /** What each pod asks for and may use. */
  readonly resources: Resources;
  /** What stands before it. */
  readonly loadBalancer: LoadBalancer;
  /** The networks that the load balancer is in. */
  readonly trustedProxies: string[];
}

/** The class of the Ingresses it serves. */
export const INGRESS_CLASS = 'wms';

/** The user that the image runs as. */
const TRAEFIK_USER = 65532;

/** How long a pod that is taken away still takes connections, until the load balancer knows. */
const DRAIN_SECONDS = 20;

/** How long requests under way may take after that. */
const GRACE_SECONDS = 40;

interface MetadataOptions {
  readonly namespaced?: boolean;
  readonly annotations?: Record<string, string>;
}

/**
 * The ingress controller: Traefik, with the Ingresses of its own namespace, exposed as the environment's load balancer
 * needs it.
 */
export class IngressController extends Construct {
  /** Its pods. */
  public readonly deployment: Deployment;

  private readonly exposure: Exposure;

  /** @throws on bad replicas or resources */
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: IngressControllerProps,
  ) {
    super(scope, id);
    this.exposure = props.loadBalancer._exposure;
    this.deployment = this.createDeployment();
    const { box } = props;
    this.deployment.serve(box.endpointNamed('web'));
    this.deployment.serve(box.endpointNamed('websecure'));
    this.deployment.addMetrics(this.deployment.addEndpoint('metrics', EndpointKind.METRICS));
    clusterScoped(
      new k8s.KubeIngressClass(this, 'ingress-class', {
        metadata: this.metadata(INGRESS_CLASS, { namespaced: false }),
        spec: { controller: 'traefik.io/ingress-controller' },
      }),
    );
    this.grantRules();
    if (this.exposure.type !== 'ClusterIP') {
      this.addExternalService();
    }
  }

  /** The name of the Service that clients come in by, through the load balancer or a node's port. */
  public get publicServiceName(): string {
    const { workload } = this.props.box.pods._identity;
    return this.exposure.type === 'ClusterIP' ? workload : `${workload}-public`;
  }

  private createDeployment(): Deployment {
    const { box, replicas, resources, trustedProxies } = this.props;
    return new Deployment(this, 'deployment', {
      ...named(box.pods._identity),
      pods: box.pods,
      replicas,
      user: TRAEFIK_USER,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      kubernetesApi: true,
      terminationGracePeriod: Duration.seconds(DRAIN_SECONDS + GRACE_SECONDS + 5),
      containers: [
        {
          name: 'traefik',
          image: clusterContext(this).images.of('ingress-controller'),
          args: traefikArguments({
            namespace: box.pods.namespace,
            exposure: this.exposure,
            trustedProxies,
            publicService: this.publicServiceName,
            internalHost: box.endpointNamed('websecure').host,
            ingressClass: INGRESS_CLASS,
            drainSeconds: DRAIN_SECONDS,
            graceSeconds: GRACE_SECONDS,
          }),
          resources,
          ports: Object.entries(TRAEFIK_PORTS).map(([name, port]) => ({ name, port })),
          startupProbe: httpProbe('ping', '/ping', { periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 30 }),
          livenessProbe: httpProbe('ping', '/ping', { periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }),
          readinessProbe: httpProbe('ping', '/ping', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }),
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
      volumes: [tmpVolume()],
    });
  }

  /** What Traefik watches: the objects of its own namespace, and what an Ingress refers to outside of it. */
  private grantRules(): void {
    const { namespace, name } = this.deployment;
    const subjects = [{ kind: 'ServiceAccount', name, namespace }];
    const watch = ['list', 'watch'];
    new k8s.KubeRole(this, 'role', {
      metadata: this.metadata(name),
      rules: [
        // The certificates of its Ingresses.
        { apiGroups: [''], resources: ['secrets'], verbs: watch },
        { apiGroups: [''], resources: ['services'], verbs: watch },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: watch },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: watch },
        { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
      ],
    });
    new k8s.KubeRoleBinding(this, 'role-binding', {
      metadata: this.metadata(name),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects,
    });
    clusterScoped(
      new k8s.KubeClusterRole(this, 'cluster-role', {
        metadata: this.metadata(`wms-${name}`, { namespaced: false }),
        rules: [
          { apiGroups: ['networking.k8s.io'], resources: ['ingressclasses'], verbs: watch },
          { apiGroups: [''], resources: ['nodes'], verbs: watch },
        ],
      }),
    );
    clusterScoped(
      new k8s.KubeClusterRoleBinding(this, 'cluster-role-binding', {
        metadata: this.metadata(`wms-${name}`, { namespaced: false }),
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `wms-${name}` },
        subjects,
      }),
    );
  }

  /** The Service that the internet knows, apart from the one that other pods could use. */
  private addExternalService(): void {
    const { type, annotations, loadBalancerClass, nodePorts, fixedNodePorts, clientAddress } = this.exposure;
    const port = (name: 'web' | 'websecure', number: number, nodePort?: number): k8s.ServicePort => ({
      name,
      port: number,
      // By its number: a mesh wants one name of a target port to be one port of Services.
      targetPort: k8s.IntOrString.fromNumber(TRAEFIK_PORTS[name]),
      protocol: 'TCP',
      appProtocol: name === 'web' ? 'http' : 'https',
      nodePort,
    });
    new k8s.KubeService(this, 'public-service', {
      metadata: this.metadata(this.publicServiceName, { annotations }),
      spec: {
        type,
        loadBalancerClass,
        allocateLoadBalancerNodePorts: type === 'LoadBalancer' ? nodePorts : undefined,
        // Through another node, a client's address would be lost on the way.
        externalTrafficPolicy: clientAddress === ClientAddress.SOURCE ? 'Local' : 'Cluster',
        selector: selectorLabels(this.props.box.pods._identity),
        ports: [port('web', 80, fixedNodePorts?.http), port('websecure', 443, fixedNodePorts?.https)],
      },
    });
  }

  private metadata(name: string, { namespaced = true, annotations }: MetadataOptions = {}) {
    return objectMetadata({
      name,
      namespace: namespaced ? this.deployment.namespace : undefined,
      annotations,
      labels: workloadLabels(this.props.box.pods._identity),
      wave: SYNC_WAVES.configuration,
    });
  }
}
