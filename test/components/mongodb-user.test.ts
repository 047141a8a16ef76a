import { BOXES } from '../../lib/topology/boxes';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { DatabaseRequest, onDatabaseRequest, requestDatabase, serviceUser } from '../../lib/components/mongodb-user';
import { testChart } from '../workload/fixtures';

const request = (database = 'returns_db'): DatabaseRequest => ({ user: 'returns', database, client: testChart() });

describe('the user of a service', () => {
  it('reads and writes its own database alone', () => {
    expect(serviceUser(testChart(), request())).toEqual({
      name: 'returns',
      roles: [{ role: 'readWrite', db: 'returns_db' }],
    });
  });

  it.each(['admin', 'local', 'config', '', 'a b', 'a.b', 'a$b', 'a/b', 'x'.repeat(64)])(
    "has no database '%s'",
    (database) => {
      expect(() => serviceUser(testChart(), request(database))).toThrow(
        `[test] '${database}' is no database of a service; allowed: at most 63 letters, digits, '_' and '-', ` +
          'but not admin, config, local',
      );
    },
  );
});

it('A request for a database reaches whoever runs the endpoint, and nobody else.', () => {
  const endpoint = () => Box._fromTopology(testChart(), BOXES.mongodb, { state: PodsState.IMPORTED }).endpoint;
  const [ours, theirs] = [endpoint(), endpoint()];
  const answered: DatabaseRequest[] = [];
  onDatabaseRequest(ours, (asked) => answered.push(asked));
  const asked = request();
  requestDatabase(ours, asked);
  requestDatabase(theirs, request('other_db'));
  expect(answered).toEqual([asked]);
});
