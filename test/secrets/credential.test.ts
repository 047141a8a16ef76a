import { Credential, CredentialProps, credentialsIn, renderText } from '../../lib/secrets/credential';

const PROPS: Required<CredentialProps> = {
  path: 'mongodb/order-service',
  property: 'connection-string',
  description: 'how order-service reaches its database',
  developmentValue: 'sixteen-letters!',
};

describe('A credential', () => {
  it('keeps every prop.', () => {
    expect(new Credential(PROPS)).toMatchObject(PROPS);
  });

  it('is the property password where it names none.', () => {
    expect(new Credential({ ...PROPS, property: undefined }).property).toBe('password');
  });

  it('has a name that templates can hold, of its path and property.', () => {
    expect(new Credential(PROPS)._key).toBe('mongodb_order_service_connection_string');
  });

  it('has a value in development that nobody takes for a real one.', () => {
    expect(new Credential({ ...PROPS, developmentValue: undefined })._fakeValue).toBe(
      'development-only-mongodb-order-service',
    );
    expect(new Credential(PROPS)._fakeValue).toBe('sixteen-letters!');
  });

  // Go reads a template's name that begins with a digit as a number.
  it.each(['', '/mongodb', 'mongodb/', 'a//b', 'MongoDB', 'a b', 'a_b', '-a', 'a/../b', '1password/x'])(
    'cannot be kept at %j.',
    (path) => {
      expect(() => new Credential({ ...PROPS, path })).toThrow(
        `[credential] '${path}' is no path; allowed: lower-case names with '/', beginning with a letter, ` +
          `as mongodb/order-service`,
      );
    },
  );

  it.each(['a', 'mongodb', 'mongodb/1st', 'a/b/c-d'])('may be kept at %s.', (path) => {
    expect(new Credential({ ...PROPS, path }).path).toBe(path);
  });

  it.each(['', '1st', 'a.b', 'a b', '-a', 'a/b'])('cannot be the property %j.', (property) => {
    expect(() => new Credential({ ...PROPS, property })).toThrow(
      `[credential mongodb/order-service] '${property}' is no property; allowed: letters, digits, '-' and '_'`,
    );
  });

  it('must have a description.', () => {
    expect(() => new Credential({ ...PROPS, description: '' })).toThrow(
      '[credential mongodb/order-service] must provide a description, which tells an operator what to put there',
    );
  });
});

describe('A secret’s text', () => {
  const user = new Credential({ ...PROPS, property: 'username' });
  const password = new Credential({ ...PROPS, property: 'password' });
  const text = ['mongodb://', user, ':', { uriEncoded: password }, '@host'];

  it('knows its credentials, in a URI or not.', () => {
    expect(credentialsIn(text)).toEqual([user, password]);
    expect(credentialsIn(['text alone'])).toEqual([]);
  });

  it('takes values in their places, and others in URIs.', () => {
    const rendered = renderText(
      text,
      (c) => `<${c.property}>`,
      (c) => `%${c.property}%`,
    );
    expect(rendered).toBe('mongodb://<username>:%password%@host');
  });
});
