import { ApiObject, ApiObjectMetadata, JsonPatch } from 'cdk8s';

/** What every object of the library carries. */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Record<string, string>;
  readonly wave: number;
  readonly annotations?: Record<string, string>;
}

/** The metadata of an object, with its Argo CD sync wave. */
export function objectMetadata({ name, namespace, labels, wave, annotations }: ObjectMetadata): ApiObjectMetadata {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels,
    annotations: { ...annotations, 'argocd.argoproj.io/sync-wave': `${wave}` },
  };
}

/** An object that is in no namespace, though every object gets its chart's. */
export function clusterScoped<T extends ApiObject>(object: T): T {
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}
