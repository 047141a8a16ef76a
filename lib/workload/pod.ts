import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { checkContainers, ContainerProps, hardenedContainer } from './container';
import { checkCount } from './names';

/** What a pod consists of, whatever runs it. */
export interface PodProps {
  /** Containers that run for the pod's life. The first is the main one. */
  readonly containers: ContainerProps[];

  /**
   * Containers that run to their end, one after another, before the others start.
   *
   * @default - none
   */
  readonly initContainers?: ContainerProps[];

  /**
   * Volumes its containers mount.
   *
   * @default - none
   */
  readonly volumes?: k8s.Volume[];

  /**
   * The user (and group) id its processes run as; never 0.
   *
   * @default 1000
   */
  readonly user?: number;

  /**
   * The group that owns its volumes.
   *
   * @default - the user's id
   */
  readonly fsGroup?: number;

  /**
   * How long its processes get to end by themselves.
   *
   * @default Duration.seconds(30)
   */
  readonly terminationGracePeriod?: Duration;

  /**
   * The PriorityClass that says who is evicted first.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Annotations of the pod.
   *
   * @default - none
   */
  readonly podAnnotations?: { readonly [name: string]: string };

  /**
   * Whether it calls the Kubernetes API, and so gets a token.
   *
   * @default false
   */
  readonly kubernetesApi?: boolean;
}

/** Renders a pod that meets Pod Security `restricted`. */
export function hardenedPod(scope: IConstruct, serviceAccountName: string, props: PodProps): k8s.PodSpec {
  if (props.containers.length === 0) {
    throw invalid(scope, 'containers is empty; allowed: at least one');
  }
  checkContainers(scope, [...props.containers, ...(props.initContainers ?? [])]);
  const user = checkCount(scope, 'user', props.user ?? 1000, 1);
  return {
    serviceAccountName,
    automountServiceAccountToken: props.kubernetesApi ?? false,
    // A Service's name would otherwise become variables such as KAFKA_PORT, which some servers take for settings.
    enableServiceLinks: false,
    priorityClassName: props.priorityClassName,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: checkCount(scope, 'fsGroup', props.fsGroup ?? user, 1),
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationGracePeriodSeconds: (props.terminationGracePeriod ?? Duration.seconds(30)).toSeconds(),
    initContainers: props.initContainers?.map((c) => hardenedContainer(scope, c)),
    containers: props.containers.map((c) => hardenedContainer(scope, c)),
    volumes: props.volumes,
  };
}
