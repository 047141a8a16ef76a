import { k8s } from 'cdk8s-plus-27';
import { ConfigMap } from './config-map';

/** Room for temporary files where the root file system is read-only; below the pod's limit of ephemeral storage. */
export function tmpVolume(): k8s.Volume {
  return { name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } };
}

/** The files of a ConfigMap. */
export function configVolume(name: string, configMap: ConfigMap): k8s.Volume {
  return { name, configMap: { name: configMap.configMapName } };
}
