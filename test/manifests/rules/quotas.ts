import { Manifest, nameOf, Part } from '../../manifest';
import { autoscalerOf, podsOf, sameNamespace } from '../manifests';

/** Every workload of a namespace can run at its largest, with one more pod for its rollout, within the quota's pods and CPU. */
export function quotasSuffice(manifests: readonly Manifest[]): string[] {
  return manifests
    .filter(({ kind }) => kind === 'ResourceQuota')
    .flatMap((quota) => {
      const workloads = podsOf(manifests).filter(({ owner }) => sameNamespace(owner, quota));
      const pods = workloads.map(({ owner }) => mostPods(owner, manifests));
      const cpu = workloads.map(({ metadata, spec }, i) => pods[i] * (millicores(spec, 'limits') + sidecar(metadata)));
      return [
        ...exceeded(quota, 'pods', Number(quota.spec.hard.pods), sum(pods)),
        ...exceeded(quota, 'limits.cpu', toMillicores(quota.spec.hard['limits.cpu']), sum(cpu)),
      ];
    });
}

function mostPods(owner: Manifest, manifests: readonly Manifest[]): number {
  const autoscaler = autoscalerOf(owner, manifests);
  const replicas = autoscaler?.spec.maxReplicas ?? owner.spec.replicas ?? 1;
  return owner.kind === 'Deployment' ? replicas + owner.spec.strategy.rollingUpdate.maxSurge : replicas;
}

function millicores(spec: Part, what: string): number {
  return sum(spec.containers.map((c: Part) => toMillicores(c.resources[what].cpu)));
}

/** A sidecar is in no manifest: Istio makes it as the pod's annotation says. */
function sidecar({ annotations }: Part): number {
  return toMillicores(annotations?.['sidecar.istio.io/proxyCPULimit'] ?? '0');
}

function toMillicores(cpu: string): number {
  return cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function exceeded(quota: Manifest, what: string, hard: number, most: number): string[] {
  return most > hard ? [`${nameOf(quota)} allows ${what} ${hard}, but its workloads reach ${most}`] : [];
}
