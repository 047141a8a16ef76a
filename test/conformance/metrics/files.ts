import * as fs from 'fs';
import * as path from 'path';
import { Manifest } from '../../manifest';
import { Distribution } from '../distribution';
import { Failure } from '../failure';

/** What Prometheus and Alertmanager read, as their pods have it. */
export interface MetricsFiles {
  readonly prometheus: string;
  readonly rules: readonly string[];
  readonly alertmanager: string;
}

const NAMESPACE = 'observability';

/** Writes the files of an environment into a directory, laid out as the pods mount them. */
export function writeFiles({ manifests }: Distribution, directory: string): MetricsFiles {
  const write = (configMap: string, folder: string) =>
    Object.entries(dataOf(manifests, configMap)).map(([name, content]) => {
      const file = path.join(directory, folder, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, content);
      return file;
    });
  const [prometheus] = write('prometheus', 'config');
  const [alertmanager] = write('alertmanager', 'alertmanager');
  return { prometheus, rules: write('prometheus-rules', 'rules'), alertmanager };
}

/** The arguments of a container, with the places of its files changed. */
export function argumentsOf(
  { manifests }: Distribution,
  name: string,
  places: Readonly<Record<string, string>>,
): string[] {
  const set = manifests.find(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === name);
  if (!set) {
    throw new Failure(`there is no StatefulSet ${name}`);
  }
  const args = set.spec.template.spec.containers[0].args as string[];
  return args.map((arg) => Object.entries(places).reduce((text, [from, to]) => text.replace(from, to), arg));
}

function dataOf(manifests: readonly Manifest[], name: string): Record<string, string> {
  const found = manifests.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === NAMESPACE && metadata.name === name,
  );
  if (!found) {
    throw new Failure(`there is no ConfigMap ${NAMESPACE}/${name}`);
  }
  return found.data as Record<string, string>;
}
