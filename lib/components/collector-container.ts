import { k8s } from 'cdk8s-plus-27';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { clusterContext } from '../workload/cluster-context';
import { ContainerPort, ContainerProps } from '../workload/container';
import { httpProbe } from '../workload/probes';
import { Quantity } from '../workload/quantity';
import { Resources } from '../workload/resources';
import { goMemoryLimit, memoryPart } from './go-memory';
import { COLLECTOR_PORTS, CollectorMemory } from './otel-collector-config';

/** The user of the collector's image. */
export const COLLECTOR_USER = 10001;

/** Where a collector serves its own metrics. */
export const COLLECTOR_METRICS = { name: 'http-metrics', port: COLLECTOR_PORTS.metrics };

const HEALTH = { name: 'http-health', port: COLLECTOR_PORTS.health };

/** Below this the collector's own code leaves no room for what it passes on. */
const LEAST_MEMORY = '128Mi';

/**
 * When the collector refuses what comes in: at four fifths of its container's memory, a fifth of which may come at once.
 *
 * @throws where the limit is below what a collector needs
 */
export function collectorMemory(where: IConstruct, { memoryLimit }: Resources): CollectorMemory {
  const path = `${where.node.path} resources.memoryLimit`;
  if (Quantity.parse(memoryLimit, path).isBelow(Quantity.parse(LEAST_MEMORY, path))) {
    throw invalid(where, `resources.memoryLimit is ${memoryLimit}, too small; allowed: at least ${LEAST_MEMORY}`);
  }
  const limitMebibytes = memoryPart(where.node.path, memoryLimit, 0.8);
  return { limitMebibytes, spikeMebibytes: Math.floor(limitMebibytes / 5) };
}

/** A container of the collector's image, with the configuration in the volume `config`. */
export function collectorContainer(
  where: IConstruct,
  props: { resources: Resources; ports: ContainerPort[]; volumeMounts: k8s.VolumeMount[] },
): ContainerProps {
  return {
    name: 'collector',
    image: clusterContext(where).images.of('otel-collector'),
    args: ['--config=/etc/otel-collector/collector.yaml'],
    resources: props.resources,
    ports: [...props.ports, COLLECTOR_METRICS, HEALTH],
    env: [{ name: 'GOMEMLIMIT', value: goMemoryLimit(where.node.path, props.resources.memoryLimit) }],
    startupProbe: httpProbe(HEALTH.name, '/', { periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 30 }),
    livenessProbe: httpProbe(HEALTH.name, '/', { periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 }),
    readinessProbe: httpProbe(HEALTH.name, '/', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 }),
    volumeMounts: [{ name: 'config', mountPath: '/etc/otel-collector', readOnly: true }, ...props.volumeMounts],
  };
}
