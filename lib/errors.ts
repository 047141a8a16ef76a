import { IConstruct } from 'constructs';

/**
 * Makes the error for a value that the library cannot accept.
 *
 * @param where the construct at fault, or a plain word where no construct exists yet
 * @param what what is wrong with which value, and what is allowed
 */
export function invalid(where: IConstruct | string, what: string): Error {
  const path = typeof where === 'string' ? where : where.node.path || 'app';
  return new Error(`[${path}] ${what}`);
}

/** Renders a list of allowed values the same way in every message. */
export function oneOf(allowed: readonly string[]): string {
  return `allowed: ${[...allowed].sort().join(', ')}`;
}
