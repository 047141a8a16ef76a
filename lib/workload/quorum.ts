import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { checkCount } from './names';

/**
 * Checks the size of a set whose members elect a leader: an even one survives no more losses than the odd one below it,
 * and can be split in halves.
 *
 * @throws where it is not odd
 */
export function checkQuorumSize(where: IConstruct | string, members: number): number {
  checkCount(where, 'members', members, 1);
  if (members % 2 === 0) {
    throw invalid(where, `members is ${members}, which is even; allowed: an odd number, as 1, 3 or 5`);
  }
  return members;
}

/** How many members such a set can lose and still elect a leader. */
export function survivableLosses(members: number): number {
  return Math.floor((members - 1) / 2);
}
