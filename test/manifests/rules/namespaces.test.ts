import { nameOf } from '../../manifest';
import { namespacesGuarded } from './namespaces';
import { describeRule } from './rule';

describeRule('namespaces', namespacesGuarded, [
  {
    title: 'a namespace without default-deny',
    object: 'Namespace kafka',
    change: (_, all) =>
      all.splice(
        all.findIndex((m) => nameOf(m) === 'NetworkPolicy kafka/default-deny'),
        1,
      ),
    says: 'Namespace kafka has no NetworkPolicy default-deny',
  },
  {
    title: 'a default-deny with a hole',
    object: 'NetworkPolicy mongodb/default-deny',
    change: (p) => (p.spec.egress = [{}]),
    says: 'NetworkPolicy mongodb/default-deny does not deny everything',
  },
  {
    title: 'a namespace that lets privileged pods in',
    object: 'Namespace temporal',
    change: (n) => (n.metadata.labels['pod-security.kubernetes.io/enforce'] = 'privileged'),
    says: 'Namespace temporal enforces privileged',
  },
]);
