import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { Failure } from '../failure';
import { Guest } from '../guest';
import { AddressRange, addressesOf, Networks } from './addresses';
import { Arrow, DNS, DNS_CACHE, OUTSIDE, sentenceOf } from './arrows';
import { PendingBox } from './declared';

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

/** What is written by hand of a guest. */
export interface GuestEdges extends Edges {
  /** Who else is on the platform, and stands neither in its manifests nor in the guest's. */
  readonly others: readonly PendingBox[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly port?: Port | readonly Port[];
  /** The port where there is a mesh. */
  readonly inMesh?: Port | readonly Port[];
  readonly source: string;
  readonly pending?: boolean;
  /** The environments that have it, where not all of them do. */
  readonly environments?: readonly string[];
}

type Port = number | string;

interface File {
  readonly outside: Record<string, Networks>;
  /** By environment. */
  readonly dnsCaches: Record<string, Networks>;
  /** The environments that have a mesh. */
  readonly meshes: readonly string[];
  readonly edges: readonly Edge[];
}

/** A guest's own file: the same, with others in place of caches. */
interface GuestFile {
  readonly outside?: Record<string, Networks>;
  readonly others?: readonly PendingBox[];
  readonly edges: readonly Edge[];
}

const FILE = path.join(__dirname, '..', 'edges.yaml');

/** Reads the arrows that must exist in an environment. */
export function readEdges(environment: string): Edges {
  const { outside, dnsCaches, meshes, edges } = parse(fs.readFileSync(FILE, 'utf8')) as File;
  const cache = dnsCaches[environment];
  const inMesh = meshes.includes(environment);
  const arrows = edges
    .filter(({ environments = [environment] }) => environments.includes(environment))
    .flatMap((edge) => arrowsOf(edge, inMesh))
    .flatMap((arrow) => (cache ? withDnsCache(arrow) : [arrow]));
  rejectDuplicates(arrows);
  const caches = cache ? [[DNS_CACHE, addressesOf(cache)] as const] : [];
  return { arrows, outside: new Map([...placesOf(outside), ...caches]) };
}

/** Reads the arrows that a guest must have; those of boxes that are not built yet are pending. */
export function readGuestEdges(
  { name, directory }: Guest,
  environment: string,
  pendingBoxes: readonly PendingBox[],
): GuestEdges {
  const file = path.join(directory, 'edges.yaml');
  if (!fs.existsSync(file)) {
    throw new Failure(`${file} is missing: the arrows of ${name}, written by hand`);
  }
  const { outside = {}, others = [], edges } = parse(fs.readFileSync(file, 'utf8')) as GuestFile;
  const boxes = new Set([...pendingBoxes, ...others].map(({ namespace, workload }) => `${namespace}/${workload}`));
  const inMesh = meshesIn().includes(environment);
  const arrows = edges
    .flatMap((edge) => arrowsOf(edge, inMesh))
    .map((a) => ({ ...a, pending: boxes.has(a.from) || boxes.has(a.to) }));
  rejectDuplicates(arrows);
  return { arrows, outside: new Map(placesOf(outside)), others };
}

function meshesIn(): readonly string[] {
  return (parse(fs.readFileSync(FILE, 'utf8')) as File).meshes;
}

function placesOf(outside: Record<string, Networks>): [string, AddressRange[]][] {
  return Object.entries(outside).map(([name, networks]) => [`${OUTSIDE}/${name}`, addressesOf(networks)]);
}

/** An arrow, and where it is one to DNS the same one to the cache. */
export function withDnsCache(arrow: StatedArrow): StatedArrow[] {
  return arrow.to === DNS ? [arrow, { ...arrow, to: DNS_CACHE }] : [arrow];
}

function arrowsOf({ from, to, port, inMesh, source, pending = false }: Edge, mesh: boolean): StatedArrow[] {
  const ports = (mesh ? (inMesh ?? port) : port) ?? [];
  if (!source) {
    throw new Failure(`edges.yaml: ${from} -> ${to} has no source`);
  }
  return [ports].flat().map((p) => ({ from, to, port: String(p), pending }));
}

function rejectDuplicates(arrows: readonly Arrow[]): void {
  const sentences = arrows.map(sentenceOf);
  const twice = sentences.find((sentence, i) => sentences.indexOf(sentence) !== i);
  if (twice) {
    throw new Failure(`edges.yaml: ${twice} stands twice`);
  }
}
