import { Credential, SecretText } from '../secrets/credential';
import { MONGODB_REPLICA_SET } from '../topology/components';

/** The password of a service's database user; the service's Secret and the user are made from the same. */
export function mongoDbPassword(user: string): Credential {
  return new Credential({
    path: `mongodb/${user}`,
    description: `password of ${user}'s MongoDB user`,
  });
}

/** What a service's connection string is made of. */
export interface MongoDbUriProps {
  readonly members: readonly string[];
  readonly user: string;
  readonly database: string;
  /** The file with the certificate of the servers' authority, where connections are encrypted. */
  readonly caFile?: string;
}

/** The connection string of a service: all members, so that it finds the primary whichever that is. */
export function mongoDbUri({ members, user, database, caFile }: MongoDbUriProps): SecretText {
  return [
    `mongodb://${user}:`,
    { uriEncoded: mongoDbPassword(user) },
    `@${members.join(',')}/${database}?replicaSet=${MONGODB_REPLICA_SET}&authSource=admin&w=majority${tlsOptions(caFile)}`,
  ];
}

/** What encrypts a connection, as further options of a connection string. */
export function tlsOptions(caFile?: string): string {
  return caFile ? `&tls=true&tlsCAFile=${caFile}` : '';
}
