import * as fs from 'fs';
import * as path from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { Manifest } from '../manifest';

/** A directory of manifests as `dist/` holds it, file by file in order. */
export class Distribution {
  public constructor(
    /** The environment's name. */
    public readonly name: string,
    /** The directory. */
    public readonly directory: string,
  ) {}

  /** Its files, in the order in which they are applied. */
  public get files(): string[] {
    return fs
      .readdirSync(this.directory)
      .filter((name) => name.endsWith('.k8s.yaml'))
      .sort()
      .map((name) => path.join(this.directory, name));
  }

  /** Its objects. */
  public get manifests(): Manifest[] {
    return this.files.flatMap((file) => readManifests(file));
  }

  /** A copy in which one file has been changed. */
  public changed(directory: string, change: (manifests: Manifest[]) => Manifest[]): Distribution {
    fs.mkdirSync(directory, { recursive: true });
    for (const file of this.files) {
      const documents = change(readManifests(file)).map((manifest) => stringify(manifest));
      fs.writeFileSync(path.join(directory, path.basename(file)), documents.join('---\n'));
    }
    return new Distribution(this.name, directory);
  }
}

/** The objects of one file. */
export function readManifests(file: string): Manifest[] {
  return parseAllDocuments(fs.readFileSync(file, 'utf8')).flatMap((document) => {
    const manifest = document.toJS() as Manifest;
    return manifest ? [manifest] : [];
  });
}
