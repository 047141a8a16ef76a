import { Row } from './report';
import { Task } from './task';
import { Workspace } from './workspace';

/** What tasks have found, and what has ended them early. */
export interface Results {
  readonly rows: Row[];
  readonly ended?: Error;
}

/**
 * Runs tasks, some at a time, until all are done, or one cannot go on: then those under way are waited for, and what they
 * found is kept. Programs are built one after another in the order in which they are needed; a task starts as soon as its
 * own are there. One worker prefers long tasks, and the others do not, so that they run beside each other.
 */
export async function runTasks(
  workspace: Workspace,
  tasks: readonly Task[],
  workers: number,
  build: (tool: string) => Promise<unknown>,
): Promise<Results> {
  const rows: Row[][] = tasks.map(() => []);
  const waiting = new Set(tasks.keys());
  const built = new Set<string>();
  const changes = new Changes();
  let done = 0;
  let ended: Error | undefined;

  const end = (error: unknown) => {
    ended ??= error as Error;
    changes.tell();
  };
  const buildAll = async () => {
    for (const tool of new Set(tasks.flatMap((task) => task.tools))) {
      if (!ended) {
        await build(tool);
        built.add(tool);
        changes.tell();
      }
    }
  };
  const next = async (prefersLong: boolean): Promise<number | undefined> => {
    while (waiting.size > 0 && !ended) {
      const able = [...waiting].filter((index) => tasks[index].tools.every((tool) => built.has(tool)));
      const ready = able.find((index) => Boolean(tasks[index].isLong) === prefersLong) ?? able[0];
      if (ready !== undefined) {
        waiting.delete(ready);
        return ready;
      }
      await changes.next();
    }
    return undefined;
  };
  const work = async (prefersLong: boolean) => {
    for (let index = await next(prefersLong); index !== undefined; index = await next(prefersLong)) {
      const started = Date.now();
      rows[index] = [await tasks[index].run(workspace)].flat();
      const failed = rows[index].some(({ faults }) => faults.length > 0);
      const seconds = Math.round((Date.now() - started) / 1000);
      done += 1;
      console.error(`[${done}/${tasks.length}] ${failed ? 'FAILED' : 'ok'} ${tasks[index].title} (${seconds} s)`);
    }
  };
  const building = buildAll().catch(end);
  await Promise.all(Array.from({ length: workers }, (_, i) => work(i === 0).catch(end)));
  if (!ended) {
    await building;
  }
  return { rows: rows.flat(), ended };
}

/** Wakes whoever waits for something to change. */
class Changes {
  private waiting: (() => void)[] = [];

  public tell(): void {
    this.waiting.splice(0).forEach((wake) => wake());
  }

  public next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
