import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { Failure } from '../failure';
import { AddressRange, addressesOf, Networks } from './addresses';
import { Arrow, DNS, DNS_CACHE, OUTSIDE, sentenceOf } from './arrows';

/** An arrow, with whether one of its ends is not built yet. */
export interface StatedArrow extends Arrow {
  readonly pending: boolean;
}

/** What is written by hand. */
export interface Edges {
  readonly arrows: readonly StatedArrow[];
  /** Where those outside are, by their names as arrows have them. */
  readonly outside: ReadonlyMap<string, readonly AddressRange[]>;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port: Port | readonly Port[];
  readonly source: string;
  readonly pending?: boolean;
}

type Port = number | string;

interface File {
  readonly outside: Record<string, Networks>;
  /** By environment. */
  readonly dnsCaches: Record<string, Networks>;
  readonly edges: readonly Edge[];
}

const FILE = path.join(__dirname, '..', 'edges.yaml');

/** Reads the arrows that must exist in an environment. */
export function readEdges(environment: string): Edges {
  const { outside, dnsCaches, edges } = parse(fs.readFileSync(FILE, 'utf8')) as File;
  const cache = dnsCaches[environment];
  const arrows = edges.flatMap(arrowsOf).flatMap((arrow) => (cache ? withDnsCache(arrow) : [arrow]));
  rejectDuplicates(arrows);
  const places = Object.entries(outside).map(([name, n]) => [`${OUTSIDE}/${name}`, addressesOf(n)] as const);
  const caches = cache ? [[DNS_CACHE, addressesOf(cache)] as const] : [];
  return { arrows, outside: new Map([...places, ...caches]) };
}

/** An arrow, and where it is one to DNS the same one to the cache. */
export function withDnsCache(arrow: StatedArrow): StatedArrow[] {
  return arrow.to === DNS ? [arrow, { ...arrow, to: DNS_CACHE }] : [arrow];
}

function arrowsOf({ from, to, port, source, pending = false }: Edge): StatedArrow[] {
  const arrows = [port].flat().map((p) => ({ from, to, port: String(p), pending }));
  if (!source) {
    throw new Failure(`edges.yaml: ${sentenceOf(arrows[0])} has no source`);
  }
  return arrows;
}

function rejectDuplicates(arrows: readonly Arrow[]): void {
  const sentences = arrows.map(sentenceOf);
  const twice = sentences.find((sentence, i) => sentences.indexOf(sentence) !== i);
  if (twice) {
    throw new Failure(`edges.yaml: ${twice} stands twice`);
  }
}
