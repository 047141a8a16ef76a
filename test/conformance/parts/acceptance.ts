import * as path from 'path';
import { ControlPlane } from '../control-plane';
import { installCrds } from '../crds';
import { Distribution } from '../distribution';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** How manifests are applied: both ways that people use. */
const MODES = { 'server-side': ['apply', '--server-side'], 'client-side': ['apply'] } as const;

export type ApplyMode = keyof typeof MODES;

/** Applies every file in order: everything is accepted without a warning, and a second time nothing changes. */
export async function checkAcceptance(
  workspace: Workspace,
  version: string,
  distribution: Distribution,
  mode: ApplyMode,
): Promise<Row> {
  const plane = await ControlPlane.start(workspace, version);
  try {
    const crds = await prepare(plane, distribution);
    const faults = await applyAll(plane, distribution, mode);
    const before = await resourceVersions(plane, distribution);
    faults.push(...(await apply(plane, mode, distribution.directory)));
    const after = await resourceVersions(plane, distribution);
    for (const [object, resourceVersion] of after) {
      if (before.get(object) !== resourceVersion) {
        faults.push(`${object} changes when it is applied a second time`);
      }
    }
    return {
      part: 'acceptance',
      check: `${mode} apply, twice`,
      subject: `${distribution.name} on Kubernetes ${version}`,
      figures: `${after.size} objects, ${crds} CRDs`,
      faults: [...new Set(faults)],
    };
  } finally {
    await plane.stop();
  }
}

/** What must be there before an environment: the CRDs, and for Argo CD's objects its namespace. */
export async function prepare(plane: ControlPlane, distribution: Distribution): Promise<number> {
  const crds = await installCrds(plane, distribution);
  if (distribution.manifests.some(({ metadata }) => metadata.namespace === 'argocd')) {
    await plane.kubectlOk(['create', 'namespace', 'argocd']);
  }
  return crds;
}

/** Applies every file, one after another in their order. */
export async function applyAll(plane: ControlPlane, distribution: Distribution, mode: ApplyMode): Promise<string[]> {
  const faults: string[] = [];
  for (const file of distribution.files) {
    faults.push(...(await apply(plane, mode, file)));
  }
  return faults;
}

/** Applies a file or a directory; whatever kubectl says beyond what it did is a fault. */
async function apply(plane: ControlPlane, mode: ApplyMode, what: string): Promise<string[]> {
  const { code, stderr } = await plane.kubectl([...MODES[mode], '--validate=strict', '-f', what]);
  const said = stderr.trim().split('\n').filter(Boolean);
  const faults = said.map((sentence) => `${path.basename(what)}: ${sentence}`);
  return code !== 0 && faults.length === 0 ? [`${path.basename(what)}: kubectl ended with ${code}`] : faults;
}

async function resourceVersions(plane: ControlPlane, distribution: Distribution): Promise<Map<string, string>> {
  const { stdout } = await plane.kubectl(['get', '-f', distribution.directory, '-o', 'json', '--ignore-not-found']);
  const { items = [] } = JSON.parse(stdout || '{}') as {
    items?: { kind: string; metadata: { namespace?: string; name: string; resourceVersion: string } }[];
  };
  return new Map(
    items.map(({ kind, metadata: { namespace, name, resourceVersion } }) => [
      `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
      resourceVersion,
    ]),
  );
}
