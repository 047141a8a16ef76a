import { Manifest, Part } from '../../manifest';
import { find } from '../../manifest';
import { ScriptPod } from './run-script';

/** What the container of a Job finds in its pod, from the manifests alone. */
export function scriptPod(manifests: readonly Manifest[], owner: Manifest): ScriptPod {
  const { spec } = owner.spec.jobTemplate?.spec.template ?? owner.spec.template;
  const [container] = spec.containers;
  const files = Object.fromEntries(
    container.volumeMounts.flatMap(({ name, mountPath }: Part) => {
      const volume = spec.volumes.find((v: Part) => v.name === name);
      return filesOf(manifests, volume).map(([path, text]) => [`${mountPath}/${path}`, text]);
    }),
  ) as Record<string, string>;
  const [script] = container.command.slice(-1);
  expect(container.command).toEqual(['mongosh', '--nodb', '--norc', '--quiet', '--file', script]);
  return {
    script: files[script],
    env: Object.fromEntries(container.env.map(({ name, value }: Part) => [name, value])),
    files,
  };
}

/** The files of a volume, by their path in it. */
export function filesOf(manifests: readonly Manifest[], volume: Part): [string, string][] {
  if (volume.configMap) {
    return Object.entries(find(manifests, 'ConfigMap', volume.configMap.name).data as Record<string, string>);
  }
  const secrets = volume.projected?.sources.map((s: Part) => s.secret) ?? (volume.secret ? [volume.secret] : []);
  return secrets.flatMap(({ name, secretName = name, items }: Part) => {
    const { stringData } = find(manifests, 'Secret', secretName);
    return (items ?? Object.keys(stringData).map((key) => ({ key, path: key }))).map(({ key, path }: Part) => [
      path,
      stringData[key],
    ]);
  });
}
