import { parse } from 'yaml';
import { Manifest, nameOf, Part } from '../../manifest';
import { Distribution } from '../distribution';
import { Failure } from '../failure';

/** What Prometheus makes labels otherwise by, or leaves out. */
interface Relabeling {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly action?: string;
  readonly target_label?: string;
  readonly replacement?: string;
}

/** A scrape job, as far as the platform's configuration goes. */
export interface Job {
  readonly job_name: string;
  readonly metrics_path: string;
  readonly kubernetes_sd_configs: readonly { readonly role: string; readonly namespaces?: { names: string[] } }[];
  readonly relabel_configs: readonly Relabeling[];
  readonly metric_relabel_configs?: readonly Relabeling[];
}

type Labels = Readonly<Record<string, string>>;

/** All jobs of an environment's Prometheus. */
export function jobsOf({ manifests }: Distribution): Job[] {
  const config = manifests.find((manifest) => nameOf(manifest) === 'ConfigMap observability/prometheus');
  const { scrape_configs } = parse((config?.data['prometheus.yaml'] as string) ?? '{}') as { scrape_configs?: Job[] };
  return scrape_configs ?? [];
}

/** A job of an environment's Prometheus. */
export function jobOf(distribution: Distribution, name: string): Job {
  const job = jobsOf(distribution).find(({ job_name }) => job_name === name);
  if (!job) {
    throw new Failure(`Prometheus has no job ${name}`);
  }
  return job;
}

/** Whether a job asks nodes instead of pods. */
export function asksNodes(job: Job): boolean {
  return job.kubernetes_sd_configs.some(({ role }) => role === 'node');
}

/** The URLs that Prometheus would ask among some pods. */
export function targetsAmong(job: Job, pods: readonly Manifest[]): string[] {
  const namespaces = job.kubernetes_sd_configs.flatMap((discovery) => discovery.namespaces?.names ?? []);
  return pods
    .filter(({ metadata }) => namespaces.includes(metadata.namespace))
    .flatMap(discovered)
    .map((labels) => relabeled(labels, job.relabel_configs))
    .filter((labels) => labels !== undefined)
    .map(({ __address__ }) => `http://${__address__}${job.metrics_path}`);
}

/** The names of a page's metrics that a job keeps. */
export function namesOnPage(page: string, { metric_relabel_configs = [] }: Job): Set<string> {
  const lines = page.split('\n').filter((line) => line && !line.startsWith('#'));
  const kept = lines.map((line) => relabeled(labelsOf(line), metric_relabel_configs));
  return new Set(kept.flatMap((labels) => (labels ? [labels.__name__] : [])));
}

/** The name and the labels of a sample; a name may stand among the labels, in quotes. */
function labelsOf(line: string): Labels {
  const [, name, rest = ''] = /^([\w:]*)(\{.*\})?/.exec(line)!;
  const pairs = [...rest.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [label, value]);
  return { ...(Object.fromEntries(pairs) as Labels), __name__: name || (/^\{"([^"]+)"/.exec(rest)?.[1] ?? '') };
}

/** What discovery tells of each port of a pod. */
function discovered({ metadata, spec, status }: Manifest): Labels[] {
  const labels = Object.entries(metadata.labels as Labels).map(([name, value]) => [
    `__meta_kubernetes_pod_label_${name.replace(/\W/g, '_')}`,
    value,
  ]);
  const ports = spec.containers.flatMap((container: Part) => container.ports ?? []) as Part[];
  return ports.map(({ name, containerPort }) => ({
    ...(Object.fromEntries(labels) as Labels),
    __address__: `${status.podIP}:${containerPort}`,
    __meta_kubernetes_namespace: metadata.namespace as string,
    __meta_kubernetes_pod_name: metadata.name as string,
    __meta_kubernetes_pod_phase: status.phase as string,
    __meta_kubernetes_pod_container_port_name: (name as string | undefined) ?? '',
  }));
}

function relabeled(labels: Labels, rules: readonly Relabeling[]): Labels | undefined {
  let result = labels;
  for (const { source_labels = [], separator = ';', regex = '(.*)', action = 'replace', ...rule } of rules) {
    const value = source_labels.map((label) => result[label] ?? '').join(separator);
    const pattern = new RegExp(`^(?:${regex})$`);
    const matches = pattern.test(value);
    if (action === 'replace') {
      result = matches ? { ...result, [rule.target_label!]: value.replace(pattern, rule.replacement ?? '$1') } : result;
    } else if (!['keep', 'drop'].includes(action)) {
      throw new Failure(`the suite does not know what Prometheus does to '${action}'`);
    } else if (matches === (action === 'drop')) {
      return undefined;
    }
  }
  return result;
}
