import { Construct } from 'constructs';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { ContainerProps } from '../workload/container';
import { PodProps } from '../workload/pod';
import { Resources } from '../workload/resources';
import { configVolume, tmpVolume } from '../workload/volumes';
import { heapMebibytes, HeapRule } from './jvm-heap';
import { KAFKA_CONFIG, KAFKA_DATA } from './kafka-config';

/** A broker or a controller as a container. */
export interface KafkaNodeProps extends Pick<
  ContainerProps,
  'name' | 'ports' | 'startupProbe' | 'livenessProbe' | 'readinessProbe'
> {
  readonly resources: Resources;
  readonly heap: HeapRule;
}

/** What a broker and a controller have in common: the image, its files, its heap, and where it writes. */
export function kafkaNode(
  scope: Construct,
  config: ConfigMap,
  { heap, ...container }: KafkaNodeProps,
): Pick<PodProps, 'containers' | 'volumes' | 'podAnnotations'> {
  const mebibytes = heapMebibytes(scope, container.resources.memoryLimit, heap);
  return {
    podAnnotations: config.hashAnnotation,
    containers: [
      {
        ...container,
        image: clusterContext(scope).images.of('kafka'),
        command: ['bash', `${KAFKA_CONFIG}/start.sh`],
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          {
            name: 'ZONE',
            valueFrom: { fieldRef: { fieldPath: "metadata.labels['topology.kubernetes.io/zone']" } },
          },
          { name: 'KAFKA_HEAP_OPTS', value: `-Xms${mebibytes}m -Xmx${mebibytes}m` },
          { name: 'KAFKA_LOG4J_OPTS', value: `-Dlog4j.configuration=file:${KAFKA_CONFIG}/log4j.properties` },
          // Without the option for a log of the garbage collector, which would fill the volume it is on.
          { name: 'EXTRA_ARGS', value: '-name kafkaServer' },
          { name: 'LOG_DIR', value: '/tmp/logs' },
        ],
        volumeMounts: [
          { name: 'config', mountPath: KAFKA_CONFIG, readOnly: true },
          { name: 'data', mountPath: KAFKA_DATA },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [configVolume('config', config), tmpVolume()],
  };
}
