import { ClusterSource } from '../cluster';
import { Distribution } from '../distribution';
import { EDGE_TOOLS } from '../edge/images';
import { METRICS_TOOLS } from '../metrics/servers';
import { NODE_TOOLS } from '../node/node';
import { ownControlPlane } from '../surroundings';
import { Task } from '../task';
import { checkConfigurations, checkTailSampling, CONFIGURATION_TOOLS } from '../telemetry/configurations';
import { TELEMETRY_TOOLS } from '../telemetry/images';
import { KUBERNETES_VERSIONS } from '../tools';
import { Workspace } from '../workspace';
import { WORKFLOW_TOOLS } from '../workflow-layer/images';
import { ApplyMode, checkAcceptance } from './acceptance';
import { checkAdmission, checkAdmissionTo } from './admission';
import { checkEdge } from './edge';
import { checkLeaks, checkTree } from './leaks';
import { checkLinters } from './linters';
import { checkMesh, hasMesh } from './mesh';
import { checkMessageLayer } from './message-layer';
import { checkMetrics, checkReceivers } from './metrics';
import { checkReachability } from './reachability';
import { checkScheduling } from './scheduling';
import { checkTelemetry } from './telemetry';
import { checkUpgrade, distributionOf, earlierReleases } from './upgrade';
import { checkWaf } from './waf';
import { checkWorkflowLayer } from './workflow-layer';

/** What a part checks, and on what; it may leave to another part that is selected, too, what that one does anyway. */
export type Part = (
  distributions: readonly Distribution[],
  clusters: readonly ClusterSource[],
  selected: readonly string[],
) => readonly Task[] | Promise<readonly Task[]>;

const MODES: readonly ApplyMode[] = ['server-side', 'client-side'];

/** The environments of a platform; Argo CD's own objects are none. */
function environments(distributions: readonly Distribution[]): Distribution[] {
  return distributions.filter(({ name }) => name !== 'argocd');
}

/** Where admission is selected, too, it goes on where acceptance ends: half as many clusters do. */
export const acceptanceTasks: Part = (distributions, clusters, selected) =>
  clusters.flatMap((cluster) =>
    distributions.flatMap((distribution) =>
      MODES.map((mode): Task => {
        const goesOn =
          selected.includes('admission') && mode === 'server-side' && environments([distribution]).length > 0;
        return {
          title: `acceptance${goesOn ? ' and admission' : ''}: ${distribution.title} on ${cluster.name}, ${mode}`,
          tools: cluster.tools,
          run: (workspace) =>
            checkAcceptance(workspace, cluster, distribution, mode, async (accepted) => {
              if (!goesOn) {
                return [];
              }
              await accepted.startControllerManager();
              return [await checkAdmissionTo(accepted, cluster.name, distribution)];
            }),
        };
      }),
    ),
  );

export const admissionTasks: Part = (distributions, clusters, selected) =>
  selected.includes('acceptance')
    ? []
    : clusters.flatMap((cluster) =>
        environments(distributions).map((distribution) => ({
          title: `admission: ${distribution.title} on ${cluster.name}`,
          tools: cluster.tools,
          run: (workspace) => checkAdmission(workspace, cluster, distribution),
        })),
      );

export const schedulingTasks: Part = (distributions) =>
  KUBERNETES_VERSIONS.map(ownControlPlane).flatMap((cluster) =>
    distributions
      .filter(({ name }) => name === 'production')
      .map((distribution) => ({
        title: `scheduling: ${distribution.title} on ${cluster.name}`,
        tools: [...cluster.tools, 'kwok'],
        run: (workspace) => checkScheduling(workspace, cluster, distribution),
      })),
  );

export const upgradeTasks: Part = async (distributions, clusters) => {
  const platforms = distributions.map(({ alone }) => alone);
  const tasks = await Promise.all(
    platforms.map(async (distribution) =>
      (await earlierReleases(distribution)).flatMap((release) =>
        clusters.map((cluster): Task => ({
          title: `upgrade: ${distribution.name} from ${release.name} on ${cluster.name}`,
          tools: cluster.tools,
          run: async (workspace) => {
            const before = await distributionOf(workspace, release, distribution);
            return checkUpgrade(workspace, cluster, release.name, before, distribution);
          },
        })),
      ),
    ),
  );
  return tasks.flat();
};

export const reachabilityTasks: Part = (distributions) =>
  environments(distributions)
    .flatMap((distribution) => (distribution.guest ? [distribution.alone, distribution] : [distribution]))
    .map((distribution) => ({
      title: `reachability: ${distribution.title}`,
      tools: [],
      run: (workspace) => checkReachability(workspace, distribution),
    }));

export const lintersTasks: Part = (distributions) => [
  ...distributions
    .flatMap((distribution) => (distribution.guest ? [distribution.alone, distribution] : [distribution]))
    .map((distribution) => ({
      title: `linters: ${distribution.title}`,
      tools: ['kube-score'],
      run: (workspace: Workspace) => checkLinters(workspace, distribution),
    })),
  ...distributions.map((distribution) => ({
    title: `linters: secrets in ${distribution.title}`,
    tools: ['gitleaks'],
    run: (workspace: Workspace) => checkLeaks(workspace, distribution),
  })),
  { title: 'linters: secrets in the repository', tools: ['gitleaks'], run: checkTree },
];

export const meshTasks: Part = (distributions) => {
  const operators = distributions.find(({ name }) => name === 'argocd');
  return operators
    ? environments(distributions)
        .filter(hasMesh)
        .map(({ alone }) => ({
          title: `mesh: ${alone.name}`,
          tools: ['istio-analyzer'],
          run: (workspace) => checkMesh(workspace, alone, operators),
        }))
    : [];
};

export const metricsTasks: Part = (distributions) => [
  ...environments(distributions).map(({ alone }) => ({
    title: `metrics: ${alone.name}`,
    tools: METRICS_TOOLS,
    run: (workspace: Workspace) => checkMetrics(workspace, alone),
  })),
  { title: 'metrics: receivers', tools: METRICS_TOOLS, run: checkReceivers },
];

export const wafTasks: Part = (distributions) =>
  distributions
    .filter(({ name }) => name === 'production')
    .map(({ alone }) => ({
      title: `waf: ${alone.name}`,
      tools: [],
      run: (workspace) => checkWaf(workspace, alone),
    }));

export const messageLayerTasks: Part = (distributions) => {
  const named = (name: string) => distributions.find((distribution) => distribution.name === name)!.alone;
  return [
    {
      title: 'message-layer: production',
      tools: NODE_TOOLS,
      run: (workspace) => checkMessageLayer(workspace, named('production'), named('development')),
    },
  ];
};

export const edgeTasks: Part = () => [
  {
    title: 'edge: development with a provider of identities',
    tools: [...NODE_TOOLS, ...EDGE_TOOLS],
    run: checkEdge,
  },
];

export const telemetryTasks: Part = (distributions) => [
  ...environments(distributions).map(({ alone }) => ({
    title: `telemetry: configurations of ${alone.name}`,
    tools: CONFIGURATION_TOOLS,
    run: (workspace: Workspace) => checkConfigurations(workspace, alone),
  })),
  { title: 'telemetry: tail sampling', tools: CONFIGURATION_TOOLS, run: checkTailSampling },
  ...distributions
    .filter(({ name }) => name === 'development')
    .map((distribution) => ({
      title: `telemetry: ${distribution.name}`,
      tools: [...NODE_TOOLS, ...TELEMETRY_TOOLS],
      run: (workspace: Workspace) => checkTelemetry(workspace, distribution),
    })),
];

export const workflowLayerTasks: Part = () => [
  {
    title: 'workflow-layer: development, two members each',
    tools: [...NODE_TOOLS, ...WORKFLOW_TOOLS],
    run: checkWorkflowLayer,
  },
];
