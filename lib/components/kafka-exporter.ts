import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { layerWave } from '../gitops/sync-waves';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { Deployment } from '../workload/deployment';
import { httpProbe, tcpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { NOBODY } from '../workload/users';

/** What an exporter reads. */
export interface KafkaExporterProps {
  /** Its name, and that of its objects. */
  readonly name: string;
  readonly box: string;
  /** Where the brokers are reached. */
  readonly kafka: Endpoint;
  readonly resources: Resources;
}

const PORT = 'http-metrics';

/** Turns what the brokers know of topics, replicas and consumers' lag into Prometheus metrics. */
export class KafkaExporter extends Construct {
  /** Its pod. */
  public readonly deployment: Deployment;

  public constructor(scope: Construct, id: string, props: KafkaExporterProps) {
    super(scope, id);
    const { name, box, kafka, resources } = props;
    this.deployment = new Deployment(this, 'deployment', {
      name,
      box,
      component: 'exporter',
      user: NOBODY,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      // It ends where it finds no broker, so it comes after them.
      syncWave: layerWave(kafka.pods.namespace) + 1,
      containers: [
        {
          name: 'exporter',
          image: clusterContext(this).images.of('kafka-exporter'),
          args: [`--kafka.server=${kafka.address}`],
          resources,
          ports: [{ name: PORT, port: 9308 }],
          livenessProbe: tcpProbe(PORT, { periodSeconds: 20, timeoutSeconds: 3, failureThreshold: 3 }),
          readinessProbe: httpProbe(PORT, '/healthz', { periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 3 }),
        },
      ],
    });
    this.deployment.addMetrics(this.deployment.addEndpoint(PORT, EndpointKind.METRICS));
    this.deployment.connectTo(kafka);
  }
}
