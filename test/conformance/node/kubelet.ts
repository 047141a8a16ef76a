import * as fs from 'fs';
import * as path from 'path';
import { DNS_ADDRESS, NODE_ADDRESS, NODE_NAME } from './addresses';
import { Cage } from './cage';
import { Certificates } from './certificates';
import { RUNTIME_ENDPOINT } from './runtime';

/** Starts the kubelet, which makes the cage a node of the cluster. */
export function startKubelet(cage: Cage, certificates: Certificates, kubernetes: string, kubeconfig: string): void {
  // Nobody outside can be asked for names.
  const resolver = cage.file('resolv.conf', 'search .\n');
  fs.chmodSync(resolver, 0o644);
  const config = cage.file(
    'kubelet.json',
    JSON.stringify({
      kind: 'KubeletConfiguration',
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      authentication: {
        anonymous: { enabled: false },
        // Who comes with a token may do what the API server says: Prometheus.
        webhook: { enabled: true },
        x509: { clientCAFile: certificates.authority },
      },
      authorization: { mode: 'Webhook' },
      clusterDNS: [DNS_ADDRESS],
      clusterDomain: 'cluster.local',
      resolvConf: resolver,
      containerRuntimeEndpoint: RUNTIME_ENDPOINT,
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${cage.cgroup}`,
      failCgroupV1: false,
      failSwapOn: false,
      // Where log agents look for them; in the cage it is a place of its own.
      podLogsDir: '/var/log/pods',
      // Nothing is pulled, so nothing that was loaded may be dropped; and a full disk is nobody's fault here.
      imageGCHighThresholdPercent: 100,
      imageMaximumGCAge: '0s',
      evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
      shutdownGracePeriod: '0s',
    }),
  );
  cage.start('kubelet', path.join(kubernetes, 'kubelet'), [
    `--config=${config}`,
    `--kubeconfig=${kubeconfig}`,
    `--root-dir=${cage.directory}/kubelet`,
    `--cert-dir=${cage.directory}/kubelet-pki`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    '--node-labels=topology.kubernetes.io/zone=zone-a,topology.kubernetes.io/region=region',
  ]);
}
