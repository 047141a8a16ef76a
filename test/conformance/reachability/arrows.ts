/** That one peer reaches another on one port. */
export interface Arrow {
  /** As `wms-platform/order-service` or `outside/internet`. */
  readonly from: string;
  readonly to: string;
  /** As `8001`, `53/UDP`, `8000-8999`, or `*` for all of them. */
  readonly port: string;
}

/** What is named before the slash of everything that is not in the cluster. */
export const OUTSIDE = 'outside';

/** What arrows call the cluster's DNS. */
export const DNS = 'kube-system/dns';

/** What arrows call the control plane of a mesh. */
export const ISTIOD = 'istio-system/istiod';

/** What arrows call a cache of it on each node, which is no pod. */
export const DNS_CACHE = `${OUTSIDE}/dns-cache`;

/** An arrow as people read it: `wms-platform/order-service -> kafka/kafka:9092`. */
export function sentenceOf({ from, to, port }: Arrow): string {
  return `${from} -> ${to}:${port}`;
}

/** The arrows that some others lack; a wider port stands for a narrower one. */
export function lackingIn(others: readonly Arrow[], arrows: readonly Arrow[]): string[] {
  const lacking = arrows.filter(
    ({ from, to, port }) => !others.some((o) => o.from === from && o.to === to && covers(o.port, port)),
  );
  return distinct(lacking).map(sentenceOf).sort();
}

/** Arrows, each once. */
export function distinct(arrows: readonly Arrow[]): Arrow[] {
  return [...new Map(arrows.map((arrow) => [sentenceOf(arrow), arrow])).values()];
}

/** Whether an arrow starts and ends at the same set of pods. */
export function isAmongMembers({ from, to }: Arrow): boolean {
  return from === to;
}

function covers(wide: string, narrow: string): boolean {
  if (wide === '*' || wide === narrow) {
    return true;
  }
  const [a, b] = [portRange(wide), portRange(narrow)];
  return a.protocol === b.protocol && a.first <= b.first && b.last <= a.last;
}

function portRange(port: string): { protocol: string; first: number; last: number } {
  const [numbers, protocol = 'TCP'] = port.split('/');
  const [first, last = first] = numbers.split('-').map(Number);
  return { protocol, first, last };
}
