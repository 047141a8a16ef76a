import { App } from 'cdk8s';
import { CloudProvider, Tls } from '../../lib';
import { ClusterScoped, ClusterScopedProps } from '../../lib/namespaces/cluster';
import { KUBELET_ROLE, OBSERVERS } from '../../lib/topology/observer-roles';
import { PEOPLE_ROLES } from '../../lib/topology/people-roles';
import { find, manifestsOf, namesOf } from '../manifest';

const render = (props: ClusterScopedProps = {}) => manifestsOf(new ClusterScoped(new App(), props));

describe('the cluster-scoped objects', () => {
  it('are priority classes and roles where the cluster brings its own storage class', () => {
    expect(namesOf(render())).toEqual([
      'ClusterRole wms-administrator',
      'ClusterRole wms-kube-state-metrics',
      'ClusterRole wms-operator',
      'ClusterRole wms-prometheus',
      'ClusterRole wms-prometheus-kubelets',
      'ClusterRole wms-viewer',
      'ClusterRoleBinding wms-prometheus-kubelets',
      'PriorityClass wms-application',
      'PriorityClass wms-data',
      'PriorityClass wms-platform',
    ]);
  });

  it.each([
    {
      provider: CloudProvider.aws({ region: 'us-east-1' }),
      provisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true', 'csi.storage.k8s.io/fstype': 'ext4' },
    },
    {
      provider: CloudProvider.gcp({ region: 'europe-west4' }),
      provisioner: 'pd.csi.storage.gke.io',
      parameters: { type: 'pd-ssd', 'csi.storage.k8s.io/fstype': 'ext4' },
    },
  ])('have the SSD storage class of $provisioner', ({ provider, ...expected }) => {
    const all: Required<ClusterScopedProps> = { ssd: provider.ssd!, tls: Tls.none() };
    expect(find(render(all), 'StorageClass', 'wms-ssd')).toMatchObject({
      ...expected,
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Retain',
    });
  });

  it.each([
    ['wms-data', 1_000_000],
    ['wms-platform', 500_000],
    ['wms-application', 100_000],
  ])('have the priority class %s with the value %i, which no pod gets by itself', (name, value) => {
    const priorityClass = find(render(), 'PriorityClass', name);
    expect(priorityClass).toMatchObject({ value });
    expect(priorityClass).not.toHaveProperty('globalDefault');
  });

  it.each(Object.values(PEOPLE_ROLES))('have the role $name with exactly its rules', ({ name, rules }) => {
    expect(find(render(), 'ClusterRole', name).rules).toEqual(rules);
  });

  it.each([...Object.values(OBSERVERS).map(({ role, rules }) => ({ name: role, rules })), KUBELET_ROLE])(
    'have the role $name of what observes the platform, which changes nothing',
    ({ name, rules }) => {
      expect(find(render(), 'ClusterRole', name).rules).toEqual(rules);
      const verbs = rules.flatMap((rule) => [...rule.verbs] as string[]);
      expect(verbs.filter((verb) => !['get', 'list', 'watch'].includes(verb))).toEqual([]);
      // Its API runs commands in every pod of a node.
      expect(rules.flatMap((rule) => [...rule.resources] as string[])).not.toContain('nodes/proxy');
    },
  );

  it('let Prometheus ask the kubelets of all nodes, and nothing else of the cluster', () => {
    const bindings = render().filter(({ kind }) => kind === 'ClusterRoleBinding');
    expect(bindings).toMatchObject([
      {
        roleRef: { kind: 'ClusterRole', name: 'wms-prometheus-kubelets' },
        subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace: 'observability' }],
      },
    ]);
  });

  it('have the authority of the certificates, whose key is where cert-manager looks for it', () => {
    const manifests = render({ tls: Tls.certManager({ namespace: 'pki' }) });
    const [issuer, selfSigned] = ['wms-internal-ca', 'wms-self-signed'].map((n) => find(manifests, 'ClusterIssuer', n));
    const certificate = find(manifests, 'Certificate', 'wms-internal-ca');
    expect(selfSigned.spec).toEqual({ selfSigned: {} });
    expect(certificate.metadata.namespace).toBe('pki');
    expect(certificate.spec).toEqual({
      isCA: true,
      commonName: 'wms-internal-ca',
      secretName: 'wms-internal-ca',
      duration: '87600h0m0s',
      renewBefore: '8760h0m0s',
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
      issuerRef: { name: 'wms-self-signed', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    });
    expect(issuer.spec).toEqual({ ca: { secretName: certificate.spec.secretName } });
    for (const { metadata } of [issuer, selfSigned, certificate]) {
      expect(metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('0');
    }
  });

  it('are in no namespace, and are applied first', () => {
    for (const { metadata } of render({ ssd: CloudProvider.aws({ region: 'us-east-1' }).ssd })) {
      expect(metadata.namespace).toBeUndefined();
      expect(metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('0');
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'wms-platform' });
    }
  });
});
