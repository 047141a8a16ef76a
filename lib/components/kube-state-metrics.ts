import { Construct } from 'constructs';
import { EndpointKind } from '../connections/endpoint';
import { WATCHED_RESOURCES } from '../topology/observer-roles';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { Deployment } from '../workload/deployment';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { NOBODY } from '../workload/users';

/** What kube-state-metrics is made from. */
export interface KubeStateMetricsProps {
  /** The name of its objects. */
  readonly name: string;
  /** The namespaces it tells of. */
  readonly namespaces: readonly string[];
  readonly resources: Resources;
}

const PORT = { name: 'http-metrics', port: 8080 };
const TELEMETRY = { name: 'http-telemetry', port: 8081 };

/** Turns what the API server knows of the platform's objects into metrics: replicas, restarts, phases, jobs. */
export class KubeStateMetrics extends Deployment {
  public constructor(scope: Construct, id: string, { name, namespaces, resources }: KubeStateMetricsProps) {
    super(scope, id, {
      name,
      component: 'metrics-exporter',
      user: NOBODY,
      kubernetesApi: true,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      containers: [
        {
          name: 'kube-state-metrics',
          image: clusterContext(scope).images.of('kube-state-metrics'),
          args: [
            `--port=${PORT.port}`,
            `--telemetry-port=${TELEMETRY.port}`,
            // Both take away what it may not see anyway, and would report as an error each time.
            `--namespaces=${namespaces.join(',')}`,
            `--resources=${WATCHED_RESOURCES.join(',')}`,
          ],
          resources,
          ports: [PORT, TELEMETRY],
          // Without the API server's answer: an API server that is away is no reason to restart this.
          livenessProbe: httpProbe(PORT.name, '/healthz', {
            periodSeconds: 20,
            timeoutSeconds: 5,
            failureThreshold: 3,
          }),
          readinessProbe: httpProbe(TELEMETRY.name, '/readyz', {
            periodSeconds: 10,
            timeoutSeconds: 5,
            failureThreshold: 3,
          }),
        },
      ],
    });
    // Its page tells of other pods by the labels that a scrape would put its own into.
    this.addMetrics(this.addEndpoint(PORT.name, EndpointKind.METRICS), '/metrics', { honorLabels: true });
  }
}
