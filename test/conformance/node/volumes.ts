import * as fs from 'fs';
import * as path from 'path';
import { Manifest } from '../../manifest';
import { NODE_NAME } from './addresses';

const PROVISIONER = 'conformance.invalid/directories';

/** The class that a claim gets which names none. */
export const STORAGE_CLASS = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: PROVISIONER,
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy: 'Delete',
};

/** What the scheduler writes into a claim whose pod it has found a node for. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';

/** Whether a claim waits for a volume: a pod that uses it has got a node. */
export function waitsForVolume({ metadata, spec, status }: Manifest): boolean {
  return status?.phase === 'Pending' && !spec.volumeName && metadata.annotations?.[SELECTED_NODE] === NODE_NAME;
}

/** A new volume for a claim: a directory, which the kubelet mounts and hands to the pod's group as it does with a disk. */
export function volumeFor(claim: Manifest, directory: string): Manifest {
  const { namespace, name, uid } = claim.metadata;
  const place = path.join(directory, `${namespace}-${name}-${uid}`);
  fs.mkdirSync(place, { recursive: true });
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `pvc-${uid}` },
    spec: {
      capacity: { storage: claim.spec.resources.requests.storage },
      accessModes: claim.spec.accessModes,
      volumeMode: claim.spec.volumeMode,
      storageClassName: claim.spec.storageClassName,
      persistentVolumeReclaimPolicy: 'Retain',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      local: { path: place },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [NODE_NAME] }] },
          ],
        },
      },
    },
  };
}
