import { Manifest, nameOf, Part } from '../../manifest';
import { Cluster } from '../cluster';
import { SELECTED_NODE } from '../node/volumes';
import { pause, poll } from '../poll';
import { isRunning, ZONE_LABEL, ZONES, zoneOf } from './nodes';

/**
 * Makes volumes as a cloud's driver does: in the zone of the node that the scheduler has selected for a claim's pod, and
 * where the StorageClass does not wait for that, at once and in whatever zone (here always the first one).
 */
export class VolumeProvisioner {
  private readonly made = new Set<string>();
  private readonly ended: Promise<void>;
  private running = true;

  public constructor(
    private readonly cluster: Cluster,
    private readonly zoneFor: (node: string) => string = zoneOf,
  ) {
    this.ended = this.run();
  }

  /** Ends it. */
  public async stop(): Promise<void> {
    this.running = false;
    await this.ended;
  }

  private async run(): Promise<void> {
    while (this.running) {
      // A control plane that is being stopped answers no more.
      await this.provision().catch(() => undefined);
      await pause(1000);
    }
  }

  private async provision(): Promise<void> {
    const claims = (await this.cluster.list('pvc')).filter((c) => !c.spec.volumeName && !this.made.has(c.metadata.uid));
    if (claims.length === 0) {
      return;
    }
    const classes = await this.cluster.list('storageclass');
    const items = claims.flatMap((claim) => this.volumeFor(claim, classes));
    if (items.length > 0) {
      await this.cluster.kubectlOk(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
      items.forEach(({ spec }) => this.made.add(spec.claimRef.uid));
    }
  }

  private volumeFor(claim: Manifest, classes: readonly Manifest[]): Part[] {
    const storageClass = classes.find(({ metadata }) => metadata.name === claim.spec.storageClassName);
    const node = claim.metadata.annotations?.[SELECTED_NODE];
    if (!storageClass || (!node && waits(storageClass))) {
      return [];
    }
    return [volume(claim, storageClass, node ? this.zoneFor(node) : ZONES[0])];
  }
}

/** How many claims the manifests make. */
export function expectedClaims(manifests: readonly Manifest[]): number {
  const ofSets = manifests
    .filter(({ kind }) => kind === 'StatefulSet')
    .map(({ spec }) => Number(spec.replicas ?? 1) * (spec.volumeClaimTemplates ?? []).length);
  const single = manifests.filter(({ kind }) => kind === 'PersistentVolumeClaim').length;
  return ofSets.reduce((sum, n) => sum + n, single);
}

/** Every claim has a volume in the zone of the pod that uses it, and has got it after its pod had found a node. */
export async function volumeFaults(cluster: Cluster, expected: number, pods: readonly Manifest[]): Promise<string[]> {
  const isBound = ({ status }: Manifest) => status?.phase === 'Bound';
  await poll(15, async () => {
    const claims = await cluster.list('pvc');
    return claims.length >= expected && claims.every(isBound) ? true : undefined;
  });
  const claims = await cluster.list('pvc');
  const volumes = new Map((await cluster.list('pv')).map((v) => [String(v.metadata.name), v]));
  const used = new Set(claims.map(({ spec }) => spec.storageClassName));
  const hasty = (await cluster.list('storageclass')).filter((c) => used.has(c.metadata.name) && !waits(c));
  return [
    ...(claims.length === expected ? [] : [`${claims.length} of ${expected} volume claims were made`]),
    ...hasty.map((c) => `${nameOf(c)} makes volumes before their pods have nodes: their zones may not fit`),
    ...claims.filter((c) => !isBound(c)).map((c) => `${nameOf(c)} has no volume`),
    ...claims.filter(isBound).flatMap((c) => zoneFaults(c, volumes.get(c.spec.volumeName), pods)),
  ];
}

function zoneFaults(claim: Manifest, itsVolume: Manifest | undefined, pods: readonly Manifest[]): string[] {
  const zone = itsVolume && zoneOfVolume(itsVolume);
  const uses = ({ metadata, spec }: Manifest) =>
    metadata.namespace === claim.metadata.namespace &&
    spec.volumes?.some((v: Part) => v.persistentVolumeClaim?.claimName === claim.metadata.name);
  return pods
    .filter((pod) => isRunning(pod) && uses(pod) && zoneOf(pod.spec.nodeName) !== zone)
    .map(
      (pod) =>
        `${nameOf(pod)} runs in ${zoneOf(pod.spec.nodeName)}, and its volume ${claim.metadata.name} is in ${zone}`,
    );
}

function zoneOfVolume({ spec }: Manifest): string {
  return spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values[0];
}

function waits({ volumeBindingMode }: Manifest): boolean {
  return volumeBindingMode === 'WaitForFirstConsumer';
}

function volume({ metadata, spec }: Manifest, storageClass: Manifest, zone: string): Part {
  const name = `pvc-${metadata.uid}`;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner } },
    spec: {
      capacity: { storage: spec.resources.requests.storage },
      accessModes: spec.accessModes,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
      },
      csi: { driver: storageClass.provisioner, volumeHandle: name },
      nodeAffinity: {
        required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE_LABEL, operator: 'In', values: [zone] }] }] },
      },
    },
  };
}
