import { PEOPLE_ROLES, PeopleRole, RoleRule } from '../../lib/topology/people-roles';

const { viewers, operators, administrators } = PEOPLE_ROLES;
const roles: PeopleRole[] = [viewers, operators, administrators];

const words = ({ apiGroups, resources, verbs }: RoleRule) => [...apiGroups, ...resources, ...verbs];
const resources = ({ rules }: PeopleRole) => rules.flatMap((rule) => rule.resources);
/** What a role may do, as `apps/deployments: get`. */
const grants = ({ rules }: PeopleRole) =>
  new Set(
    rules.flatMap(({ apiGroups, resources: kinds, verbs }) =>
      apiGroups.flatMap((group) => kinds.flatMap((kind) => verbs.map((verb) => `${group}/${kind}: ${verb}`))),
    ),
  );
const added = (role: PeopleRole, to: PeopleRole) => [...grants(role)].filter((grant) => !grants(to).has(grant));

describe('the roles of people', () => {
  it('are three, named for what they may', () => {
    expect(roles.map(({ name }) => name)).toEqual(['wms-viewer', 'wms-operator', 'wms-administrator']);
  });

  it.each(roles)('$name grants nothing by a wildcard', ({ rules }) => {
    expect(rules.flatMap(words)).not.toContain('*');
  });

  it('let viewers only read, and no secrets', () => {
    expect([...new Set(viewers.rules.flatMap(({ verbs }) => verbs))].sort()).toEqual(['get', 'list', 'watch']);
    expect(resources(viewers)).not.toContain('secrets');
  });

  it('let viewers see pods, their logs and what runs them', () => {
    expect([...grants(viewers)]).toEqual(
      expect.arrayContaining(['/pods: list', '/pods/log: get', 'apps/deployments: watch', 'batch/jobs: get']),
    );
  });

  it('let operators restart, drain and scale, and nothing else', () => {
    expect(added(operators, viewers).sort()).toEqual([
      '/pods/eviction: create',
      '/pods: delete',
      'apps/deployments/scale: get',
      'apps/deployments/scale: patch',
      'apps/deployments/scale: update',
      'apps/statefulsets/scale: get',
      'apps/statefulsets/scale: patch',
      'apps/statefulsets/scale: update',
    ]);
  });

  it('let each include the one before it', () => {
    expect(added(viewers, operators)).toEqual([]);
    expect(added(operators, administrators)).toEqual([]);
  });

  it('let nobody change what guards a namespace, or raise their own rights', () => {
    const guards = ['resourcequotas', 'limitranges', 'roles', 'rolebindings', 'clusterroles', 'namespaces'];
    const verbs = roles.flatMap(({ rules }) =>
      rules.filter((rule) => rule.resources.some((kind) => guards.includes(kind))).flatMap((rule) => rule.verbs),
    );
    expect([...new Set(verbs)].sort()).toEqual(['get', 'list', 'watch']);
  });

  it('let only administrators name secrets, or enter a pod', () => {
    const sensitive = ['secrets', 'pods/exec', 'pods/portforward'];
    expect(roles.map((role) => sensitive.filter((kind) => resources(role).includes(kind)))).toEqual([
      [],
      [],
      sensitive,
    ]);
  });

  it.each(roles)('$name cannot raise its own rights', (role) => {
    expect(role.rules.flatMap(({ apiGroups }) => apiGroups)).not.toContain('rbac.authorization.k8s.io');
    for (const kind of ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings', 'serviceaccounts/token']) {
      expect(resources(role)).not.toContain(kind);
    }
    expect(role.rules.flatMap(({ verbs }) => verbs)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(escalate|bind|impersonate)$/)]),
    );
  });

  it('let administrators change what the library makes, but not what the cluster writes itself', () => {
    const written = added(administrators, operators).filter((grant) => grant.endsWith(': update'));
    expect(written).toContain('apps/deployments: update');
    expect(written).toContain('external-secrets.io/externalsecrets: update');
    expect(written).not.toContain('discovery.k8s.io/endpointslices: update');
    expect(written).not.toContain('events.k8s.io/events: update');
  });
});
