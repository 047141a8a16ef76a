import { Manifest, nameOf, Part } from '../../manifest';
import { containersOf, podsOf } from '../manifests';

const SECRET_NAME = /PASSWORD|SECRET|TOKEN|API_KEY|_URI$/i;

/** Outside development no value of a secret stands in a manifest. */
export function noSecretValues(manifests: readonly Manifest[]): string[] {
  const development = manifests.some(({ data }) => data?.ENVIRONMENT === 'development');
  const secrets = manifests.filter(({ kind }) => kind === 'Secret');
  const fake = /development-only/;
  const real = secrets.filter(
    ({ stringData = {} }) => !development || Object.values(stringData).some((v) => !fake.test(String(v))),
  );
  const configured = manifests
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap((m) =>
      Object.keys(m.data ?? {})
        .filter((key) => SECRET_NAME.test(key))
        .map((key) => `${nameOf(m)} has the key ${key}`),
    );
  const literal = podsOf(manifests).flatMap(({ owner, spec }) =>
    containersOf(spec).flatMap((c: Part) =>
      (c.env ?? [])
        .filter((e: Part) => SECRET_NAME.test(e.name) && e.value !== undefined)
        .map((e: Part) => `${nameOf(owner)} sets ${e.name} to a literal`),
    ),
  );
  return [...real.map((s) => `${nameOf(s)} holds values`), ...configured, ...literal];
}
