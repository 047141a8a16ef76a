import * as path from 'path';
import { moduleDirectory, toolDirectory } from '../tools';
import { INTERNET_ADDRESS, NODE_ADDRESS, NODE_NAME, POD_NETWORK } from './addresses';
import { Cage } from './cage';
import { NetworkPlugins } from './runtime';

/** Debian's CNI plugins. */
const CNI_PLUGINS = '/usr/lib/cni';

const INTERNET = 'internet';

/** Gives the cage its interfaces, and beside it a host that stands for the internet; no packet leaves either. */
export async function createNetwork(cage: Cage): Promise<void> {
  await cage.runOk('bash', [
    '-ec',
    `ip link set lo up
     ip link add ${NODE_NAME} type bridge
     ip address add ${NODE_ADDRESS}/24 dev ${NODE_NAME}
     ip link set ${NODE_NAME} up
     ip netns add ${INTERNET}
     ip link add outside type veth peer name eth0 netns ${INTERNET}
     ip address add 198.51.100.1/24 dev outside
     ip link set outside up
     ip -n ${INTERNET} link set lo up
     ip -n ${INTERNET} address add ${INTERNET_ADDRESS}/24 dev eth0
     ip -n ${INTERNET} link set eth0 up
     ip -n ${INTERNET} route add default via 198.51.100.1
     # Calico's pods need a node with a default route; behind this one nothing is forwarded.
     ip route add default via ${INTERNET_ADDRESS}
     echo 1 > /proc/sys/net/ipv4/ip_forward`,
  ]);
}

/** What runs a command as a host of the internet, in front of it. */
export const FROM_INTERNET = ['nsenter', `--net=/run/netns/${INTERNET}`];

/** Tells containerd how a pod gets its network: as Calico's own manifests for policies alone do. */
export async function configurePlugins(cage: Cage, kubeconfig: string): Promise<NetworkPlugins> {
  const configuration = path.dirname(
    cage.file(
      'cni/10-calico.conflist',
      JSON.stringify({
        name: 'k8s-pod-network',
        cniVersion: '0.3.1',
        plugins: [
          {
            type: 'calico',
            log_level: 'info',
            log_file_path: `${cage.directory}/cni.log`,
            datastore_type: 'kubernetes',
            nodename: NODE_NAME,
            nodename_file_optional: true,
            mtu: 1500,
            ipam: { type: 'host-local', subnet: POD_NETWORK, dataDir: `${cage.directory}/addresses` },
            policy: { type: 'k8s' },
            kubernetes: { kubeconfig },
          },
          { type: 'portmap', snat: true, capabilities: { portMappings: true } },
        ],
      }),
    ),
  );
  return { binaries: [await toolDirectory('calico'), CNI_PLUGINS], configuration };
}

/** Starts what makes Services work. */
export async function startServiceProxy(cage: Cage, kubeconfig: string): Promise<void> {
  const config = cage.file(
    'kube-proxy.json',
    JSON.stringify({
      kind: 'KubeProxyConfiguration',
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      mode: 'iptables',
      clientConnection: { kubeconfig },
      clusterCIDR: POD_NETWORK,
      hostnameOverride: NODE_NAME,
      // The machine's own limits stay as they are.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    }),
  );
  const binary = path.join(await toolDirectory('kube-proxy'), 'kube-proxy');
  cage.start('kube-proxy', binary, [`--config=${config}`]);
}

/** The directory of the CRDs that the policy engine keeps its own state in. */
export async function policyEngineCrds(): Promise<string> {
  return path.join(await moduleDirectory('calico', 'github.com/projectcalico/calico'), 'libcalico-go/config/crd');
}

/** What the policy engine wants to find before it starts. */
export const POLICY_ENGINE_STATE = {
  apiVersion: 'crd.projectcalico.org/v1',
  kind: 'ClusterInformation',
  metadata: { name: 'default' },
  spec: { datastoreReady: true },
};

/** Starts what enforces NetworkPolicies: Calico's Felix. */
export async function startPolicyEngine(cage: Cage, kubeconfig: string): Promise<void> {
  cage.start('felix', path.join(await toolDirectory('calico'), 'calico-felix'), [], {
    KUBECONFIG: kubeconfig,
    FELIX_DATASTORETYPE: 'kubernetes',
    FELIX_FELIXHOSTNAME: NODE_NAME,
    FELIX_LOGFILEPATH: 'none',
    FELIX_LOGSEVERITYSYS: 'none',
    FELIX_BPFENABLED: 'false',
    FELIX_LOGSEVERITYSCREEN: 'WARNING',
    FELIX_IPV6SUPPORT: 'false',
    FELIX_IPINIPENABLED: 'false',
    FELIX_VXLANENABLED: 'false',
    FELIX_XDPENABLED: 'false',
    FELIX_USAGEREPORTINGENABLED: 'false',
    FELIX_HEALTHENABLED: 'true',
    // A policy decides about a pod's way to its node too, and what no policy forbids is allowed.
    FELIX_DEFAULTENDPOINTTOHOSTACTION: 'ACCEPT',
  });
}
