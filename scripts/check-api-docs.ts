import { isInterfaceType, loadAssemblyFromPath } from '@jsii/spec';

/** Fails where a public name has no description, or an optional property does not say its default. */
function undocumented(): string[] {
  const assembly = loadAssemblyFromPath(process.cwd(), true, ['class-covariant-overrides']);
  return Object.values(assembly.types ?? {}).flatMap((type) => {
    const members = [
      ...('properties' in type ? (type.properties ?? []) : []),
      ...('methods' in type ? (type.methods ?? []) : []),
      ...('members' in type ? type.members : []),
    ];
    const parameters = 'methods' in type ? (type.methods ?? []).flatMap((m) => m.parameters ?? []) : [];
    const silent = [type, ...members, ...parameters].filter((named) => !named.docs?.summary);
    const properties = isInterfaceType(type) ? (type.properties ?? []) : [];
    const undefaulted = properties.filter((p) => p.optional && !p.docs?.default);
    return [
      ...silent.map(({ name }) => `${type.name} ${name} has no description`),
      ...undefaulted.map(({ name }) => `${type.name} ${name} does not say its default`),
    ];
  });
}

const faults = undocumented();
faults.forEach((fault) => console.error(fault));
process.exitCode = faults.length > 0 ? 1 : 0;
