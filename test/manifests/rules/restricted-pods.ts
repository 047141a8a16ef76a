import { Manifest, nameOf, Part } from '../../manifest';
import { containersOf, podsOf } from '../manifests';

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** What is root's on its node can only be read by root: these pods may be root, and mount these of the node's directories. */
const NODE_READERS: Record<string, string[]> = {
  'DaemonSet node-log-agent/node-log-agent': ['/var/log/pods', '/var/lib/wms-node-log-agent'],
};

/**
 * Pods meet Pod Security `restricted`, and more: read-only root, no service links, an account of their own, whose token only those get that a
 * role is bound to.
 */
export function restrictedPods(manifests: readonly Manifest[]): string[] {
  return podsOf(manifests).flatMap(({ owner, spec }) => [
    ...podFaults(owner, spec, callsApi(owner, spec, manifests)).map((fault) => `${nameOf(owner)} ${fault}`),
    ...containersOf(spec).flatMap((c: Part) =>
      containerFaults(c).map((fault) => `${nameOf(owner)} container ${c.name} ${fault}`),
    ),
  ]);
}

function podFaults(owner: Manifest, spec: Part, token: boolean): string[] {
  const security = spec.securityContext ?? {};
  const directories = NODE_READERS[nameOf(owner)];
  const volumes: Part[] = (spec.volumes ?? []).filter((v: Part) => !directories?.includes(v.hostPath?.path));
  const volumeTypes: string[] = volumes.flatMap((v: Part) => Object.keys(v).filter((k) => k !== 'name'));
  return faults([
    [(security.runAsNonRoot === true && security.runAsUser > 0) || directories !== undefined, 'may run as root'],
    [security.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile'],
    [!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, 'shares a namespace of its node'],
    [volumeTypes.every((type) => VOLUMES.includes(type)), `mounts ${volumeTypes.join(', ')}`],
    [spec.enableServiceLinks === false, 'gets service links'],
    [spec.automountServiceAccountToken === token, token ? 'lacks its token' : 'gets a token'],
    [spec.serviceAccountName === owner.metadata.labels['app.kubernetes.io/instance'], 'has no account of its own'],
    [spec.terminationGracePeriodSeconds >= 30, 'gets less than 30 s to end'],
    [spec.priorityClassName !== undefined, 'has no priority class'],
  ]);
}

/** Whether a role is bound to the account of some pods. */
function callsApi({ metadata }: Manifest, { serviceAccountName }: Part, manifests: readonly Manifest[]): boolean {
  return manifests
    .filter(({ kind }) => /^(Cluster)?RoleBinding$/.test(kind))
    .flatMap(({ subjects }) => subjects)
    .some(
      (s: Part) => s.kind === 'ServiceAccount' && s.namespace === metadata.namespace && s.name === serviceAccountName,
    );
}

function containerFaults({ securityContext: security = {}, image, livenessProbe, lifecycle }: Part): string[] {
  return faults([
    [security.allowPrivilegeEscalation === false, 'may escalate its privileges'],
    [security.readOnlyRootFilesystem === true, 'may write to its root file system'],
    [security.privileged !== true, 'is privileged'],
    [security.capabilities?.drop?.includes('ALL') && !security.capabilities?.add, 'keeps capabilities'],
    [/:[^:/]+$/.test(image) && !image.endsWith(':latest'), `has the moving image ${image}`],
    [!livenessProbe?.httpGet?.host && !lifecycle?.preStop?.httpGet?.host, 'probes another host'],
  ]);
}

function faults(checks: [boolean, string][]): string[] {
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}
