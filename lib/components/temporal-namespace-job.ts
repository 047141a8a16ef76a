import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Endpoint } from '../connections/endpoint';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { Job } from '../workload/job';
import { Identity, named } from '../workload/labels';
import { Resources } from '../workload/resources';
import { tmpVolume } from '../workload/volumes';

/** What the job that registers a Temporal namespace needs. */
export interface TemporalNamespaceJobProps {
  readonly identity: Identity;
  readonly frontend: Endpoint;
  /** The namespace. */
  readonly temporalNamespace: string;
  /** How long a workflow that has ended can be looked at. */
  readonly retention: Duration;
  readonly syncWave: number;
}

const RESOURCES: Resources = { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '500m', memoryLimit: '128Mi' };

/** Waits for the frontend, which on plain `kubectl apply` starts at the same time; then makes the namespace what it is to be. */
const SCRIPT = `set -eu
until temporal operator cluster health >/dev/null 2>&1; do sleep 2; done
if temporal operator namespace describe --namespace "$NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$NAMESPACE" --retention "$RETENTION"
fi
`;

/** Registers a Temporal namespace, and brings its retention up to date. */
export class TemporalNamespaceJob extends Job {
  public constructor(scope: Construct, id: string, props: TemporalNamespaceJobProps) {
    const { identity, frontend, temporalNamespace, retention, syncWave } = props;
    super(scope, id, {
      ...named(identity),
      syncWave,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      volumes: [tmpVolume()],
      containers: [
        {
          name: 'register',
          image: clusterContext(scope).images.of('temporal-admin-tools'),
          command: ['sh', '-c', SCRIPT],
          resources: RESOURCES,
          env: [
            { name: 'TEMPORAL_ADDRESS', value: frontend.address },
            { name: 'NAMESPACE', value: temporalNamespace },
            { name: 'RETENTION', value: `${retention.toHours()}h` },
            { name: 'HOME', value: '/tmp' },
          ],
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
    });
    this.connectTo(frontend);
  }
}
