import { invalid } from '../errors';
import type { Endpoint } from './endpoint';
import type { Pods } from './pods';

/** A page of metrics, as what scrapes it must know it. */
export interface ScrapeTarget {
  /** The endpoint that the application itself serves the page at: the container's port that tells its pods apart. */
  readonly application: Endpoint;
  /** The endpoint that is asked: the application's, or its sidecar's. */
  readonly endpoint: Endpoint;
  /** The path of the page. */
  readonly path: string;
  /** Whether labels of the page win over those of its pod. */
  readonly honorLabels: boolean;
  /** Whether its endpoint is asked other things, too. */
  readonly alsoAsked: boolean;
  /** Whether anything runs there: a workload of no pods has nothing to scrape. */
  readonly runs: () => boolean;
}

/** What scrapes every page of metrics of an app: its pods, and the pages. */
export class Scraper {
  private readonly known = new Map<string, ScrapeTarget>();

  public constructor(public readonly pods: Pods) {}

  /** The pages by the names of their jobs, in the order of these. */
  public get jobs(): [string, ScrapeTarget][] {
    return [...this.known.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /**
   * Adds a page, and the connection to it.
   *
   * @throws where another page has the name of its job
   */
  public add(target: ScrapeTarget): void {
    const { application, endpoint, path, alsoAsked } = target;
    const { pods } = application;
    const others = [...this.known.values()].some((t) => t.application.pods === pods);
    // A workload's first page has the workload's name.
    const job = others ? `${pods.name}/${application.portName}` : pods.name;
    if (this.known.has(job)) {
      throw invalid(
        pods._scope ?? pods.name,
        `the scrape job '${job}' is there twice; allowed: one workload of that name, with one page a port`,
      );
    }
    this.known.set(job, target);
    // What scrapes itself does so without leaving its pod.
    if (pods._id !== this.pods._id) {
      this.pods.connectTo(endpoint, alsoAsked ? {} : { methods: ['GET'], paths: [path] });
    }
  }
}
