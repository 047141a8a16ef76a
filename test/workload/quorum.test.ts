import { Construct } from 'constructs';
import { checkQuorumSize, survivableLosses } from '../../lib/workload/quorum';
import { testChart } from './fixtures';

describe('quorum', () => {
  it.each([
    [1, 0],
    [3, 1],
    [5, 2],
    [7, 3],
  ])('of %i members survives the loss of %i', (members, losses) => {
    expect(checkQuorumSize('here', members)).toBe(members);
    expect(survivableLosses(members)).toBe(losses);
  });

  it.each([2, 4])('of %i members is refused, because it is even', (members) => {
    const set = new Construct(testChart(), 'set');
    expect(() => checkQuorumSize(set, members)).toThrow(
      `[test/set] members is ${members}, which is even; allowed: an odd number, as 1, 3 or 5`,
    );
  });

  it.each([0, -1, 1.5])('of %d members is refused, because it is no number of members', (members) => {
    expect(() => checkQuorumSize('here', members)).toThrow(
      `[here] members is ${members}; allowed: a whole number of 1 or more`,
    );
  });
});
