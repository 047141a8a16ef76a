import { Chart, Testing } from 'cdk8s';
import { IConstruct } from 'constructs';

/** A part of an object; the tests read it as plainly as a person would. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Part = any;

/** A Kubernetes object as it stands in a file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Part;
  readonly [part: string]: Part;
}

/** Where objects are looked for: in the chart of a construct, or among what is rendered already. */
export type Source = IConstruct | readonly Manifest[];

/** The objects of a construct's chart. */
export function manifestsOf(scope: IConstruct): Manifest[] {
  return Testing.synth(Chart.of(scope)) as Manifest[];
}

/** All objects, of one kind where that is given. */
export function findAll(source: Source, kind?: string): Manifest[] {
  const manifests = 'node' in source ? manifestsOf(source) : source;
  return manifests.filter((m) => !kind || m.kind === kind);
}

/** The only object of a kind, or the only one of that kind and name. */
export function find(source: Source, kind: string, name?: string): Manifest {
  const all = findAll(source);
  const found = all.filter((m) => m.kind === kind && (name === undefined || m.metadata.name === name));
  if (found.length !== 1) {
    throw new Error(`${found.length} of ${kind} ${name ?? ''} among ${all.map(nameOf).sort().join(', ')}`);
  }
  return found[0];
}

/** An object as a person names it: `Deployment wms-platform/order-service`. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** `Deployment order-service` of each object of one namespace, sorted. */
export function namesOf(manifests: readonly Manifest[]): string[] {
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
}

/** The kinds of objects, each once, sorted. */
export function kindsOf(manifests: readonly Manifest[]): string[] {
  return [...new Set(manifests.map(({ kind }) => kind))].sort();
}

/** The pod template of an object that runs pods; nothing for any other. */
export function templateOf({ spec }: Manifest): Part {
  return spec?.jobTemplate?.spec.template ?? spec?.template;
}
