import { Duration } from 'cdk8s';
import { Endpoint } from '../connections/endpoint';
import { GuestChart } from '../connections/guest-chart';
import { invalid } from '../errors';
import { SERVICES } from '../topology/services';
import { clusterContext } from '../workload/cluster-context';
import { USERS_SCRIPT } from './mongodb-script';
import { MONGODB_CERTIFICATE_SECRET, MongoDbTasks, PASSWORD, userSecretName } from './mongodb-tasks';
import { BACKUP_USER, DatabaseRequest, EXPORTER_USER, serviceUser, USER_ADMINISTRATOR } from './mongodb-user';

/**
 * Brings a guest's database user into MongoDB's namespace, in a file of its own: a Job that makes it, and a CronJob that
 * takes a changed password over. Both log in as the platform's user administrator.
 *
 * @throws where the user or the database is the platform's own
 */
export function bringDatabaseUser(endpoint: Endpoint, request: DatabaseRequest): void {
  checkForeign(request);
  const { user, client } = request;
  const chart = GuestChart.for(client, endpoint.pods.namespace);
  const tasks = new MongoDbTasks(chart, `${user}-user`, {
    name: `${user}-mongodb`,
    box: user,
    endpoint,
    members: endpoint.memberAddresses,
    login: {
      user: USER_ADMINISTRATOR.name,
      database: 'admin',
      keyfile: false,
      secretName: userSecretName(USER_ADMINISTRATOR.name),
      key: PASSWORD,
    },
    caSecret: clusterContext(client).tls?._certManager && MONGODB_CERTIFICATE_SECRET,
  });
  tasks.addUser(serviceUser(client, request));
  tasks.addJob({ name: `${user}-mongodb-user`, script: USERS_SCRIPT, wait: Duration.minutes(10) });
  tasks.addUsersCronJob(`${user}-mongodb-users`);
}

function checkForeign({ user, database, client }: DatabaseRequest): void {
  const own = [EXPORTER_USER, BACKUP_USER, USER_ADMINISTRATOR].map(({ name }) => name);
  if (own.includes(user) || SERVICES.some((service) => service.name === user)) {
    throw invalid(client, `'${user}' is a user of the platform's own; allowed: a service of another name`);
  }
  const owner = SERVICES.find((service) => service.database === database);
  if (owner) {
    throw invalid(client, `the database '${database}' belongs to ${owner.name}; allowed: a database of its own`);
  }
}
