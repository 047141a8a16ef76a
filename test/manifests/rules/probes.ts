import { Manifest, nameOf, Part } from '../../manifest';
import { podsOf } from '../manifests';

/** Every container that serves a port is asked over one of its ports whether it lives and whether it is ready. */
export function probed(manifests: readonly Manifest[]): string[] {
  return podsOf(manifests).flatMap(({ owner, spec }) =>
    spec.containers
      .filter((container: Part) => container.ports?.length > 0)
      .flatMap((container: Part) =>
        ['livenessProbe', 'readinessProbe'].flatMap((probe) => faults(owner, container, probe)),
      ),
  );
}

function faults(owner: Manifest, container: Part, probe: string): string[] {
  if (!container[probe]) {
    return [`${nameOf(owner)} container ${container.name} has no ${probe}`];
  }
  const { port } = container[probe].httpGet ?? container[probe].tcpSocket ?? container[probe].grpc ?? {};
  const known = container.ports.some((p: Part) => [p.name, p.containerPort].includes(port));
  return port === undefined || known
    ? []
    : [`${nameOf(owner)} container ${container.name} has a ${probe} on port ${port}, which it has not`];
}
