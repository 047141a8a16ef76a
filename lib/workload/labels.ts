/** What the objects of one workload are called; the recommended `app.kubernetes.io` labels follow from it. */
export interface Identity {
  /** The box of the topology that the workload belongs to, as `picking-service`. */
  readonly box: string;

  /** The workload, unique in its namespace, as `picking-service-worker`. */
  readonly workload: string;

  /** Its role in the architecture, as `api`, `worker` or `database`. */
  readonly component: string;
}

/** An identity, as workloads are given theirs. */
export function named({ workload, box, component }: Identity): { name: string; box: string; component: string } {
  return { name: workload, box, component };
}

/** Labels that never change, as selectors must not. */
export function selectorLabels(identity: Pick<Identity, 'box' | 'workload'>): Record<string, string> {
  return {
    'app.kubernetes.io/name': identity.box,
    'app.kubernetes.io/instance': identity.workload,
  };
}

/** Labels of every object that belongs to a workload. */
export function workloadLabels(identity: Identity): Record<string, string> {
  return { ...selectorLabels(identity), ...partLabels(identity.component) };
}

/** Labels of an object that belongs to the platform as a whole or to a namespace. */
export function platformLabels(name: string, component: string): Record<string, string> {
  return { 'app.kubernetes.io/name': name, ...partLabels(component) };
}

function partLabels(component: string): Record<string, string> {
  return {
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'wms-platform',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
