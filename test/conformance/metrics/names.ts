import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';

/** The names of metrics that rules and dashboards use of one component. */
export interface MetricList {
  /** Where it stands that the component exposes them. */
  readonly source: string;
  /** The part in which a real one is asked for them; nothing where none can be had here. */
  readonly proven?: string;
  /** Those of Prometheus' jobs that read them, where no Prometheus runs that would tell. */
  readonly jobs?: readonly string[];
  readonly names: readonly string[];
  /** More names, which are exposed only after what the part does not bring about, each with what that is. */
  readonly later?: Readonly<Record<string, string>>;
}

export type MetricLists = Readonly<Record<string, MetricList>>;

/** The parts that ask real ones. */
export const PROVING_PARTS: readonly string[] = ['edge', 'message-layer', 'telemetry', 'workflow-layer'];

/** The lists of `metric-names.yaml`, by component. */
export function metricLists(): MetricLists {
  return parse(fs.readFileSync(path.join(__dirname, 'metric-names.yaml'), 'utf8')) as MetricLists;
}

/** All names of a list. */
export function namesOfList({ names, later = {} }: MetricList): string[] {
  return [...names, ...Object.keys(later)];
}
