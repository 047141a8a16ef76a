/** Something about the surroundings: told in one line, without a stack. */
export class Failure extends Error {}
