import * as fs from 'fs';
import * as path from 'path';
import { Yaml } from 'cdk8s';
import { toMatchFile } from 'jest-file-snapshot';
import { renderAll } from './manifests';

expect.extend({ toMatchFile });

const SNAPSHOTS = path.join(__dirname, '..', '..', '__snapshots__');

const files = renderAll().flatMap(({ name, files: charts }) =>
  [...charts].map(([chart, manifests]) => ({ file: path.join(name, `${chart}.yaml`), manifests })),
);

describe('generated manifests', () => {
  it.each(files)('are unchanged in $file', ({ file, manifests }) => {
    expect(Yaml.stringify(...manifests)).toMatchFile(path.join(SNAPSHOTS, file));
  });

  it('have no snapshot of a file that is generated no longer', () => {
    const snapshots = fs
      .readdirSync(SNAPSHOTS, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.yaml'));
    expect(snapshots.sort()).toEqual(files.map(({ file }) => file).sort());
  });
});
