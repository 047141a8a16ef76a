import { Failure } from '../failure';

/** IPv4 addresses, from the first to the last. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** Networks as a policy writes them. */
export interface Networks {
  readonly networks: readonly string[];
  readonly except?: readonly string[];
}

/** The addresses of networks. */
export function addressesOf({ networks, except = [] }: Networks): AddressRange[] {
  return without(networks.map(parseCidr), except.map(parseCidr));
}

/** What is left of ranges when others are taken away. */
export function without(ranges: readonly AddressRange[], taken: readonly AddressRange[]): AddressRange[] {
  return taken.reduce<AddressRange[]>(
    (left, { first, last }) =>
      left.flatMap((range) =>
        [
          { first: range.first, last: Math.min(range.last, first - 1) },
          { first: Math.max(range.first, last + 1), last: range.last },
        ].filter((part) => part.first <= part.last),
      ),
    [...ranges],
  );
}

/** Reads `10.0.0.0-10.255.255.255`, or one address; nothing where it is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [first, last = first, ...rest] = text.split('-').map(parseAddress);
  return first === undefined || last === undefined || rest.length > 0 ? undefined : { first, last };
}

/** A range as people read it. */
export function rangeName({ first, last }: AddressRange): string {
  return first === last ? addressName(first) : `${addressName(first)}-${addressName(last)}`;
}

function parseCidr(cidr: string): AddressRange {
  const [address, prefix] = cidr.split('/');
  const first = parseAddress(address);
  if (first === undefined || !/^\d+$/.test(prefix ?? '')) {
    throw new Failure(`edges.yaml: '${cidr}' is no IPv4 network`);
  }
  return { first, last: first + 2 ** (32 - Number(prefix)) - 1 };
}

function parseAddress(address: string): number | undefined {
  return /^\d+(\.\d+){3}$/.test(address)
    ? address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
    : undefined;
}

function addressName(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.');
}
