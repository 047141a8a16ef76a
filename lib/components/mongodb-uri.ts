import { Credential, SecretText } from '../secrets/credential';
import { MONGODB_REPLICA_SET } from '../topology/components';

/** The password of a service's database user; the service's Secret and the user are made from the same. */
export function mongoDbPassword(user: string): Credential {
  return new Credential({
    path: `mongodb/${user}`,
    description: `password of ${user}'s MongoDB user`,
  });
}

/** The connection string of a service: all members, so that it finds the primary whichever that is. */
export function mongoDbUri(members: readonly string[], user: string, database: string): SecretText {
  return [
    `mongodb://${user}:`,
    { uriEncoded: mongoDbPassword(user) },
    `@${members.join(',')}/${database}?replicaSet=${MONGODB_REPLICA_SET}&authSource=admin&w=majority`,
  ];
}
