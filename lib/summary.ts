import { ApiObject } from 'cdk8s';
import { WmsApp } from './app';
import { Quantity } from './workload/quantity';

interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { name: string; namespace?: string };
  readonly spec?: Record<string, unknown>;
}

interface Container {
  readonly resources?: { readonly requests?: Record<string, string> };
}

/** What an app has written, by namespace: objects by kind, and what their pods request at their smallest. */
export function summarize(name: string, app: WmsApp): string {
  const manifests = app._objects.map((object: ApiObject) => object.toJson() as Manifest);
  const namespaces = [...new Set(manifests.map(namespaceOf))].sort();
  const lines = namespaces.map((namespace) =>
    line(
      namespace,
      manifests.filter((m) => namespaceOf(m) === namespace),
    ),
  );
  const crds = [...new Set(manifests.filter(isCustom).map(({ kind, apiVersion }) => `${kind} (${apiVersion})`))].sort();
  return [
    `${name}: ${manifests.length} objects`,
    ...lines,
    line('total', manifests),
    `  CRDs used: ${crds.join(', ') || 'none'}`,
  ].join('\n');
}

function namespaceOf({ kind, metadata }: Manifest): string {
  return metadata.namespace ?? (kind === 'Namespace' ? metadata.name : '(cluster)');
}

function isCustom({ apiVersion }: Manifest): boolean {
  const [group, version] = apiVersion.split('/');
  return version !== undefined && group.includes('.') && !group.endsWith('.k8s.io');
}

function line(label: string, manifests: readonly Manifest[]): string {
  const kinds = new Map<string, number>();
  manifests.forEach(({ kind }) => kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
  const counts = [...kinds.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${kind} ${count}`);
  const { pods, cpu, memory, storage } = requests(manifests);
  const requested =
    pods > 0
      ? `${pods} pods request CPU ${cpu.toCpu()}, memory ${memory.toBytes()}, storage ${storage.toBytes()}; `
      : '';
  return `  ${label.padEnd(16)} ${requested}${label === 'total' ? `${manifests.length} objects` : counts.join(', ')}`;
}

function requests(manifests: readonly Manifest[]) {
  const total = { pods: 0, cpu: Quantity.ZERO, memory: Quantity.ZERO, storage: Quantity.ZERO };
  for (const manifest of manifests) {
    const pod = podOf(manifest);
    if (!pod) {
      continue;
    }
    const replicas = replicasOf(manifest, manifests);
    const sum = (resource: string) => sumRequests([...pod.containers, ...pod.sidecars], resource).times(replicas);
    total.pods += replicas;
    total.cpu = total.cpu.plus(sum('cpu'));
    total.memory = total.memory.plus(sum('memory'));
    for (const claim of (manifest.spec?.volumeClaimTemplates ?? []) as { spec: Container }[]) {
      const size = claim.spec.resources?.requests?.storage;
      total.storage = size ? total.storage.plus(Quantity.parse(size, 'storage').times(replicas)) : total.storage;
    }
  }
  return total;
}

interface Template {
  readonly metadata?: { readonly annotations?: Record<string, string> };
  readonly spec?: { readonly containers?: Container[] };
}

function podOf({ spec }: Manifest): { containers: Container[]; sidecars: Container[] } | undefined {
  const template = (spec?.template ??
    (spec?.jobTemplate as { spec: { template: unknown } } | undefined)?.spec.template) as Template | undefined;
  const containers = template?.spec?.containers;
  return containers ? { containers, sidecars: sidecarsOf(template) } : undefined;
}

/** A mesh's sidecar stands in no manifest: Istio makes it, with what the pod's annotations say. */
function sidecarsOf({ metadata }: Template): Container[] {
  const cpu = metadata?.annotations?.['sidecar.istio.io/proxyCPU'];
  const memory = metadata?.annotations?.['sidecar.istio.io/proxyMemory'];
  return cpu && memory ? [{ resources: { requests: { cpu, memory } } }] : [];
}

/** The number of pods; an autoscaled workload's smallest, and one for a daemon set, whose nodes nobody knows here. */
function replicasOf({ kind, metadata, spec }: Manifest, manifests: readonly Manifest[]): number {
  const autoscaler = manifests.find((m) => {
    const target = m.spec?.scaleTargetRef as { kind: string; name: string } | undefined;
    return m.metadata.namespace === metadata.namespace && target?.kind === kind && target.name === metadata.name;
  });
  return Number(spec?.replicas ?? autoscaler?.spec?.minReplicas ?? 1);
}

function sumRequests(containers: readonly Container[], resource: string): Quantity {
  return containers.reduce((sum, { resources }) => {
    const amount = resources?.requests?.[resource];
    return amount ? sum.plus(Quantity.parse(amount, resource)) : sum;
  }, Quantity.ZERO);
}
