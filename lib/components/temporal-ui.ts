import { Construct } from 'constructs';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { TEMPORAL_NAMESPACE } from '../topology/components';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { Deployment } from '../workload/deployment';
import { Identity, named } from '../workload/labels';
import { httpProbe, tcpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';

/** What Temporal's web interface needs. */
export interface TemporalUiProps {
  readonly identity: Identity;
  readonly frontend: Endpoint;
  readonly resources: Resources;
  readonly syncWave: number;
}

const PORT = { name: 'http', port: 8080 };

/** Temporal's web interface. It has no login of its own: nothing reaches it but what is connected to it. */
export class TemporalUi extends Deployment {
  /** Its pages. */
  public readonly http: Endpoint;

  public constructor(scope: Construct, id: string, props: TemporalUiProps) {
    const { identity, frontend, resources, syncWave } = props;
    super(scope, id, {
      ...named(identity),
      syncWave,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      volumes: [tmpVolume()],
      containers: [
        {
          name: 'ui',
          image: clusterContext(scope).images.of('temporal-ui'),
          resources,
          ports: [PORT],
          env: [
            { name: 'TEMPORAL_ADDRESS', value: frontend.address },
            { name: 'TEMPORAL_UI_PORT', value: `${PORT.port}` },
            { name: 'TEMPORAL_DEFAULT_NAMESPACE', value: TEMPORAL_NAMESPACE },
          ],
          livenessProbe: tcpProbe(PORT.name, { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 }),
          readinessProbe: httpProbe(PORT.name, '/healthz', {
            periodSeconds: 5,
            timeoutSeconds: 3,
            failureThreshold: 3,
          }),
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
    });
    this.http = this.addEndpoint(PORT.name, EndpointKind.HTTP);
    this.connectTo(frontend);
  }
}
