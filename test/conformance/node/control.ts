import * as path from 'path';
import { toolDirectory } from '../tools';
import { API_SERVER, API_SERVICE_ADDRESS, NODE_ADDRESS, POD_NETWORK, SERVICE_NETWORK } from './addresses';
import { Cage } from './cage';
import { Certificates } from './certificates';

/** The clients of the API server that are part of the cluster, and who they are to it. */
export interface Clients {
  readonly admin: string;
  readonly kubelet: string;
  readonly kubeProxy: string;
}

/** Starts etcd, the API server, the controllers and the scheduler in a cage, each with an identity of its own. */
export async function startControl(cage: Cage, certificates: Certificates, kubernetes: string): Promise<Clients> {
  const client = (name: string, subject: string) => certificates.kubeconfig(name, subject, API_SERVER);
  cage.start('etcd', path.join(await toolDirectory('etcd'), 'etcd'), [
    `--data-dir=${cage.directory}/etcd`,
    '--listen-client-urls=http://127.0.0.1:2379',
    '--advertise-client-urls=http://127.0.0.1:2379',
    '--listen-peer-urls=http://127.0.0.1:2380',
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  const server = await certificates.issue('kube-apiserver', '/CN=kube-apiserver', [
    `IP:${NODE_ADDRESS}`,
    `IP:${API_SERVICE_ADDRESS}`,
    'DNS:kubernetes.default.svc',
  ]);
  // The API server is a client too: of the kubelet, for logs and commands in pods.
  const toKubelet = await certificates.issue('kube-apiserver-kubelet', '/O=system:masters/CN=kube-apiserver');
  cage.start('kube-apiserver', path.join(kubernetes, 'kube-apiserver'), [
    '--etcd-servers=http://127.0.0.1:2379',
    `--bind-address=${NODE_ADDRESS}`,
    `--advertise-address=${NODE_ADDRESS}`,
    '--secure-port=6443',
    `--tls-cert-file=${server.certificate}`,
    `--tls-private-key-file=${server.key}`,
    `--client-ca-file=${certificates.authority}`,
    `--kubelet-client-certificate=${toKubelet.certificate}`,
    `--kubelet-client-key=${toKubelet.key}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${certificates.serviceAccountKey}`,
    `--service-account-signing-key-file=${certificates.serviceAccountKey}`,
  ]);
  cage.start('kube-controller-manager', path.join(kubernetes, 'kube-controller-manager'), [
    `--kubeconfig=${await client('controller-manager', '/CN=system:kube-controller-manager')}`,
    `--service-account-private-key-file=${certificates.serviceAccountKey}`,
    `--root-ca-file=${certificates.authority}`,
    `--cluster-signing-cert-file=${certificates.authority}`,
    `--cluster-signing-key-file=${certificates.authorityKey}`,
    `--cluster-cidr=${POD_NETWORK}`,
    '--allocate-node-cidrs=true',
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--cert-dir=${cage.directory}/controller-manager`,
  ]);
  cage.start('kube-scheduler', path.join(kubernetes, 'kube-scheduler'), [
    `--kubeconfig=${await client('scheduler', '/CN=system:kube-scheduler')}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--cert-dir=${cage.directory}/scheduler`,
  ]);
  return {
    admin: await client('admin', '/O=system:masters/CN=admin'),
    kubelet: await client('kubelet', '/O=system:nodes/CN=system:node:node'),
    kubeProxy: await client('kube-proxy', '/CN=system:kube-proxy'),
  };
}
