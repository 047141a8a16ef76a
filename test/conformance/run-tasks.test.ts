import { Failure } from './failure';
import { runTasks } from './run-tasks';
import { Task } from './task';
import { Workspace } from './workspace';

const workspace = {} as Workspace;

beforeEach(() => void jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

/** A task that writes down when it begins. */
function task(title: string, tools: readonly string[], log: string[], error?: Error): Task {
  return {
    title,
    tools,
    run: () => {
      log.push(title);
      return error
        ? Promise.reject(error)
        : Promise.resolve({ part: title, check: '', subject: '', figures: '', faults: [] });
    },
  };
}

it('A task starts as soon as its programs are there, and the rows keep the order of the tasks', async () => {
  const log: string[] = [];
  const tasks = [task('both', ['a', 'b'], log), task('none', [], log), task('one', ['a'], log)];
  const { rows, ended } = await runTasks(workspace, tasks, 2, async (tool) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    log.push(`built ${tool}`);
  });
  expect(log).toEqual(['none', 'built a', 'one', 'built b', 'both']);
  expect(rows.map(({ part }) => part)).toEqual(['both', 'none', 'one']);
  expect(ended).toBeUndefined();
});

it('Each program is built once', async () => {
  const log: string[] = [];
  const build = jest.fn(() => Promise.resolve());
  await runTasks(workspace, [task('first', ['a'], log), task('second', ['a'], log)], 2, build);
  expect(build.mock.calls).toEqual([['a']]);
});

it('Where a program cannot be built, what runs ends, and no more begins', async () => {
  const log: string[] = [];
  const tasks = [task('none', [], log), task('one', ['a'], log)];
  const { rows, ended } = await runTasks(workspace, tasks, 1, () => Promise.reject(new Failure('cannot build a')));
  expect([rows.map(({ part }) => part), ended?.message]).toEqual([['none'], 'cannot build a']);
});

it('Where a task cannot go on, no more begin', async () => {
  const log: string[] = [];
  const tasks = [task('first', [], log, new Failure('disk full')), task('second', [], log)];
  const { ended } = await runTasks(workspace, tasks, 1, () => Promise.resolve());
  expect([log, ended?.message]).toEqual([['first'], 'disk full']);
});

it('One worker takes long tasks first, and the others take them last', async () => {
  const log: string[] = [];
  const long = (title: string) => ({ ...task(title, [], log), isLong: true });
  const tasks = [task('short', [], log), long('long'), task('other', [], log), long('other long')];
  await runTasks(workspace, tasks, 1, () => Promise.resolve());
  expect(log).toEqual(['long', 'other long', 'short', 'other']);
  log.splice(0);
  const [first, ...rest] = tasks;
  await runTasks(workspace, [first, ...rest.slice(0, 2)], 2, () => Promise.resolve());
  expect(log.slice(0, 2)).toEqual(['long', 'short']);
});
