import { Manifest, Part } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { DNS, ISTIOD } from './arrows';
import { PendingBox } from './declared';

/** What the engine is fed with. */
export interface Cluster {
  readonly manifests: readonly Part[];
  /** The names of the workloads whose pods stand, as arrows have them. */
  readonly workloads: ReadonlySet<string>;
}

/** The members of each set: two tell whether members reach each other. */
const MEMBERS = ['1', '2'];

/** A namespace that has nothing to do with the platform. */
const ELSEWHERE = 'elsewhere';

/** What a policy that means "everything of the platform" might select by. */
const PLATFORM_LABELS = { 'app.kubernetes.io/part-of': 'wms-platform', 'app.kubernetes.io/managed-by': 'cdk8s' };

const OPEN = { 'reachability.test': 'open' };

/**
 * A cluster of the manifests' namespaces, policies and pods, with stand-ins for what they name and do not run.
 *
 * Stand-ins are open to everything (DNS, istiod, boxes that are not built yet, and in each namespace a visitor), so that what
 * stops traffic is the policies of what stands. In each namespace a stranger, too, that no workload's policy selects:
 * nothing may reach it, and it may reach nothing.
 */
export function clusterOf(manifests: readonly Manifest[], pendingBoxes: readonly PendingBox[]): Cluster {
  const namespaces = manifests.filter(({ kind }) => kind === 'Namespace');
  const names = namespaces.map(({ metadata }) => String(metadata.name));
  const standing = [...podsOf(manifests).flatMap(members), ...manifests.flatMap(solvers)];
  const [dnsNamespace, dns] = DNS.split('/');
  const [istioNamespace, istiod] = ISTIOD.split('/');
  return {
    workloads: new Set(standing.map(({ metadata }) => workloadOf(`${metadata.namespace}/${metadata.name}`))),
    manifests: [
      ...namespaces,
      ...[dnsNamespace, istioNamespace, ELSEWHERE].map(namespace),
      ...manifests.filter(({ kind }) => kind === 'NetworkPolicy'),
      ...standing,
      openPod(dnsNamespace, dns, { 'k8s-app': 'kube-dns' }),
      openPod(istioNamespace, istiod, { app: 'istiod' }),
      ...pendingBoxes.map(({ namespace: ns, workload, labels }) => openPod(ns, workload, labels)),
      ...names.flatMap((name) => [openPolicy(name), pod(name, 'stranger', PLATFORM_LABELS)]),
      ...[...names, ELSEWHERE].map((name) => openPod(name, 'visitor', PLATFORM_LABELS)),
    ],
  };
}

/** The workload of a pod. */
export function workloadOf(podName: string): string {
  return podName.replace(/\.\d$/, '');
}

/** Whether a workload is open to everything, so that arrows between two such say nothing. */
export function isOpen({ workloads }: Cluster, workload: string): boolean {
  return !workloads.has(workload) && !workload.endsWith('/stranger');
}

function members({ owner, metadata, spec }: { owner: Manifest; metadata: Part; spec: Part }): Part[] {
  const { namespace: ns, name, labels } = owner.metadata;
  // A Job's name ends in a hash of its specification.
  const workload = owner.kind === 'Job' ? (labels?.['app.kubernetes.io/instance'] ?? name) : name;
  return MEMBERS.map((member) => ({ ...pod(ns, `${workload}.${member}`, metadata.labels), spec }));
}

/** The pods that an Issuer makes while a certificate is issued. */
function solvers({ kind, metadata, spec }: Manifest): Part[] {
  const labels = { 'acme.cert-manager.io/http01-solver': 'true' };
  return kind === 'Issuer' && spec.acme
    ? MEMBERS.map((member) => pod(metadata.namespace, `acme-solver.${member}`, labels))
    : [];
}

function openPod(ns: string, name: string, labels: Record<string, string>): Part {
  return pod(ns, name, { ...labels, ...OPEN });
}

function pod(ns: string, name: string, labels: Record<string, string>): Part {
  const spec = { containers: [{ name: 'main', image: 'none' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: ns, labels }, spec };
}

function namespace(name: string): Part {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'kubernetes.io/metadata.name': name } } };
}

function openPolicy(ns: string): Part {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'open', namespace: ns },
    spec: { podSelector: { matchLabels: OPEN }, policyTypes: ['Ingress', 'Egress'], ingress: [{}], egress: [{}] },
  };
}
