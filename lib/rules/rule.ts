/** How soon somebody must act: at once, or in working hours. */
export type Severity = 'critical' | 'warning';

/** A series that Prometheus computes and keeps. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Something that somebody must act on. */
export interface AlertRule {
  /** Its name; the anchor of its runbook. */
  readonly alert: string;
  readonly severity: Severity;
  readonly expr: string;
  /** How long it must be so. */
  readonly for: string;
  /** One line, with labels as `{{ $labels.pod }}`. */
  readonly summary: string;
  /** What that means for the platform. */
  readonly description: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The rules about one component: a file of rules, and a page of runbooks. */
export interface RuleGroup {
  /** The component; the name of its file and of its page in `docs/runbooks`. */
  readonly name: string;
  readonly records?: readonly RecordingRule[];
  readonly alerts: readonly AlertRule[];
}

/** What rules depend on beside the metrics: figures of the platform that alerts are derived from. */
export interface RuleFacts {
  /** The names of the scrape jobs that must have a target each. */
  readonly jobs: readonly string[];
  /** The services that have an objective. */
  readonly publicServices: readonly string[];
  readonly mongodbMembers: number;
  readonly kafkaBrokers: number;
  readonly kafkaMinInSyncReplicas: number;
  /** 0 where Kafka has left it. */
  readonly zookeeperMembers: number;
  /** Whether Temporal's store is one of the platform's own. */
  readonly postgresql: boolean;
  readonly historyShards: number;
}
