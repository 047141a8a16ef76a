import { Quantity } from '../workload/quantity';

/** The memory that Go programs try to stay below: nine tenths of their limit. */
export function goMemoryLimit(where: string, memoryLimit: string): string {
  return `${memoryPart(where, memoryLimit, 0.9)}MiB`;
}

/** A part of a container's memory limit, in whole MiB. */
export function memoryPart(where: string, memoryLimit: string, part: number): number {
  return Quantity.parse(memoryLimit, `${where} resources.memoryLimit`).fraction(part).toMebibytes();
}
