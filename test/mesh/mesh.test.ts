import { Mesh, MeshProps } from '../../lib';
import { STANDARD_RESOURCES } from '../../lib/topology/services';

const ALL: Required<MeshProps> = {
  revision: '1-31-1',
  controlPlaneNamespace: 'istio-control',
  trustDomain: 'example.org',
  sidecar: { ...STANDARD_RESOURCES, cpuRequest: '11m' },
};

describe('the mesh', () => {
  it('takes every prop', () => {
    const mesh = Mesh.on(ALL);
    expect(mesh).toMatchObject({
      enabled: true,
      revision: '1-31-1',
      controlPlaneNamespace: 'istio-control',
      trustDomain: 'example.org',
    });
    expect(mesh._sidecar.cpuRequest.toCpu()).toBe('11m');
    expect(mesh._principal('ns', 'account')).toBe('example.org/ns/ns/sa/account');
  });

  it.each([
    ['wms-platform', true],
    ['ingress', true],
    ['temporal', true],
    ['kafka', false],
    ['mongodb', false],
    ['observability', false],
    ['node-log-agent', false],
    ['istio-system', false],
    ['kube-system', false],
    ['a-guests-own', true],
  ])('covers %s: %s', (namespace, covered) => {
    expect(Mesh.on()._covers(namespace)).toBe(covered);
    expect(Mesh.off()._covers(namespace)).toBe(false);
  });

  it('is told to Istio by the labels of namespaces', () => {
    expect(Mesh.on()._namespaceLabels('ingress')).toEqual({ 'istio-injection': 'enabled' });
    expect(Mesh.on(ALL)._namespaceLabels('ingress')).toEqual({ 'istio.io/rev': '1-31-1' });
    expect(Mesh.on(ALL)._namespaceLabels('kafka')).toEqual({ 'istio-injection': 'disabled' });
    expect(Mesh.off()._namespaceLabels('ingress')).toEqual({});
  });

  it.each<[string, MeshProps, string]>([
    ['revision', { revision: '1.31.1' }, "[mesh] '1.31.1' is no revision; allowed: at most 56 lower-case letters"],
    ['trust domain', { trustDomain: 'a/b' }, "[mesh] 'a/b' is no trust domain; allowed: a lower-case DNS name"],
    ['control plane', { controlPlaneNamespace: 'Istio' }, "[mesh] 'Istio' is no Namespace name"],
    [
      'place for it',
      { controlPlaneNamespace: 'kafka' },
      "the control plane cannot be in kafka, which is the platform's",
    ],
    [
      'sidecar limit',
      { sidecar: { ...STANDARD_RESOURCES, cpuLimit: '1m' } },
      '[mesh sidecar] resources.cpuLimit 1m is below resources.cpuRequest 100m',
    ],
    [
      'sidecar disk',
      { sidecar: { ...STANDARD_RESOURCES, ephemeralStorageLimit: '1Gi' } },
      '[mesh sidecar] cannot have ephemeral storage of its own; allowed: CPU and memory',
    ],
  ])('is refused with a bad %s', (_what, props, message) => {
    expect(() => Mesh.on(props)).toThrow(message);
  });
});
