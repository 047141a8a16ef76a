import { IConstruct } from 'constructs';
import { k8s } from 'cdk8s-plus-27';
import { invalid } from '../errors';
import { clusterContext } from './cluster-context';
import { checkName, checkPort, checkPortName } from './names';
import { Resources, toRequirements } from './resources';

/** A port a container listens on. */
export interface ContainerPort {
  /** Its name on the container and on Services. */
  readonly name: string;
  /** Its number. */
  readonly port: number;
}

/** One container of a hardened pod. */
export interface ContainerProps {
  /** Its name, unique in the pod. */
  readonly name: string;

  /** The image, with a fixed tag or a digest. */
  readonly image: string;

  /** What it asks for and may use. */
  readonly resources: Resources;

  /**
   * The command, instead of the image's own entry point.
   *
   * @default - the image's
   */
  readonly command?: string[];

  /**
   * The arguments, instead of the image's own.
   *
   * @default - the image's
   */
  readonly args?: string[];

  /**
   * Environment variables, each with its value or its source.
   *
   * @default - none
   */
  readonly env?: k8s.EnvVar[];

  /**
   * ConfigMaps whose keys all become environment variables.
   *
   * @default - none
   */
  readonly envFrom?: k8s.EnvFromSource[];

  /**
   * Ports it listens on.
   *
   * @default - none
   */
  readonly ports?: ContainerPort[];

  /**
   * Tells when a slow start is over; the other probes wait for it.
   *
   * @default - none
   */
  readonly startupProbe?: k8s.Probe;

  /**
   * Tells when it must be restarted.
   *
   * @default - none: it is restarted when its process ends
   */
  readonly livenessProbe?: k8s.Probe;

  /**
   * Tells when it may get traffic.
   *
   * @default - none: as soon as it runs
   */
  readonly readinessProbe?: k8s.Probe;

  /**
   * What happens before it is asked to end.
   *
   * @default - nothing
   */
  readonly preStop?: k8s.LifecycleHandler;

  /**
   * Where volumes of the pod are mounted.
   *
   * @default - none
   */
  readonly volumeMounts?: k8s.VolumeMount[];
}

/** Renders a container that meets Pod Security `restricted`, with a read-only root file system. */
export function hardenedContainer(scope: IConstruct, props: ContainerProps): k8s.Container {
  const path = `${scope.node.path} container ${props.name}`;
  checkName(scope, 'container', props.name);
  return {
    name: props.name,
    image: clusterContext(scope).images.check(props.image, path),
    imagePullPolicy: 'IfNotPresent',
    command: props.command,
    args: props.args,
    env: props.env,
    envFrom: props.envFrom,
    ports: props.ports?.map(({ name, port }) => ({
      name: checkPortName(scope, name),
      containerPort: checkPort(scope, port),
      protocol: 'TCP',
    })),
    resources: toRequirements(props.resources, path),
    startupProbe: props.startupProbe,
    livenessProbe: props.livenessProbe,
    readinessProbe: props.readinessProbe,
    lifecycle: props.preStop ? { preStop: props.preStop } : undefined,
    volumeMounts: props.volumeMounts,
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    // The end of the log says why it failed where it wrote no termination message.
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/** Checks what no single container can know: names, ports and their names are unique in a pod. */
export function checkContainers(scope: IConstruct, containers: readonly ContainerProps[]): void {
  const names = new Set<string>();
  const ports = new Map<string, string>();
  for (const { name, ports: own = [] } of containers) {
    if (names.has(name)) {
      throw invalid(scope, `container name '${name}' is used twice; allowed: each once in a pod`);
    }
    names.add(name);
    for (const key of own.flatMap((p) => [`port ${p.port}`, `port name '${p.name}'`])) {
      if (ports.has(key)) {
        throw invalid(scope, `${key} is used twice (${ports.get(key)}, ${name}); allowed: each once in a pod`);
      }
      ports.set(key, name);
    }
  }
}
