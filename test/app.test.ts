import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, AppProps, Chart, Lazy, YamlOutputType } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { WmsApp } from '../lib/app';

let root: string;

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'wms-app-'));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

const directory = (name: string) => path.join(root, name);

/** An app with one ConfigMap a chart. */
function appOf(name: string, charts: Record<string, unknown> = { one: 'a' }, props: AppProps = {}): WmsApp {
  const app = new WmsApp({ ...props, outdir: directory(name) });
  for (const [id, value] of Object.entries(charts)) {
    new ApiObject(new Chart(app, id), 'object', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: id },
      data: { value },
    });
  }
  return app;
}

/** Every file below the root, with its content: a directory left behind is seen too. */
function tree(): Record<string, string> {
  const entries = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const full = path.join(entry.parentPath, entry.name);
      return [path.relative(root, full), entry.isDirectory() ? '(directory)' : fs.readFileSync(full, 'utf8')];
    }),
  );
}

const FAILURES: [string, (app: WmsApp) => void, string][] = [
  ['a validation fails', (app) => app.node.addValidation({ validate: () => ['is wrong'] }), 'is wrong'],
  [
    'rendering throws',
    (app) =>
      new ApiObject(new Chart(app, 'zz-last'), 'object', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        data: Lazy.any({
          produce: () => {
            throw new Error('cannot be rendered');
          },
        }),
      }),
    'cannot be rendered',
  ],
];

describe('An app', () => {
  it('writes all its files, and nothing else.', () => {
    appOf('out', { one: 'a', two: 'b' }).synth();
    expect(Object.keys(tree()).sort()).toEqual(['out', 'out/one.k8s.yaml', 'out/two.k8s.yaml']);
    const [document] = parseAllDocuments(fs.readFileSync(directory('out/one.k8s.yaml'), 'utf8'));
    expect(document.toJSON()).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'one' },
      data: { value: 'a' },
    });
  });

  it('replaces the files of charts that no longer exist.', () => {
    appOf('out', { one: 'a', stale: 'b' }).synth();
    appOf('out', { one: 'c' }).synth();
    expect(Object.keys(tree()).sort()).toEqual(['out', 'out/one.k8s.yaml']);
    expect(tree()['out/one.k8s.yaml']).toContain('value: c');
  });

  it('writes the same bytes again.', () => {
    appOf('out').synth();
    const before = tree();
    appOf('out').synth();
    expect(tree()).toEqual(before);
  });

  it('makes the directories above its own.', () => {
    appOf('deep/er/out').synth();
    expect(Object.keys(tree())).toContain('deep/er/out/one.k8s.yaml');
  });

  it('passes every prop of cdk8s on.', () => {
    const resolve = jest.fn();
    const props: Required<AppProps> = {
      outdir: directory('out'),
      outputFileExtension: '.yml',
      yamlOutputType: YamlOutputType.FILE_PER_APP,
      recordConstructMetadata: true,
      resolvers: [{ resolve }],
    };
    appOf('out', { one: 'a' }, props).synth();
    expect(Object.keys(tree()).sort()).toEqual(['out', 'out/app.yml', 'out/construct-metadata.json']);
    expect(resolve).toHaveBeenCalled();
    // What it wrote is not foreign to it.
    expect(() => appOf('out', { one: 'a' }, props).synth()).not.toThrow();
  });

  it('finds all its objects.', () => {
    expect(appOf('out', { one: 'a', two: 'b' })._objects.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  describe.each(FAILURES)('of which %s', (_what, fail, message) => {
    it('leaves what was there before, and nothing beside it.', () => {
      appOf('out', { one: 'a', two: 'b' }).synth();
      const before = tree();
      const app = appOf('out', { one: 'changed' });
      fail(app);
      expect(() => app.synth()).toThrow(message);
      expect(tree()).toEqual(before);
    });

    it('writes nothing where nothing was there.', () => {
      const app = appOf('out');
      fail(app);
      expect(() => app.synth()).toThrow(message);
      expect(tree()).toEqual({});
    });

    it('keeps the apps beside it from being written.', () => {
      appOf('first').synth();
      const before = tree();
      const [first, second, third] = ['first', 'second', 'third'].map((name) => appOf(name, { one: 'changed' }));
      fail(second);
      expect(() => WmsApp.synthAll([first, second, third])).toThrow(message);
      expect(tree()).toEqual(before);
    });
  });

  it('puts the old directory back where the new one cannot take its place.', () => {
    appOf('first').synth();
    const before = tree();
    const first = appOf('first', { one: 'changed' });
    const removeFirst = Lazy.any({ produce: () => fs.rmSync(first.outdir, { recursive: true }) });
    expect(() => WmsApp.synthAll([first, appOf('second', { one: removeFirst })])).toThrow('ENOENT');
    expect(tree()).toEqual(before);
  });
});

describe('Several apps', () => {
  it('are written to a directory each.', () => {
    WmsApp.synthAll([appOf('first'), appOf('second')]);
    expect(Object.keys(tree()).sort()).toEqual(['first', 'first/one.k8s.yaml', 'second', 'second/one.k8s.yaml']);
  });

  it('cannot share one, however it is spelt.', () => {
    const same = new WmsApp({ outdir: path.join(root, 'x', '..', 'out') });
    expect(() => WmsApp.synthAll([appOf('out'), same])).toThrow(
      `[app] two apps write to ${directory('out')}; allowed: a directory of its own for each`,
    );
    expect(tree()).toEqual({});
  });
});

describe('A directory with foreign files', () => {
  it.each(['README.md', 'notes.yaml', '.git'])('as %s is refused, and left as it was.', (name) => {
    fs.mkdirSync(directory('out'));
    fs.writeFileSync(path.join(directory('out'), name), 'mine');
    const before = tree();
    expect(() => appOf('out').synth()).toThrow(
      `[app] ${directory('out')} holds ${name}, which synthesis would delete; allowed: an output directory with ` +
        `nothing but *.k8s.yaml`,
    );
    expect(tree()).toEqual(before);
  });

  it('keeps the apps beside it from being written.', () => {
    fs.mkdirSync(directory('second'));
    fs.writeFileSync(directory('second/b.md'), '');
    fs.writeFileSync(directory('second/a.md'), '');
    expect(() => WmsApp.synthAll([appOf('first'), appOf('second')])).toThrow('holds a.md, b.md, which');
    expect(Object.keys(tree()).sort()).toEqual(['second', 'second/a.md', 'second/b.md']);
  });
});

describe('The output directory', () => {
  const given = process.env.CDK8S_OUTDIR;

  afterEach(() => {
    delete process.env.CDK8S_OUTDIR;
    if (given !== undefined) {
      process.env.CDK8S_OUTDIR = given;
    }
  });

  it.each([
    ['is the app’s own', 'own', 'environment', 'own'],
    ['is CDK8S_OUTDIR where the app names none', undefined, 'environment', 'environment'],
    ['is dist where nobody names one', undefined, undefined, 'dist'],
  ])('%s.', (_what, outdir, variable, expected) => {
    delete process.env.CDK8S_OUTDIR;
    if (variable) {
      process.env.CDK8S_OUTDIR = variable;
    }
    const app = new WmsApp(outdir ? { outdir } : {});
    expect(app.directory).toBe(path.resolve(expected));
    // The directory beside it must be on the same file system, or it could not be renamed.
    expect(path.dirname(app.outdir)).toBe(path.dirname(app.directory));
  });
});
