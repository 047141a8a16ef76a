import { Distribution } from '../distribution';
import { Task } from '../task';
import { KUBERNETES_VERSIONS } from '../tools';
import { ApplyMode, checkAcceptance } from './acceptance';
import { checkAdmission } from './admission';
import { checkLinters } from './linters';
import { checkReachability } from './reachability';
import { checkScheduling } from './scheduling';
import { checkUpgrade, distributionOf, earlierReleases } from './upgrade';

const MODES: readonly ApplyMode[] = ['server-side', 'client-side'];

/** The programs of a control plane. */
export function controlPlaneTools(version: string): string[] {
  return ['etcd', `kubernetes-${version}`];
}

/** The environments of a platform; Argo CD's own objects are none. */
function environments(distributions: readonly Distribution[]): Distribution[] {
  return distributions.filter(({ name }) => name !== 'argocd');
}

export function acceptanceTasks(distributions: readonly Distribution[]): Task[] {
  return KUBERNETES_VERSIONS.flatMap((version) =>
    distributions.flatMap((distribution) =>
      MODES.map((mode) => ({
        title: `acceptance: ${distribution.name} on Kubernetes ${version}, ${mode}`,
        tools: controlPlaneTools(version),
        run: (workspace) => checkAcceptance(workspace, version, distribution, mode),
      })),
    ),
  );
}

export function admissionTasks(distributions: readonly Distribution[]): Task[] {
  return KUBERNETES_VERSIONS.flatMap((version) =>
    environments(distributions).map((distribution) => ({
      title: `admission: ${distribution.name} on Kubernetes ${version}`,
      tools: controlPlaneTools(version),
      run: (workspace) => checkAdmission(workspace, version, distribution),
    })),
  );
}

export function schedulingTasks(distributions: readonly Distribution[]): Task[] {
  return KUBERNETES_VERSIONS.flatMap((version) =>
    distributions
      .filter(({ name }) => name === 'production')
      .map((distribution) => ({
        title: `scheduling: ${distribution.name} on Kubernetes ${version}`,
        tools: [...controlPlaneTools(version), 'kwok'],
        run: (workspace) => checkScheduling(workspace, version, distribution),
      })),
  );
}

export async function upgradeTasks(distributions: readonly Distribution[]): Promise<Task[]> {
  const tasks = await Promise.all(
    distributions.map(async (distribution) =>
      (await earlierReleases(distribution)).flatMap((release) =>
        KUBERNETES_VERSIONS.map((version): Task => ({
          title: `upgrade: ${distribution.name} from ${release.name} on Kubernetes ${version}`,
          tools: controlPlaneTools(version),
          run: async (workspace) => {
            const before = await distributionOf(workspace, release, distribution);
            return checkUpgrade(workspace, version, release.name, before, distribution);
          },
        })),
      ),
    ),
  );
  return tasks.flat();
}

export function reachabilityTasks(distributions: readonly Distribution[]): Task[] {
  return environments(distributions).map((distribution) => ({
    title: `reachability: ${distribution.name}`,
    tools: [],
    run: (workspace) => checkReachability(workspace, distribution),
  }));
}

export function lintersTasks(distributions: readonly Distribution[]): Task[] {
  return distributions.map((distribution) => ({
    title: `linters: ${distribution.name}`,
    tools: ['kube-score'],
    run: (workspace) => checkLinters(workspace, distribution),
  }));
}
