import { Row } from './report';
import { Workspace } from './workspace';

/** One check of one subject. */
export interface Task {
  /** What its progress is reported as. */
  readonly title: string;
  /** The programs it needs, by the name of their module in `tools/`. */
  readonly tools: readonly string[];
  /** Whether it takes minutes, most of which it waits: such tasks run one beside the others, so that none is left alone. */
  readonly isLong?: boolean;
  readonly run: (workspace: Workspace) => Promise<Row | Row[]>;
}
