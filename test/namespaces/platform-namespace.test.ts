import { App } from 'cdk8s';
import { Deployment } from '../../lib';
import { PlatformNamespace, PlatformNamespaceProps } from '../../lib/namespaces/platform-namespace';
import { guestServiceFootprints } from '../../lib/namespaces/wms-platform';
import { NAMESPACES, NamespaceTopology } from '../../lib/topology/namespaces';
import { Sizing } from '../../lib';
import { find, manifestsOf, namesOf } from '../manifest';
import { parseResources } from '../../lib/workload/resources';

const ACCESS = { viewers: 'oidc:v', operators: 'oidc:o', administrators: 'oidc:a' };
const RESOURCES = { cpuRequest: '1', memoryRequest: '1Gi', cpuLimit: '2', memoryLimit: '2Gi' };

class TestNamespace extends PlatformNamespace {
  public constructor(app: App, props: PlatformNamespaceProps, topology: NamespaceTopology = NAMESPACES.kafka) {
    super(app, topology, props);
  }
}

const namespace = (props: Partial<PlatformNamespaceProps> = {}, topology?: NamespaceTopology) =>
  new TestNamespace(new App(), { access: ACCESS, ...props }, topology);

const PASSING = parseResources(
  { cpuRequest: '250m', memoryRequest: '64Mi', cpuLimit: '500m', memoryLimit: '64Mi' },
  'passing',
);

describe('a namespace of the platform', () => {
  it('has what guards it', () => {
    expect(namesOf(manifestsOf(namespace()))).toEqual([
      'LimitRange limits',
      'Namespace kafka',
      'NetworkPolicy default-deny',
      'ResourceQuota quota',
      'RoleBinding wms-administrator',
      'RoleBinding wms-kube-state-metrics',
      'RoleBinding wms-operator',
      'RoleBinding wms-prometheus',
      'RoleBinding wms-viewer',
    ]);
  });

  it.each([
    { topology: NAMESPACES.kafka, level: 'restricted' },
    { topology: NAMESPACES.nodeLogAgent, level: 'privileged' },
  ])('enforces Pod Security $level where its topology says so', ({ topology, level }) => {
    const { metadata } = find(manifestsOf(namespace({}, topology)), 'Namespace', topology.name);
    expect(metadata).not.toHaveProperty('namespace');
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/component': topology.component,
      'pod-security.kubernetes.io/enforce': level,
      'pod-security.kubernetes.io/enforce-version': 'latest',
      'pod-security.kubernetes.io/audit': level,
      'pod-security.kubernetes.io/warn': level,
    });
  });

  it('denies all traffic, both ways, to pods that have no policy of their own', () => {
    expect(find(manifestsOf(namespace()), 'NetworkPolicy', 'default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it.each([
    ['wms-viewer', 'oidc:v'],
    ['wms-operator', 'oidc:o'],
    ['wms-administrator', 'oidc:a'],
  ])('gives the role %s to the group %s', (role, group) => {
    expect(find(manifestsOf(namespace()), 'RoleBinding', role)).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
    });
  });

  it.each([
    ['wms-prometheus', 'prometheus'],
    ['wms-kube-state-metrics', 'kube-state-metrics'],
  ])('gives the role %s to what observes it, %s', (role, name) => {
    expect(find(manifestsOf(namespace()), 'RoleBinding', role)).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: role },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'observability' }],
    });
  });

  it('lets nothing run where nothing is in it', () => {
    expect(find(manifestsOf(namespace()), 'ResourceQuota', 'quota').spec.hard).toMatchObject({
      pods: '0',
      'requests.cpu': '0',
      'limits.memory': '0',
    });
  });

  it('has room for exactly what is put into it, and for its guests', () => {
    const all: Required<PlatformNamespaceProps> = {
      access: ACCESS,
      guests: guestServiceFootprints(1, Sizing.full()),
      passing: [{ pods: 2, perPod: PASSING, containers: [PASSING], storage: [] }],
      exposed: { loadBalancers: 1, nodePorts: 2 },
    };
    const chart = namespace(all);
    new Deployment(chart, 'kafka', {
      component: 'broker',
      replicas: 3,
      containers: [{ name: 'kafka', image: 'kafka:3.9.2', resources: RESOURCES }],
    });
    expect(chart.workloads.map(({ name }) => name)).toEqual(['kafka']);
    const manifests = manifestsOf(chart);
    // Three pods and one more in a rollout, at 1 CPU each; eleven of a guest, at 100m each; two that pass.
    expect(find(manifests, 'ResourceQuota', 'quota').spec.hard).toMatchObject({
      pods: '17',
      'requests.cpu': '5600m',
      'services.loadbalancers': '1',
      'services.nodeports': '2',
    });
    expect(find(manifests, 'LimitRange', 'limits').spec.limits).toMatchObject([{ max: { cpu: '2', memory: '2Gi' } }]);
  });

  it('is applied before what is in it, its role bindings with the configuration', () => {
    const waves = manifestsOf(namespace()).map(({ kind, metadata }) => [
      kind,
      metadata.annotations['argocd.argoproj.io/sync-wave'],
    ]);
    expect(Object.fromEntries(waves)).toEqual({
      Namespace: '1',
      NetworkPolicy: '1',
      ResourceQuota: '1',
      LimitRange: '1',
      RoleBinding: '2',
    });
  });
});
