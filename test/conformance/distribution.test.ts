import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Distribution, readManifests } from './distribution';

let directory: string;

beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'distribution-'))));
afterEach(() => fs.rmSync(directory, { recursive: true }));

const write = (text: string) => {
  const file = path.join(directory, 'a.k8s.yaml');
  fs.writeFileSync(file, text);
  return file;
};

it('reads all objects of a file, in their order', () => {
  const file = write('kind: A\n---\n# nothing\n---\nkind: B\n');
  expect(readManifests(file).map(({ kind }) => kind)).toEqual(['A', 'B']);
});

it('gives everybody objects of their own', () => {
  const file = write('kind: A\nmetadata: {name: one}\n');
  readManifests(file)[0].metadata.name = 'two';
  expect(readManifests(file)[0].metadata.name).toBe('one');
});

it('reads a file again that has changed', () => {
  const file = write('kind: A\n');
  readManifests(file);
  write('kind: B\n');
  expect(readManifests(file)[0].kind).toBe('B');
});

it('leaves a file out of a changed copy of which no object is left', () => {
  write('kind: A\n');
  fs.writeFileSync(path.join(directory, 'b.k8s.yaml'), 'kind: B\n---\nkind: C\n');
  const distribution = new Distribution('test', directory);
  const copy = distribution.changed(path.join(directory, 'copy'), (own) => own.filter(({ kind }) => kind === 'C'));
  expect(copy.files.map((file) => path.basename(file))).toEqual(['b.k8s.yaml']);
  expect(copy.manifests.map(({ kind }) => kind)).toEqual(['C']);
});
