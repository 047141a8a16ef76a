import { buildApps } from '../../main';
import { Manifest, manifestsOf, Part, templateOf } from '../manifest';

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
    const files = new Map(app.charts.map((chart) => [chart.node.id, manifestsOf(chart)]));
    return { name, files, all: [...files.values()].flat() };
  });
}

/** Renders the platform's environments; Argo CD's own objects are none of a platform's. */
export function renderEnvironments(): RenderedEnvironment[] {
  return renderAll().filter(({ name }) => name !== 'argocd');
}

/** The manifests that have pods, with the pod's metadata and spec. */
export function podsOf(manifests: readonly Manifest[]): { owner: Manifest; metadata: Part; spec: Part }[] {
  return manifests.flatMap((owner) => {
    const template = templateOf(owner);
    return template?.spec?.containers ? [{ owner, metadata: template.metadata ?? {}, spec: template.spec }] : [];
  });
}

/** All containers of a pod. */
export function containersOf(spec: Part): Part[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** Whether labels carry everything that a selector asks for. */
export function matches(selector: Record<string, string> = {}, labels: Record<string, string> = {}): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Whether an object is in the namespace of another. */
export function sameNamespace(a: Manifest, b: Manifest): boolean {
  return a.metadata.namespace === b.metadata.namespace;
}

/** The autoscaler of a workload, where it has one. */
export function autoscalerOf(owner: Manifest, manifests: readonly Manifest[]): Manifest | undefined {
  return manifests.find(
    (m) =>
      m.kind === 'HorizontalPodAutoscaler' &&
      sameNamespace(m, owner) &&
      m.spec.scaleTargetRef.kind === owner.kind &&
      m.spec.scaleTargetRef.name === owner.metadata.name,
  );
}
