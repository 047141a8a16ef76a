import { mongoDbPassword, mongoDbUri } from '../../lib/components/mongodb-uri';
import { Credential, renderText } from '../../lib/secrets/credential';

const rendered = (members: string[], caFile?: string) =>
  renderText(
    mongoDbUri({ members, user: 'order-service', database: 'orders_db', caFile }),
    ({ path }) => `<${path}>`,
    ({ path }) => `<encoded ${path}>`,
  );

describe("a service's MongoDB URI", () => {
  it('names all members, the replica set, and the user whose password is escaped', () => {
    expect(rendered(['a:27017', 'b:27017', 'c:27017'])).toBe(
      'mongodb://order-service:<encoded mongodb/order-service>@a:27017,b:27017,c:27017/orders_db' +
        '?replicaSet=rs0&authSource=admin&w=majority',
    );
  });

  it('names the one member of a set of one', () => {
    expect(rendered(['a:27017'])).toContain('@a:27017/orders_db?');
  });

  it('encrypts where there is an authority to trust', () => {
    expect(rendered(['a:27017'], '/etc/ca.crt')).toMatch(/&w=majority&tls=true&tlsCAFile=\/etc\/ca\.crt$/);
    expect(rendered(['a:27017'])).not.toContain('tls');
  });

  it('has a password of its own for each user, which an operator is told about', () => {
    const password = mongoDbPassword('order-service');
    expect(password).toBeInstanceOf(Credential);
    expect(password).toMatchObject({
      path: 'mongodb/order-service',
      property: 'password',
      description: "password of order-service's MongoDB user",
    });
  });
});
