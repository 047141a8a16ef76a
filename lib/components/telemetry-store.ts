import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { ComponentResources } from '../topology/component-resources';
import { ComponentTopology } from '../topology/components';
import { ConfigMap } from '../workload/config-map';
import { named } from '../workload/labels';
import { httpProbe, tcpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { StatefulSet } from '../workload/stateful-set';
import { configVolume, tmpVolume } from '../workload/volumes';
import { goMemoryLimit } from './go-memory';
import { memberSet } from './member-set';
import { TelemetryStoreFigures } from './telemetry-volume';

/** What differs from the topology's figures for a store of traces or logs. */
export interface TelemetryStoreOptions {
  /**
   * The size of its volume.
   *
   * @default - the topology's 100Gi, scaled as the environment is sized
   */
  readonly storage?: Size;

  /**
   * How long it keeps what arrives, in whole days.
   *
   * @default - traces 7 days, logs 14; a day where the environment is sized for one machine
   */
  readonly retention?: Duration;

  /**
   * How much is expected to arrive in a second, as an operator has measured it; refused where it does not fit.
   *
   * @default - not known
   */
  readonly expectedRate?: Size;

  /**
   * What the server asks for and may use.
   *
   * @default - by the environment's sizing
   */
  readonly resources?: Resources;
}

/** A store of traces or logs. */
export interface TelemetryStoreProps extends TelemetryStoreFigures {
  /** The box of the topology it is. */
  readonly box: Box;

  /**
   * The StorageClass of its volume.
   *
   * @default - the cluster's default
   */
  readonly storageClassName?: string;

  /** What the server asks for and may use. */
  readonly resources: Resources;
}

/** A store's figures: what an environment makes of the topology's, where nothing else is said. */
export function telemetryStore(
  environment: Environment,
  box: Box,
  topology: ComponentTopology & { retentionDays: number },
  resources: ComponentResources,
  options: TelemetryStoreOptions = {},
): TelemetryStoreProps {
  return {
    ...memberSet(environment, box, topology, resources, options),
    // One day on one machine: the small volume would else take in next to nothing.
    retention: options.retention ?? Duration.days(environment.sizing.replicas(topology.retentionDays)),
    expectedRate: options.expectedRate,
  };
}

/** How the one pod of a store is run. */
export interface StorePodProps extends TelemetryStoreProps {
  readonly image: string;
  readonly args: string[];
  /** The file's name and its content. */
  readonly config: [string, string];
  readonly configDirectory: string;
  readonly dataDirectory: string;
}

/** The user of Tempo's and Loki's images. */
const USER = 10001;

/** How long the server may take to write what it has in memory. */
const SHUTDOWN = Duration.seconds(120);

/** The one pod of a store with its volume. Its main endpoint serves its API, its readiness and its metrics. */
export function storePod(scope: Construct, props: StorePodProps): StatefulSet {
  const { box, storage, storageClassName, resources, config } = props;
  const identity = box.pods._identity;
  const configMap = new ConfigMap(scope, 'config', {
    name: identity.workload,
    identity,
    data: Object.fromEntries([config]),
  });
  const endpoints = box._endpoints;
  const http = box.endpointNamed('http');
  const statefulSet = new StatefulSet(scope, 'stateful-set', {
    pods: box.pods,
    ...named(identity),
    user: USER,
    priorityClassName: PRIORITY_CLASSES.platform.name,
    terminationGracePeriod: SHUTDOWN,
    podAnnotations: configMap.hashAnnotation,
    volumeClaims: [{ name: 'data', size: storage, storageClassName }],
    volumes: [configVolume('config', configMap), tmpVolume()],
    containers: [
      {
        name: identity.workload,
        image: props.image,
        args: props.args,
        resources,
        ports: endpoints.map(({ portName, port: number }) => ({ name: portName, port: number })),
        env: [{ name: 'GOMEMLIMIT', value: goMemoryLimit(scope.node.path, resources.memoryLimit) }],
        // After a crash it reads its write-ahead log first, and does not listen before.
        startupProbe: tcpProbe(http.portName, { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 120 }),
        livenessProbe: tcpProbe(http.portName, { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 }),
        readinessProbe: httpProbe(http.portName, '/ready', {
          periodSeconds: 5,
          timeoutSeconds: 3,
          failureThreshold: 3,
        }),
        volumeMounts: [
          { name: 'config', mountPath: props.configDirectory, readOnly: true },
          { name: 'data', mountPath: props.dataDirectory },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
  });
  endpoints.forEach((endpoint) => statefulSet.serve(endpoint));
  statefulSet.addMetrics(http);
  return statefulSet;
}
