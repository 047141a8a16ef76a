import { Manifest, nameOf, Part } from '../../manifest';
import { matches, podsOf, sameNamespace } from '../manifests';

/**
 * Service ports equal container ports, in number and name, and every container port is behind a Service or asked by a
 * probe. Clients from outside know other numbers.
 */
export function portsAgree(manifests: readonly Manifest[]): string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  return podsOf(manifests).flatMap(({ owner, metadata, spec }) => {
    const own = services.filter((s) => sameNamespace(s, owner) && matches(s.spec.selector, metadata.labels));
    const containerPorts: Part[] = spec.containers.flatMap((c: Part) => c.ports ?? []);
    const probed: string[] = spec.containers.map((c: Part) => c.readinessProbe?.httpGet?.port);
    const servicePorts: Part[] = own.flatMap((s) =>
      s.spec.ports.map((p: Part) => ({ ...p, outside: s.spec.type !== 'ClusterIP', service: nameOf(s) })),
    );
    return [
      ...containerPorts
        .filter((c) => !probed.includes(c.name) && !servicePorts.some((s) => s.targetPort === c.name))
        .map((c) => `${nameOf(owner)} port ${c.name} is behind no Service`),
      ...servicePorts
        .filter(
          (s) =>
            !containerPorts.some(
              (c) =>
                c.name === s.name &&
                (s.outside ? isTarget(c, s.targetPort) : c.name === s.targetPort && c.containerPort === s.port),
            ),
        )
        .map((s) => `${s.service} port ${s.name} (${s.port} -> ${s.targetPort}) is no port of ${nameOf(owner)}`),
    ];
  });
}

function isTarget(port: Part, target: unknown): boolean {
  return target === port.name || target === port.containerPort;
}
