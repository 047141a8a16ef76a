import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';

const CHECKED = new WeakSet<IConstruct>();

/** Makes synthesis fail where two objects of an app have one kind, namespace and name: the second would replace the first. */
export function rejectDuplicateObjects(app: IConstruct): void {
  if (CHECKED.has(app)) {
    return;
  }
  CHECKED.add(app);
  app.node.addValidation({ validate: () => duplicateObjects(app) });
}

function duplicateObjects(app: IConstruct): string[] {
  const seen = new Map<string, ApiObject>();
  const errors: string[] = [];
  for (const object of app.node.findAll().filter((c) => ApiObject.isApiObject(c))) {
    const { metadata } = object.toJson() as { metadata?: { name?: string; namespace?: string } };
    const key = [object.apiGroup, object.kind, metadata?.namespace ?? '', metadata?.name ?? ''].join('/');
    const first = seen.get(key);
    if (first) {
      errors.push(
        `${object.kind} ${metadata?.namespace ? `${metadata.namespace}/` : ''}${metadata?.name} is made twice, ` +
          `by ${first.node.path} and ${object.node.path}; allowed: once`,
      );
    } else {
      seen.set(key, object);
    }
  }
  return errors;
}
