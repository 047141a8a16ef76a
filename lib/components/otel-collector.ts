import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { invalid } from '../errors';
import { clusterScoped, objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { ConfigMap } from '../workload/config-map';
import { Deployment } from '../workload/deployment';
import { named, workloadLabels } from '../workload/labels';
import { checkCount } from '../workload/names';
import { Resources } from '../workload/resources';
import { configVolume } from '../workload/volumes';
import { COLLECTOR_METRICS, collectorContainer, collectorMemory, COLLECTOR_USER } from './collector-container';
import { gatewayConfig, TailSampling } from './otel-collector-config';

/** What can be set of the OpenTelemetry collector. */
export interface OtelCollectorOptions {
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

  /**
   * Keeps a part of the traces only. All spans of a trace must come to one pod for that, so it needs `replicas: 1`.
   *
   * @default - every trace that the services send is kept
   */
  readonly tailSampling?: TailSampling;
}

/** What an OpenTelemetry collector is made from. */
export interface OtelCollectorProps {
  /** The box of the topology it is. */
  readonly box: Box;

  /** How many pods it runs. */
  readonly replicas: number;

  /** What each pod asks for and may use. */
  readonly resources: Resources;

  /** Where Tempo takes traces. */
  readonly traces: Endpoint;

  /** Where Loki takes logs. */
  readonly logs: Endpoint;

  /**
   * Keeps a part of the traces only.
   *
   * @default - every trace is kept
   */
  readonly tailSampling?: TailSampling;
}

/**
 * The OpenTelemetry collector as a gateway: what services and the nodes' log agents send gets the attributes of the pod
 * it is from, and goes to Tempo and Loki in batches.
 */
export class OtelCollector extends Construct implements IConnectable {
  /** Its pods. */
  public readonly deployment: Deployment;

  /** Where telemetry is sent: OTLP over gRPC. */
  public readonly otlp: Endpoint;

  /** @throws on bad replicas, resources or sampling, and on tail sampling with more than one pod */
  public constructor(scope: Construct, id: string, props: OtelCollectorProps) {
    super(scope, id);
    const { box, replicas, resources, traces, logs, tailSampling } = props;
    const identity = box.pods._identity;
    const otlp = box.endpointNamed('grpc-otlp');
    checkCount(this, 'replicas', replicas, 1);
    if (tailSampling) {
      this.checkSampling(tailSampling, replicas);
    }
    const config = new ConfigMap(this, 'config', {
      name: identity.workload,
      identity,
      data: {
        'collector.yaml': gatewayConfig({
          otlpPort: otlp.port,
          traces: traces.address,
          logs: logs.address,
          memory: collectorMemory(this, resources),
          sampling: tailSampling,
        }),
      },
    });
    this.deployment = new Deployment(this, 'deployment', {
      pods: box.pods,
      ...named(identity),
      replicas,
      user: COLLECTOR_USER,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      kubernetesApi: true,
      podAnnotations: config.hashAnnotation,
      volumes: [configVolume('config', config)],
      containers: [
        collectorContainer(this, { resources, ports: [{ name: otlp.portName, port: otlp.port }], volumeMounts: [] }),
      ],
    });
    this.otlp = this.deployment.serve(otlp);
    this.deployment.addMetrics(this.deployment.addEndpoint(COLLECTOR_METRICS.name, EndpointKind.METRICS));
    this.grantRules();
  }

  /** Its main endpoint: `otlp`. */
  public get endpoint(): Peer {
    return this.otlp;
  }

  private checkSampling({ keptPercentage }: TailSampling, replicas: number): void {
    if (!(keptPercentage >= 0 && keptPercentage <= 100)) {
      throw invalid(this, `tailSampling.keptPercentage is ${keptPercentage}; allowed: a number from 0 to 100`);
    }
    if (replicas > 1) {
      throw invalid(
        this,
        `tailSampling with ${replicas} replicas would decide on parts of traces; allowed: replicas 1, or no tailSampling`,
      );
    }
  }

  /** Whose pod an address or uid is: it reads pods, and nothing of the objects that own them. */
  private grantRules(): void {
    const { name, namespace } = this.deployment;
    const metadata = () =>
      objectMetadata({
        name: `wms-${name}`,
        labels: workloadLabels(this.deployment.pods._identity),
        wave: SYNC_WAVES.configuration,
      });
    clusterScoped(
      new k8s.KubeClusterRole(this, 'cluster-role', {
        metadata: metadata(),
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
      }),
    );
    clusterScoped(
      new k8s.KubeClusterRoleBinding(this, 'cluster-role-binding', {
        metadata: metadata(),
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `wms-${name}` },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      }),
    );
  }
}
