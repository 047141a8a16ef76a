import { Testing } from 'cdk8s';
import { buildApps } from '../../main';

/** A Kubernetes object as it stands in a file; the tests read it as plainly as a person would. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Manifest = any;

/** The manifests of one environment. */
export interface RenderedEnvironment {
  readonly name: string;
  /** By the name of their file, without its extension. */
  readonly files: ReadonlyMap<string, Manifest[]>;
  readonly all: Manifest[];
}

/** Renders what the app writes, without writing it. */
export function renderAll(): RenderedEnvironment[] {
  return [...buildApps('unwritten')].map(([name, app]) => {
    const files = new Map(app.charts.map((chart) => [chart.node.id, Testing.synth(chart)]));
    return { name, files, all: [...files.values()].flat() };
  });
}

/** Renders the platform's environments; Argo CD's own objects are none of a platform's. */
export function renderEnvironments(): RenderedEnvironment[] {
  return renderAll().filter(({ name }) => name !== 'argocd');
}

/** The manifests that have pods, with the pod's metadata and spec. */
export function podsOf(manifests: readonly Manifest[]): { owner: Manifest; metadata: Manifest; spec: Manifest }[] {
  return manifests.flatMap((owner) => {
    const template = owner.kind === 'CronJob' ? owner.spec.jobTemplate.spec.template : owner.spec?.template;
    return template?.spec?.containers ? [{ owner, metadata: template.metadata ?? {}, spec: template.spec }] : [];
  });
}

/** All containers of a pod. */
export function containersOf(spec: Manifest): Manifest[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** An object as a person names it: `Deployment wms-platform/order-service`. */
export function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** Whether labels carry everything that a selector asks for. */
export function matches(selector: Record<string, string> = {}, labels: Record<string, string> = {}): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Whether an object is in the namespace of another. */
export function sameNamespace(a: Manifest, b: Manifest): boolean {
  return a.metadata.namespace === b.metadata.namespace;
}
