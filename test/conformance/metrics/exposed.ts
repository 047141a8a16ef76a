import { Manifest, nameOf } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Distribution } from '../distribution';
import { Node } from '../node/node';
import { standInPod } from '../node/stand-ins';
import { poll } from '../poll';
import { proofOf } from '../proof';
import { Row } from '../report';
import { MetricList, metricLists, MetricLists, namesOfList } from './names';
import { asksNodes, Job, jobOf, namesOnPage, targetsAmong } from './targets';

/** Components that run on a node, of an environment whose Prometheus is to read what they expose. */
export interface Exposing {
  /** It has the stand-in's image, Prometheus' namespace and, where policies are to count, its policies. */
  readonly node: Node;
  /** Its Prometheus' configuration says who is asked, where and for what. */
  readonly distribution: Distribution;
  /** As lists name it in `proven`. */
  readonly part: string;
  readonly subject: string;
}

const PROMETHEUS = 'StatefulSet observability/prometheus';

/** A pod with the labels of Prometheus'. */
const SCRAPER = { namespace: 'observability', name: 'scraper' };

const INVENTED = 'invented_total';

const UNKNOWN = {
  title: 'a metric that the real one does not expose',
  says: new RegExp(`does not expose ${INVENTED}$`),
};

/** A metric that is not there yet may come with the next round of what its component does. */
const SECONDS = 90;

/**
 * Every metric of the lists that this part proves is on the pages that Prometheus reads: pods are found by its own jobs and
 * asked from a pod with its labels, under its policies; kubelets by way of the API server.
 */
export async function checkExposed(run: Exposing): Promise<Row> {
  const lists = provenBy(run.part);
  return withScraper(run, async () => {
    let found: Found = { faults: [], figures: [] };
    await poll(SECONDS, async () => {
      found = await askAll(run, lists);
      return found.faults.length === 0 ? true : undefined;
    });
    return rowOf(run, found);
  });
}

/** The same is told of a metric that nobody exposes, and of a page that Prometheus may not ask for. */
export async function proveExposed(run: Exposing, policy: string): Promise<Row[]> {
  const lists = provenBy(run.part);
  const proof = proofOf(run.part, run.subject);
  const written = run.distribution.manifests.find((manifest) => nameOf(manifest) === `NetworkPolicy ${policy}`)!;
  return withScraper(run, async () => {
    const [[component, list]] = Object.entries(lists);
    const { faults } = await askAll(run, { [component]: { ...list, names: [INVENTED] } });
    const closed = { title: 'a page of metrics that Prometheus may not ask for', says: /^http:\S+ does not answer: / };
    await run.node.applyObjects([{ ...written, spec: { ...written.spec, ingress: [] } }]);
    const refused = await poll(30, async () => {
      const found = await askAll(run, lists);
      return found.faults.some((fault) => closed.says.test(fault)) ? found.faults : undefined;
    });
    await run.node.applyObjects([written]);
    return [proof(UNKNOWN, faults), proof(closed, refused ?? [])];
  });
}

/**
 * Every metric of the lists that a part proves is among those that a real Prometheus has read there, or has been sent.
 *
 * @param ask the names of all metrics that it has
 */
export async function checkCollected(
  part: string,
  subject: string,
  ask: () => Promise<readonly string[]>,
): Promise<Row> {
  const lists = provenBy(part);
  let found: Found = { faults: [], figures: [] };
  await poll(SECONDS, async () => {
    const names = new Set(await ask());
    const components = Object.entries(lists);
    found = {
      faults: components.flatMap(([component, list]) => missing(component, list, names)),
      figures: components.map(([component, list]) => figureOf(component, list, names)),
    };
    return found.faults.length === 0 ? true : undefined;
  });
  return rowOf({ part, subject }, found);
}

/** The same is told of a metric that nobody exposes. */
export async function proveCollected(
  part: string,
  subject: string,
  ask: () => Promise<readonly string[]>,
): Promise<Row> {
  const [[component, list]] = Object.entries(provenBy(part));
  const faults = missing(component, { ...list, names: [INVENTED] }, new Set(await ask()));
  return proofOf(part, subject)(UNKNOWN, faults);
}

interface Found {
  readonly faults: string[];
  /** A few words for each component. */
  readonly figures: string[];
}

function provenBy(part: string): MetricLists {
  return Object.fromEntries(Object.entries(metricLists()).filter(([, { proven }]) => proven === part));
}

async function askAll({ node, distribution }: Exposing, lists: MetricLists): Promise<Found> {
  const pods = await node.list('pods');
  const running = pods.filter(({ metadata, status }) => !metadata.deletionTimestamp && status.podIP);
  const found: Found = { faults: [], figures: [] };
  for (const [component, list] of Object.entries(lists)) {
    const exposed = new Set<string>();
    for (const name of list.jobs ?? []) {
      const job = jobOf(distribution, name);
      const pages = asksNodes(job) ? await pagesOfNodes(node, job) : await pagesOfPods(node, job, running);
      pages.forEach((page) => {
        found.faults.push(...page.faults);
        namesOnPage(page.text, job).forEach((metric) => exposed.add(metric));
      });
      found.faults.push(...(pages.length > 0 ? [] : [`${name} has nobody to ask`]));
    }
    found.faults.push(...missing(component, list, exposed));
    found.figures.push(figureOf(component, list, exposed));
  }
  return found;
}

function rowOf({ part, subject }: Pick<Exposing, 'part' | 'subject'>, { faults, figures }: Found): Row {
  const none = figures.length > 0 ? [] : [`no list is proven by ${part}`];
  return {
    part,
    check: 'exposes the metrics that rules and dashboards name',
    subject,
    figures: figures.join(', '),
    faults: [...faults, ...none],
  };
}

function missing(component: string, { names }: MetricList, exposed: ReadonlySet<string>): string[] {
  return names.filter((name) => !exposed.has(name)).map((name) => `${component} does not expose ${name}`);
}

function figureOf(component: string, list: MetricList, exposed: ReadonlySet<string>): string {
  const names = namesOfList(list);
  const seen = names.filter((name) => exposed.has(name)).length;
  const later = Object.keys(list.later ?? {}).filter((name) => !exposed.has(name)).length;
  return `${component} ${seen} of ${names.length}${later > 0 ? ` (${later} only after more)` : ''}`;
}

interface Page {
  readonly text: string;
  readonly faults: readonly string[];
}

async function pagesOfPods(node: Node, job: Job, pods: readonly Manifest[]): Promise<Page[]> {
  return Promise.all(
    targetsAmong(job, pods).map(async (url) =>
      pageOf(node, url, ['exec', '-n', SCRAPER.namespace, SCRAPER.name, '--', 'stand-in', 'page', url]),
    ),
  );
}

async function pagesOfNodes(node: Node, job: Job): Promise<Page[]> {
  const nodes = await node.list('nodes');
  return Promise.all(
    nodes.map(async ({ metadata }) => {
      const path = `/api/v1/nodes/${metadata.name}/proxy${job.metrics_path}`;
      return pageOf(node, path, ['get', '--raw', path]);
    }),
  );
}

async function pageOf(node: Node, place: string, args: readonly string[]): Promise<Page> {
  const { code, stdout, stderr } = await node.kubectl(args);
  const said = stderr.trim().split('\n')[0];
  return code === 0 ? { text: stdout, faults: [] } : { text: '', faults: [`${place} does not answer: ${said}`] };
}

/** Does something while there is a pod that asks as Prometheus' does, which no Service leads to. */
async function withScraper<T>({ node, distribution }: Exposing, action: () => Promise<T>): Promise<T> {
  const { namespace, name } = SCRAPER;
  const { metadata } = podsOf(distribution.manifests).find(({ owner }) => nameOf(owner) === PROMETHEUS)!;
  const pod = standInPod(namespace, name, metadata.labels, []);
  await node.applyObjects([
    { ...pod, spec: { ...pod.spec, readinessGates: [{ conditionType: 'conformance/never' }] } },
  ]);
  try {
    await node.kubectlOk(['wait', 'pod', '-n', namespace, name, '--for=condition=ContainersReady', '--timeout=120s']);
    return await action();
  } finally {
    await node.kubectlOk(['delete', 'pod', '-n', namespace, name, '--wait']);
  }
}
