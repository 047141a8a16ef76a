import { Manifest, nameOf, Part } from '../../manifest';
import { containersOf, podsOf } from '../../manifests/manifests';
import { DNS, OUTSIDE } from '../reachability/arrows';
import { Declared } from '../reachability/declared';
import { Edges } from '../reachability/edges';
import { Place } from './calls';
import { Change, Node } from './node';
import { hasStandIn, standInPod } from './stand-ins';

/** Labels that a policy of the run's own opens a pod by: policies add up. */
const OPEN = { 'conformance.test/policy': 'open' };

/** Labels that a policy which means "everything of the platform" might select by. */
const PLATFORM_LABELS = { 'app.kubernetes.io/part-of': 'wms-platform', 'app.kubernetes.io/managed-by': 'cdk8s' };

const ELSEWHERE = 'elsewhere';

/** The workloads that run from the images that can be had. */
export function runningWorkloads(manifests: readonly Manifest[]): Manifest[] {
  return podsOf(manifests)
    .filter(isRunning)
    .map(({ owner }) => owner);
}

/** Those that lack an image. */
export function otherWorkloads(manifests: readonly Manifest[]): Manifest[] {
  return podsOf(manifests)
    .filter((pods) => !isRunning(pods))
    .map(({ owner }) => owner);
}

/** The images that stand-ins run from. */
export function standInImages(manifests: readonly Manifest[]): string[] {
  return [...new Set(podsOf(manifests).flatMap(({ spec }) => imagesOf(spec)))].filter(hasStandIn);
}

/** What is made otherwise on this node, so that what can run has room. */
export function changesFor(manifests: readonly Manifest[], { pendingBoxes }: Declared): Change[] {
  const without = new Set(otherWorkloads(manifests).map(nameOf));
  const unbuilt = new Set(pendingBoxes.map(({ namespace }) => namespace));
  return [
    { reason: 'images that cannot be had', change: (m) => (without.has(nameOf(m)) ? undefined : m) },
    {
      reason: 'the quotas of namespaces whose boxes are not built yet',
      change: (m) => (m.kind === 'ResourceQuota' && unbuilt.has(m.metadata.namespace) ? undefined : m),
    },
  ];
}

/** Starts a pod of the stand-in for every box that an arrow names and that does not run, and one for strangers. */
export async function startOthers(
  node: Node,
  manifests: readonly Manifest[],
  edges: Edges,
  declared: Declared,
): Promise<{ places: Omit<Place, 'address'>[]; policies: object[] }> {
  const running = new Set(runningWorkloads(manifests).map(boxOf));
  const boxes = [...new Set(edges.arrows.flatMap(({ from, to }) => [from, to]))]
    .filter((name) => !name.startsWith(`${OUTSIDE}/`) && name !== DNS && !running.has(name))
    .flatMap((name) => box(name, manifests, edges, declared));
  const places = [...boxes, ...strangers(manifests)];
  const namespaces = new Set(places.filter(({ open }) => open).map(({ name }) => name.split('/')[0]));
  const policies = [...namespaces].map(openPolicy);
  await node.applyObjects([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ELSEWHERE } },
    ...policies,
    ...places.map(({ name, labels, ports, open, pod }) =>
      standInPod(name.split('/')[0], pod, { ...labels, ...(open ? OPEN : {}) }, ports),
    ),
  ]);
  return { places, policies };
}

/** Where each place's pod is; only what runs is a place. */
export async function locate(node: Node, places: readonly Omit<Place, 'address'>[]): Promise<Place[]> {
  const pods = await node.list('pods');
  return places.flatMap((place) => {
    const pod = pods.find((p) => p.metadata.namespace === place.name.split('/')[0] && p.metadata.name === place.pod);
    return pod?.status.podIP ? [{ ...place, address: String(pod.status.podIP) }] : [];
  });
}

/** The first pod of each workload that runs as written, as a place. */
export async function locateRunning(node: Node, manifests: readonly Manifest[]): Promise<Omit<Place, 'address'>[]> {
  const places = podsOf(manifests)
    .filter(isRunning)
    .map(async ({ owner, metadata, spec }) => {
      const [pod] = await node.pods(owner.metadata.namespace, owner.spec.selector.matchLabels);
      return {
        name: boxOf(owner),
        labels: metadata.labels,
        ports: portsOf(spec),
        says: metadata.labels['app.kubernetes.io/name'],
        open: false,
        pod: pod?.metadata.name ?? '',
      };
    });
  return Promise.all(places);
}

function isRunning({ owner, spec }: { owner: Manifest; spec: Part }): boolean {
  return owner.kind !== 'CronJob' && owner.kind !== 'Job' && imagesOf(spec).every(hasStandIn);
}

function imagesOf(spec: Part): string[] {
  return containersOf(spec).map(({ image }) => String(image));
}

function portsOf(spec: Part): Part[] {
  const ports = (spec.containers as Part[]).flatMap((container) => (container.ports ?? []) as Part[]);
  return ports
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .map(({ name, containerPort }) => ({ name, containerPort }));
}

/** The box of a workload; a Job's name ends in a hash of its specification. */
function boxOf({ kind, metadata }: Manifest): string {
  const name = kind === 'Job' ? (metadata.labels?.['app.kubernetes.io/instance'] ?? metadata.name) : metadata.name;
  return `${metadata.namespace}/${name}`;
}

function box(name: string, manifests: readonly Manifest[], { arrows }: Edges, declared: Declared) {
  const [namespace, workload] = name.split('/');
  const pending = declared.pendingBoxes.find((b) => b.namespace === namespace && b.workload === workload);
  const built = podsOf(manifests).find(({ owner }) => boxOf(owner) === name);
  if (!pending && !built) {
    return [];
  }
  const own: Part[] = built ? portsOf(built.spec) : [];
  const asked = arrows.filter((arrow) => arrow.to === name && /^\d+$/.test(arrow.port)).map(({ port }) => Number(port));
  const more = [...new Set(asked)].filter((port) => !own.some(({ containerPort }) => containerPort === port));
  return [
    {
      name,
      labels: built ? built.metadata.labels : pending!.labels,
      ports: [...own, ...more.map((containerPort) => ({ containerPort }))],
      says: `stand-in-${workload}`,
      open: !built,
      pod: `stand-in-${workload}`,
    },
  ];
}

/** Pods that no workload's policy is about: in each namespace with pods one, and one in a namespace of nobody's. */
function strangers(manifests: readonly Manifest[]): Omit<Place, 'address'>[] {
  const namespaces = [...new Set(runningWorkloads(manifests).map(({ metadata }) => String(metadata.namespace)))];
  const stranger = (namespace: string, open: boolean) => ({
    name: `${namespace}/stranger`,
    labels: PLATFORM_LABELS,
    ports: [{ containerPort: 8080 }],
    says: 'stranger',
    open,
    pod: 'stranger',
  });
  return [...namespaces.map((namespace) => stranger(namespace, false)), stranger(ELSEWHERE, true)];
}

function openPolicy(namespace: string): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'conformance-open', namespace },
    spec: { podSelector: { matchLabels: OPEN }, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
  };
}
