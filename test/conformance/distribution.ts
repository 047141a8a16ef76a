import * as fs from 'fs';
import * as path from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { Manifest } from '../manifest';
import { Guest } from './guest';

/** A directory of manifests as `dist/` holds it, file by file in order. */
export class Distribution {
  public constructor(
    /** The environment's name. */
    public readonly name: string,
    /** The directory. */
    public readonly directory: string,
    /** A service of another team, applied after it. */
    public readonly guest?: Guest,
  ) {}

  /** What rows call it. */
  public get title(): string {
    return this.guest ? `${this.name} with ${this.guest.name}` : this.name;
  }

  /** Itself, without its guest. */
  public get alone(): Distribution {
    return new Distribution(this.name, this.directory);
  }

  /** Its directories, in the order in which they are applied. */
  public get directories(): string[] {
    return [this.directory, ...(this.guest ? [this.guest.manifests] : [])];
  }

  /** Its files, in the order in which they are applied. */
  public get files(): string[] {
    return this.directories.flatMap(manifestFiles);
  }

  /** Its objects. */
  public get manifests(): Manifest[] {
    return this.files.flatMap((file) => readManifests(file));
  }

  /** A copy in which the objects of each file have been changed; a file of which none is left is left out. */
  public changed(directory: string, change: (manifests: Manifest[]) => Manifest[]): Distribution {
    const write = (files: readonly string[], target: string) => {
      fs.mkdirSync(target, { recursive: true });
      for (const file of files) {
        const documents = change(readManifests(file)).map((manifest) => stringify(manifest));
        if (documents.length > 0) {
          fs.writeFileSync(path.join(target, path.basename(file)), documents.join('---\n'));
        }
      }
      return target;
    };
    const own = write(manifestFiles(this.directory), directory);
    const { guest } = this;
    const changedGuest = guest && { ...guest, manifests: write(manifestFiles(guest.manifests), `${directory}-guest`) };
    return new Distribution(this.name, own, changedGuest);
  }
}

/** The manifests of a directory, in the order in which they are applied. */
export function manifestFiles(directory: string): string[] {
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith('.k8s.yaml'))
    .sort()
    .map((name) => path.join(directory, name));
}

/** What files hold, as JSON, which is read again in no time. */
const read = new Map<string, { readonly text: string; readonly json: string }>();

/** The objects of one file, each time as new ones. */
export function readManifests(file: string): Manifest[] {
  const text = fs.readFileSync(file, 'utf8');
  const known = read.get(file);
  const json = known?.text === text ? known.json : JSON.stringify(parseManifests(text));
  read.set(file, { text, json });
  return JSON.parse(json) as Manifest[];
}

function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const manifest = document.toJS() as Manifest;
    return manifest ? [manifest] : [];
  });
}
