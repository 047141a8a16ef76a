import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { Quantity } from '../workload/quantity';

/** How much of a container's memory limit a Java server's heap gets. */
export interface HeapRule {
  /** The part of the limit, from 0 to 1; the rest is for the virtual machine itself and for what the server reads ahead. */
  readonly part: number;
  /** The smallest memory limit that the server runs with. */
  readonly least: string;
}

/**
 * The heap of a Java server in MiB, as its start script takes it.
 *
 * @throws where the limit is below what the server runs with
 */
export function heapMebibytes(where: IConstruct, memoryLimit: string, { part, least }: HeapRule): number {
  const limit = Quantity.parse(memoryLimit, `${where.node.path} resources.memoryLimit`);
  if (limit.isBelow(Quantity.parse(least, where.node.path))) {
    throw invalid(where, `resources.memoryLimit is ${memoryLimit}, too small for its heap; allowed: at least ${least}`);
  }
  return limit.fraction(part).toMebibytes();
}
