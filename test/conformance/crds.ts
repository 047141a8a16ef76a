import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { Cluster } from './cluster';
import { Failure } from './failure';
import { poll } from './poll';
import { runCommand } from './run-command';
import { Distribution, readManifests } from './distribution';

interface Operator {
  readonly module: string;
  readonly version: string;
  readonly crds: readonly { readonly file: string; readonly kind: string }[];
}

const PINNED = path.join(__dirname, '..', '..', 'imports', 'crds.yaml');

/** Installs the official CRDs that some manifests need, at the versions that `imports/` is made from. */
export async function installCrds(cluster: Cluster, distribution: Pick<Distribution, 'manifests'>): Promise<number> {
  const kinds = new Set(distribution.manifests.map(({ kind }) => String(kind)));
  const operators = parse(fs.readFileSync(PINNED, 'utf8')) as Operator[];
  const standing = new Set((await cluster.list('crd')).map(({ metadata }) => String(metadata.name)));
  const missing: string[] = [];
  for (const { module, version, crds } of operators) {
    const files = [...new Set(crds.filter(({ kind }) => kinds.has(kind)).map(({ file }) => file))];
    if (files.length === 0) {
      continue;
    }
    const directory = await moduleDirectory(`${module}@${version}`);
    for (const file of files.map((name) => path.join(directory, name))) {
      // In somebody's cluster they may be there already.
      if (standing.size === 0 || readManifests(file).some(({ metadata }) => !standing.has(String(metadata.name)))) {
        missing.push(file);
      }
    }
  }
  if (missing.length > 0) {
    // In somebody's cluster one by one, so that what one has made is deleted where the next one fails.
    for (const files of cluster.isAlive ? missing.map((file) => [file]) : [missing]) {
      // Not strictly, and not applied: an old API server does not know every field of a newer CRD.
      await cluster.create('--validate=warn', ...files.flatMap((file) => ['-f', file]));
    }
    await established(cluster);
  }
  return missing.length;
}

/** `kubectl wait` ends with an error where a CRD has no conditions yet. */
export async function established(cluster: Cluster): Promise<void> {
  const ready = await poll(60, async () => {
    const crds = await cluster.list('crd');
    const conditions = crds.map(({ status }) => (status?.conditions ?? []) as { type: string; status: string }[]);
    return conditions.every((own) => own.some((c) => c.type === 'Established' && c.status === 'True'))
      ? true
      : undefined;
  });
  if (!ready) {
    throw new Failure('the CRDs are not established after 60 s');
  }
}

const directories = new Map<string, Promise<string>>();

function moduleDirectory(module: string): Promise<string> {
  const directory = directories.get(module) ?? download(module);
  directories.set(module, directory);
  return directory;
}

async function download(module: string): Promise<string> {
  const { code, stdout } = await runCommand('go', ['mod', 'download', '-json', module]);
  const { Dir, Error: error } = JSON.parse(stdout || '{}') as { Dir?: string; Error?: string };
  if (code !== 0 || !Dir) {
    throw new Failure(`cannot get the CRDs of ${module}: ${error ?? 'the module is not served'}`);
  }
  return Dir;
}
