/** The DNS name of a Service. */
export function serviceHost(service: string, namespace: string, clusterDomain: string): string {
  return `${service}.${namespace}.svc.${clusterDomain}`;
}

/** The name of the headless Service that gives each pod of a stateful set its DNS name. */
export function headlessService(statefulSet: string): string {
  return `${statefulSet}-headless`;
}

/** The DNS names of a stateful set's pods. */
export function memberHosts(statefulSet: string, namespace: string, clusterDomain: string, members: number): string[] {
  return Array.from(
    { length: members },
    (_, ordinal) => `${statefulSet}-${ordinal}.${serviceHost(headlessService(statefulSet), namespace, clusterDomain)}`,
  );
}
