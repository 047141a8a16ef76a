import { Manifest, nameOf, Part } from '../../manifest';
import { containersOf, podsOf } from '../manifests';

/** An object that another one names. */
export interface Reference {
  readonly from: Manifest;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Every reference of the manifests to another object. */
export function referencesOf(manifests: readonly Manifest[]): Reference[] {
  return [
    ...manifests.flatMap((from) => namespaceReference(from)),
    ...podsOf(manifests).flatMap(({ owner, spec }) => podReferences(owner, spec)),
    ...manifests.flatMap((from) => objectReferences(from)),
  ];
}

/** The objects that satisfy a reference; an ExternalSecret and a Certificate make the Secret they name. */
export function targetsOf(reference: Reference, manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(
    ({ kind, metadata, spec }) =>
      metadata.namespace === reference.namespace &&
      ((kind === reference.kind && metadata.name === reference.name) ||
        (reference.kind === 'Secret' && kind === 'ExternalSecret' && spec.target.name === reference.name) ||
        (reference.kind === 'Secret' && kind === 'Certificate' && spec.secretName === reference.name)),
  );
}

/** Whatever is referred to is made, or declared to be made. */
export function referencesExist(manifests: readonly Manifest[]): string[] {
  return referencesOf(manifests)
    .filter((reference) => targetsOf(reference, manifests).length === 0)
    .map(({ from, kind, name }) => `${nameOf(from)} refers to ${kind} ${name}, which nothing makes`);
}

/** The namespace of cert-manager itself, which is there before the platform. */
const CERT_MANAGER = 'cert-manager';

function namespaceReference(from: Manifest): Reference[] {
  const { namespace } = from.metadata;
  return namespace && namespace !== CERT_MANAGER ? [{ from, kind: 'Namespace', name: namespace }] : [];
}

function podReferences(from: Manifest, spec: Part): Reference[] {
  const { namespace } = from.metadata;
  const containers = containersOf(spec);
  const named = (kind: string, name?: string) => (name ? [{ from, kind, namespace, name }] : []);
  return [
    ...named('ServiceAccount', spec.serviceAccountName),
    ...(spec.priorityClassName ? [{ from, kind: 'PriorityClass', name: spec.priorityClassName }] : []),
    ...containers.flatMap((c: Part) =>
      (c.envFrom ?? []).flatMap((e: Part) => named('ConfigMap', e.configMapRef?.name)),
    ),
    ...containers.flatMap((c: Part) => (c.envFrom ?? []).flatMap((e: Part) => named('Secret', e.secretRef?.name))),
    ...containers.flatMap((c: Part) =>
      (c.env ?? []).flatMap((e: Part) => [
        ...named('ConfigMap', e.valueFrom?.configMapKeyRef?.name),
        ...named('Secret', e.valueFrom?.secretKeyRef?.name),
      ]),
    ),
    ...(spec.volumes ?? []).flatMap((v: Part) => [
      ...named('ConfigMap', v.configMap?.name),
      ...named('Secret', v.secret?.secretName),
      ...(v.projected?.sources ?? []).flatMap((s: Part) => named('Secret', s.secret?.name)),
    ]),
    ...(from.spec.volumeClaimTemplates ?? []).flatMap((claim: Part) =>
      claim.spec.storageClassName ? [{ from, kind: 'StorageClass', name: claim.spec.storageClassName }] : [],
    ),
  ];
}

function objectReferences(from: Manifest): Reference[] {
  const { namespace } = from.metadata;
  const { kind, spec, roleRef } = from;
  switch (kind) {
    case 'HorizontalPodAutoscaler':
      return [{ from, kind: spec.scaleTargetRef.kind, namespace, name: spec.scaleTargetRef.name }];
    case 'RoleBinding':
      return [
        { from, kind: roleRef.kind, namespace: roleRef.kind === 'Role' ? namespace : undefined, name: roleRef.name },
      ];
    case 'ExternalSecret':
      return [{ from, kind: spec.secretStoreRef.kind, namespace, name: spec.secretStoreRef.name }];
    case 'SecretStore': {
      const { vault, aws } = spec.provider;
      const account = (vault?.auth.kubernetes ?? aws?.auth?.jwt)?.serviceAccountRef;
      return account ? [{ from, kind: 'ServiceAccount', namespace, name: account.name }] : [];
    }
    case 'ClusterRoleBinding':
      return [{ from, kind: roleRef.kind, name: roleRef.name }];
    case 'Ingress':
      return ingressReferences(from);
    case 'ClusterIssuer':
      return spec.ca ? [{ from, kind: 'Secret', namespace: CERT_MANAGER, name: spec.ca.secretName }] : [];
    case 'Certificate': {
      const { kind: issuer, name } = spec.issuerRef;
      return [{ from, kind: issuer, namespace: issuer === 'Issuer' ? namespace : undefined, name }];
    }
    case 'StatefulSet':
      return [{ from, kind: 'Service', namespace, name: spec.serviceName }];
    default:
      return [];
  }
}

/** The class `alb` comes with the controller of AWS's load balancers. */
function ingressReferences(from: Manifest): Reference[] {
  const { ingressClassName, rules, tls = [] } = from.spec;
  const { namespace } = from.metadata;
  const services: string[] = rules.flatMap((r: Part) => r.http.paths.map((p: Part) => p.backend.service.name));
  return [
    ...(ingressClassName === 'alb' ? [] : [{ from, kind: 'IngressClass', name: ingressClassName }]),
    ...services.map((name) => ({ from, kind: 'Service', namespace, name })),
    ...tls.map(({ secretName }: Part) => ({ from, kind: 'Secret', namespace, name: secretName })),
  ];
}
