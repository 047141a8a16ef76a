import * as path from 'path';
import { stringify } from 'yaml';
import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { breaks, Breakage } from '../breakage';
import { Distribution } from '../distribution';
import { Row } from '../report';
import { runCommand } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';

/** What the analyzers write. */
interface Report {
  readonly analyzers: readonly string[];
  readonly skipped: readonly string[] | null;
  readonly findings: readonly { code: string; level: string; resource: string; message: string }[];
}

interface ControlPlane {
  readonly meshConfig: object;
  /** What sidecars run. */
  readonly proxyImage: string;
}

/** Whether an environment's pods are in a mesh. */
export function hasMesh({ manifests }: Distribution): boolean {
  return manifests.some(({ kind }) => kind === 'PeerAuthentication');
}

/** All of Istio's analyzers look at an environment with the pods that its workloads make: they find nothing. */
export async function checkMesh(
  workspace: Workspace,
  distribution: Distribution,
  operators: Distribution,
): Promise<Row> {
  const { meshConfig, proxyImage } = controlPlaneOf(distribution.name, operators);
  const pods = podsIn(distribution.manifests, proxyImage);
  const file = (name: string, documents: readonly unknown[]) =>
    workspace.file(`mesh/${distribution.name}/${name}`, documents.map((d) => stringify(d)).join('---\n'));
  const binary = path.join(await toolDirectory('istio-analyzer'), 'istio-analyzer');
  const { code, stdout, stderr } = await runCommand(binary, [
    file('mesh.yaml', [meshConfig]),
    ...distribution.files,
    file('pods.yaml', pods),
  ]);
  const row = (figures: string, faults: readonly string[]): Row => ({
    part: 'mesh',
    check: "Istio's analyzers, all of them",
    subject: distribution.title,
    figures,
    faults,
  });
  if (code !== 0) {
    return row('', [stderr.trim() || `the analyzers end with ${code}`]);
  }
  const { analyzers, skipped, findings } = JSON.parse(stdout) as Report;
  const sidecars = pods.filter(({ spec }) =>
    spec.containers.some(({ name }: { name: string }) => name === PROXY),
  ).length;
  return row(`${analyzers.length} analyzers, ${pods.length} pods, ${sidecars} with a sidecar`, [
    ...(skipped ?? []).map((name) => `the analyzer ${name} has been skipped`),
    ...findings.map(({ code: id, level, resource, message }) => `${resource}: ${message} (${id}, ${level})`),
  ]);
}

/** How the control plane of an environment is installed. */
function controlPlaneOf(environment: string, operators: Distribution): ControlPlane {
  const { spec } = operators.manifests.find(
    ({ kind, metadata }) => kind === 'Application' && metadata.name === `wms-${environment}-istiod`,
  )!;
  const { global, meshConfig } = spec.source.helm.valuesObject;
  return { meshConfig, proxyImage: `${global.hub}/proxyv2:${spec.source.targetRevision}` };
}

const PROXY = 'istio-proxy';

/** One pod of each workload, with the sidecar that injection adds to it: the analyzers look for it. */
function podsIn(manifests: readonly Manifest[], image: string): Manifest[] {
  const injected = new Set(
    manifests
      .filter(({ kind, metadata }) => kind === 'Namespace' && isInjected(metadata.labels ?? {}))
      .map(({ metadata }) => String(metadata.name)),
  );
  return podsOf(manifests).map(({ owner, metadata, spec }) => {
    const { namespace, name } = owner.metadata;
    const label = metadata.labels?.['sidecar.istio.io/inject'] as string | undefined;
    const withSidecar = label === undefined ? injected.has(namespace) : label === 'true';
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, name: `${name}-0`, namespace },
      spec: { ...spec, containers: [...spec.containers, ...(withSidecar ? [{ name: PROXY, image }] : [])] },
    };
  });
}

function isInjected(labels: Record<string, string>): boolean {
  return labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined;
}

/** Objects of the mesh that Istio takes, though they cannot do what they are for. */
export const MESH_BREAKAGES: readonly Breakage[] = [
  breaks(
    'rules for a namespace that there is not',
    'AuthorizationPolicy wms-platform/order-service',
    (p) => (p.spec.rules = [{ from: [{ source: { namespaces: ['nowhere'] } }] }]),
    /order-service.*nowhere/,
  ),
  breaks(
    'rules for pods that there are not',
    'AuthorizationPolicy wms-platform/picking-service',
    (p) => (p.spec.selector.matchLabels = { 'app.kubernetes.io/instance': 'nobody' }),
    /picking-service.*IST0127/,
  ),
];
