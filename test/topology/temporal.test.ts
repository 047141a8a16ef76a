import {
  HISTORY_SHARDS,
  STORE_CONNECTIONS,
  TEMPORAL_ROLES,
  WORKFLOW_RETENTION_DAYS,
} from '../../lib/topology/temporal';

describe("Temporal's four services", () => {
  it('are multi-replica', () => {
    expect(Object.entries(TEMPORAL_ROLES).map(([role, { replicas }]) => [role, replicas])).toEqual([
      ['frontend', 2],
      ['history', 3],
      ['matching', 2],
      ['worker', 2],
    ]);
  });

  it("listen on the vendor's default ports", () => {
    expect(Object.values(TEMPORAL_ROLES).map(({ grpcPort, membershipPort }) => [grpcPort, membershipPort])).toEqual([
      [7233, 6933],
      [7234, 6934],
      [7235, 6935],
      [7239, 6939],
    ]);
  });
});

it('History has 512 shards, and keeps ended workflows for a week', () => {
  expect(HISTORY_SHARDS).toEqual({ full: 512, single: 4 });
  expect(WORKFLOW_RETENTION_DAYS).toBe(7);
});

it('Each pod keeps fewer connections where everything runs on one machine', () => {
  expect(STORE_CONNECTIONS).toEqual({
    full: { main: 10, visibility: 5 },
    single: { main: 5, visibility: 2 },
  });
});
