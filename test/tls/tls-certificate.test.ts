import { Duration } from 'cdk8s';
import { Tls } from '../../lib';
import { TlsCertificate, TlsCertificateProps } from '../../lib/tls/tls-certificate';
import { clusterContext, setClusterContext } from '../../lib/workload/cluster-context';
import { find } from '../manifest';
import { testChart } from '../workload/fixtures';

const IDENTITY = { box: 'orders', workload: 'orders-api', component: 'api' };

function certificate(props: Partial<TlsCertificateProps> = {}) {
  const chart = testChart();
  const tls = Tls.certManager({ duration: Duration.days(10), renewBefore: Duration.days(2) });
  setClusterContext(chart, { ...clusterContext(chart), tls });
  const made = new TlsCertificate(chart, 'certificate', { name: 'orders-tls', identity: IDENTITY, ...props });
  return { made, object: find(chart, 'Certificate', 'orders-tls') };
}

const CLIENT = {
  secretName: 'orders-tls',
  commonName: 'orders-api',
  duration: '240h0m0s',
  renewBefore: '48h0m0s',
  usages: ['digital signature', 'client auth'],
  privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
  issuerRef: { name: 'wms-internal-ca', kind: 'ClusterIssuer', group: 'cert-manager.io' },
};

describe('a certificate', () => {
  it('of a client is for that alone, and made before all pods', () => {
    const { made, object } = certificate();
    expect(made.secretName).toBe('orders-tls');
    expect(object.spec).toEqual(CLIENT);
    expect(object.metadata).toMatchObject({
      namespace: 'test',
      labels: { 'app.kubernetes.io/name': 'orders', 'app.kubernetes.io/instance': 'orders-api' },
      annotations: { 'argocd.argoproj.io/sync-wave': '3' },
    });
  });

  it('of a server has its names and both usages, and comes with its key in one file', () => {
    const all: Required<TlsCertificateProps> = { name: 'orders-tls', identity: IDENTITY, dnsNames: ['a', 'b'] };
    expect(certificate(all).object.spec).toEqual({
      ...CLIENT,
      dnsNames: ['a', 'b'],
      usages: ['digital signature', 'server auth', 'client auth'],
      additionalOutputFormats: [{ type: 'CombinedPEM' }],
    });
  });

  it('is refused where the environment has none', () => {
    expect(() => new TlsCertificate(testChart(), 'certificate', { name: 'x', identity: IDENTITY })).toThrow(
      '[test/certificate] the environment has no certificates; allowed: with Tls.certManager',
    );
  });
});
