import { RETENTION_DAYS } from '../../lib/topology/retention';

it('What the platform records is kept as long as its public pages say', () => {
  expect(RETENTION_DAYS).toEqual({ events: 7, traces: 7, logs: 14, metrics: 15 });
});
