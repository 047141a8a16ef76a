import { Observability } from '../lib';

it('Observability is on or off', () => {
  expect([Observability.on().enabled, Observability.off().enabled]).toEqual([true, false]);
});
