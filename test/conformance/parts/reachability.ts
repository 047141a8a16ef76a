import { Manifest, nameOf, Part } from '../../manifest';
import { Breakage, breaks } from '../breakage';
import { Distribution } from '../distribution';
import { Arrow, DNS, isAmongMembers, lackingIn, OUTSIDE, sentenceOf } from '../reachability/arrows';
import { computedFrom } from '../reachability/computed';
import { Declared, declaredBy, PendingBox } from '../reachability/declared';
import { Edges, readEdges, readGuestEdges, StatedArrow } from '../reachability/edges';
import { Row } from '../report';
import { Workspace } from '../workspace';

/** One comparison: what it is called, what must be, what is. */
type Comparison = readonly [check: string, written: readonly Arrow[], computed: readonly Arrow[]];

/** What is written by hand, what the platform declares and what its manifests let through are the same arrows. */
export async function checkReachability(workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  const { guest, name, title } = distribution;
  const declared = declaredBy(name);
  const platform = readEdges(name);
  const own = guest && readGuestEdges(guest, name, declared.pendingBoxes);
  const pendingBoxes = [...declared.pendingBoxes, ...(own?.others ?? [])];
  const edges = {
    arrows: [...platform.arrows, ...(own?.arrows ?? [])],
    outside: new Map([...platform.outside, ...(own?.outside ?? [])]),
  };
  const computed = await computedFrom(workspace, distribution.manifests, pendingBoxes, edges);
  const row = (check: string, figures: string, faults: string[]): Row => ({
    part: 'reachability',
    check,
    subject: title,
    figures,
    faults,
  });
  const againstDeclaration = row(
    'arrows: written = declared',
    `${edges.arrows.length} written, ${pendingOf(edges).length} of them pending; ${declared.arrows.length} declared`,
    againstDeclared(edges, declared),
  );
  return [
    // What a guest declares is known in its own program alone.
    ...(guest ? [] : [againstDeclaration]),
    ...comparisons(edges, pendingBoxes, computed).map(([check, written, found]) =>
      row(check, `${written.length} written, ${found.length} computed`, againstComputed(written, found)),
    ),
  ];
}

function comparisons(edges: Edges, pendingBoxes: readonly PendingBox[], computed: readonly Arrow[]): Comparison[] {
  const boxes = new Set(pendingBoxes.map(({ namespace, workload }) => `${namespace}/${workload}`));
  const between = computed.filter((arrow) => !isAmongMembers(arrow));
  const touchesBox = ({ from, to }: Arrow) => boxes.has(from) || boxes.has(to);
  const stands = (peer: string) => !boxes.has(peer) && peer !== DNS && !peer.startsWith(`${OUTSIDE}/`);
  return [
    [
      'arrows: written = computed',
      edges.arrows.filter((arrow) => !arrow.pending && !isAmongMembers(arrow)),
      between.filter((arrow) => !touchesBox(arrow)),
    ],
    [
      // Of an arrow between two boxes that are not built, the manifests say nothing yet.
      'pending arrows: the end that stands',
      pendingOf(edges).filter((arrow) => stands(arrow.from) || stands(arrow.to)),
      between.filter(touchesBox),
    ],
    [
      'arrows among members of one set',
      edges.arrows.filter((arrow) => !arrow.pending && isAmongMembers(arrow)),
      computed.filter(isAmongMembers),
    ],
  ];
}

function againstDeclared({ arrows }: Edges, declared: Declared): string[] {
  const pending = new Map(declared.arrows.map((arrow) => [sentenceOf(arrow), arrow.pending]));
  return [
    ...lackingIn(arrows, declared.arrows).map((arrow) => `declared but not written: ${arrow}`),
    ...lackingIn(declared.arrows, arrows).map((arrow) => `written but not declared: ${arrow}`),
    ...arrows
      .filter((arrow) => pending.get(sentenceOf(arrow)) === !arrow.pending)
      .map(
        (arrow) =>
          `${arrow.pending ? 'written as pending, but' : 'not written as pending, but not'} built: ${sentenceOf(arrow)}`,
      ),
  ];
}

function againstComputed(written: readonly Arrow[], computed: readonly Arrow[]): string[] {
  return [
    ...lackingIn(computed, written).map((arrow) => `written but not computed: ${arrow}`),
    ...lackingIn(written, computed).map((arrow) => `computed but not written: ${arrow}`),
  ];
}

function pendingOf({ arrows }: Edges): StatedArrow[] {
  return arrows.filter(({ pending }) => pending);
}

const policy = (name: string) => `NetworkPolicy wms-platform/${name}`;

const pods = (instance: string) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': instance } } });

const egressTo = ({ spec }: Manifest, label: string, value: string): Part =>
  spec.egress.find((rule: Part) => rule.to[0].podSelector?.matchLabels[label] === value);

/** Manifests whose policies let through too little or too much. */
export const REACHABILITY_BREAKAGES: readonly Breakage[] = [
  {
    title: 'a policy that is removed',
    change: (manifests) => manifests.filter((m) => nameOf(m) !== policy('labor-service')),
    says: /^written but not computed: wms-platform\/orchestrator -> wms-platform\/labor-service:8009$/,
  },
  {
    title: 'a default-deny policy that is removed',
    change: (manifests) => manifests.filter((m) => nameOf(m) !== 'NetworkPolicy kafka/default-deny'),
    says: /^computed but not written: elsewhere\/visitor -> kafka\/stranger:\*$/,
  },
  breaks(
    'a port that is widened',
    // To the outside: within the platform, the other end still says no.
    policy('shipping-service'),
    (p) => (p.spec.egress.find(({ ports }: Part) => ports[0].port === 443).ports[0].endPort = 8443),
    /^computed but not written: wms-platform\/shipping-service -> outside\/[\d.]+-[\d.]+:443-8443$/,
  ),
  breaks(
    'a port that is wrong',
    policy('shipping-service'),
    (p) => (p.spec.ingress[0].ports[0].port = 8070),
    /^written but not computed: wms-platform\/orchestrator -> wms-platform\/shipping-service:8007$/,
  ),
  breaks(
    'a policy whose selector is broken',
    policy('picking-service'),
    (p) => (p.spec.podSelector.matchLabels['app.kubernetes.io/instance'] = 'picking'),
    /^written but not computed: wms-platform\/picking-service -> wms-platform\/order-service:8001$/,
  ),
  breaks(
    'a peer whose selector is broken',
    policy('orchestrator'),
    (p) => delete egressTo(p, 'app.kubernetes.io/instance', 'temporal-frontend').to[0].podSelector,
    /^computed but not written: wms-platform\/orchestrator -> temporal\/visitor:7233$/,
  ),
  breaks(
    'an egress to everybody',
    policy('routing-service'),
    (p) => p.spec.egress.push({}),
    /^computed but not written: wms-platform\/routing-service -> outside\/0\.0\.0\.0-255\.255\.255\.255:\*$/,
  ),
  breaks(
    'an ingress from every namespace',
    policy('inventory-service'),
    (p) => p.spec.ingress[0].from.push({ namespaceSelector: {} }),
    /^computed but not written: elsewhere\/visitor -> wms-platform\/inventory-service:8008$/,
  ),
  breaks(
    'an egress to the addresses of the cloud',
    policy('shipping-service'),
    (p) => p.spec.egress[0].to[0].ipBlock.except.splice(2, 1),
    /^computed but not written: wms-platform\/shipping-service -> outside\/169\.254\.0\.0-169\.254\.255\.255:443$/,
  ),
  breaks(
    'no egress to DNS by UDP',
    policy('waving-service'),
    (p) => (egressTo(p, 'k8s-app', 'kube-dns').ports = [{ port: 53, protocol: 'TCP' }]),
    /^written but not computed: wms-platform\/waving-service -> kube-system\/dns:53\/UDP$/,
  ),
  breaks(
    'members of one set that reach each other',
    policy('packing-service'),
    (p) => {
      p.spec.egress.push({ to: [pods('packing-service')], ports: [{ port: 8006 }] });
      p.spec.ingress[0].from.push(pods('packing-service'));
    },
    /^computed but not written: wms-platform\/packing-service -> wms-platform\/packing-service:8006$/,
  ),
];
