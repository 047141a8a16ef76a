import { Manifest, Part } from '../../manifest';
import { restrictedPods } from './restricted-pods';
import { describeRule } from './rule';

const object = 'Deployment wms-platform/order-service';
const pod = (deployment: Manifest) => deployment.spec.template.spec;
const container = (deployment: Manifest) => pod(deployment).containers[0];

describeRule('restricted pods', restrictedPods, [
  { title: 'root', object, change: (d) => (pod(d).securityContext.runAsNonRoot = false), says: 'may run as root' },
  { title: 'no seccomp profile', object, change: (d) => delete pod(d).securityContext.seccompProfile, says: 'seccomp' },
  { title: 'the host network', object, change: (d) => (pod(d).hostNetwork = true), says: 'shares a namespace' },
  {
    title: 'a host path',
    object,
    change: (d) => pod(d).volumes.push({ name: 'logs', hostPath: { path: '/var/log' } }),
    says: 'mounts .*hostPath',
  },
  {
    title: 'another directory of the node in the log agent',
    object: 'DaemonSet node-log-agent/node-log-agent',
    change: (d) => (pod(d).volumes.find((v: Part) => v.hostPath).hostPath.path = '/etc'),
    says: 'mounts .*hostPath',
  },
  { title: 'service links', object, change: (d) => delete pod(d).enableServiceLinks, says: 'service links' },
  { title: 'a token', object, change: (d) => (pod(d).automountServiceAccountToken = true), says: 'gets a token' },
  {
    title: 'no token for what calls the API',
    object: 'Deployment ingress/ingress-controller',
    change: (d) => (pod(d).automountServiceAccountToken = false),
    says: 'lacks its token',
  },
  { title: 'a shared account', object, change: (d) => (pod(d).serviceAccountName = 'default'), says: 'no account' },
  { title: 'a short end', object, change: (d) => (pod(d).terminationGracePeriodSeconds = 5), says: 'less than 30 s' },
  { title: 'no priority', object, change: (d) => delete pod(d).priorityClassName, says: 'no priority class' },
  {
    title: 'privilege escalation',
    object,
    change: (d) => delete container(d).securityContext.allowPrivilegeEscalation,
    says: 'container service may escalate',
  },
  {
    title: 'a writable root',
    object,
    change: (d) => (container(d).securityContext.readOnlyRootFilesystem = false),
    says: 'may write to its root',
  },
  {
    title: 'privileges',
    object,
    change: (d) => (container(d).securityContext.privileged = true),
    says: 'is privileged',
  },
  {
    title: 'capabilities',
    object,
    change: (d) => (container(d).securityContext.capabilities.add = ['NET_RAW']),
    says: 'keeps capabilities',
  },
  {
    title: 'a moving image',
    object,
    change: (d) => (container(d).image = 'registry.example.com/wms/order-service:latest'),
    says: 'moving image',
  },
]);
