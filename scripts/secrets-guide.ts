import { IConstruct } from 'constructs';
import { Environment } from '../lib/environment';
import { Credential, credentialsIn } from '../lib/secrets/credential';
import { Secret } from '../lib/secrets/secret';

/** A credential with the Secrets that are made from it. */
export interface UsedCredential {
  readonly credential: Credential;
  readonly secrets: Secret[];
}

/** Every credential that the Secrets below a construct are made from, by path. */
export function usedCredentials(scope: IConstruct): UsedCredential[] {
  const used = new Map<string, UsedCredential>();
  for (const secret of scope.node.findAll().filter((c) => c instanceof Secret)) {
    for (const credential of Object.values(secret.data).flatMap(credentialsIn)) {
      const { secrets } = used.get(credential._key) ?? { secrets: [] };
      used.set(credential._key, { credential, secrets: [...secrets, secret] });
    }
  }
  return [...used.values()].sort((a, b) => (a.credential._key < b.credential._key ? -1 : 1));
}

/** Where an operator of an environment puts what, as a Markdown section. */
export function secretsSection(environment: Environment, credentials: readonly UsedCredential[]): string {
  const namespaces = [...new Set(credentials.flatMap(({ secrets }) => secrets.map((s) => s.namespace)))].sort();
  const roles = namespaces.flatMap((namespace) => environment.secrets._role(environment.name, namespace) ?? []);
  const rows = credentials.map(({ credential, secrets }) => [
    environment.secrets._location(environment.name, credential),
    credential.description,
    secrets.map((s) => `\`${s.namespace}/${s.secretName}\``).join(', '),
  ]);
  return [
    `## ${environment.name}`,
    '',
    ...(roles.length > 0
      ? [`Read as the ${roles.length > 1 ? 'roles' : 'role'} ${roles.map((r) => `\`${r}\``).join(', ')}.`, '']
      : []),
    '| where | what | Secret |',
    '| --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}
