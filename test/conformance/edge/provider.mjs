// A provider of identities on the host that stands for the internet: node provider.mjs SETTINGS
import * as fs from 'node:fs';
import * as https from 'node:https';
import { Provider } from 'oidc-provider';

const { issuer, address, certificate, key, clients, people } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

const provider = new Provider(issuer, {
  clients: clients.map(({ id, secret, redirect }) => ({
    client_id: id,
    client_secret: secret,
    redirect_uris: [redirect],
    grant_types: ['authorization_code'],
    response_types: ['code'],
  })),
  scopes: ['openid', 'email', 'profile', 'groups'],
  claims: { email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  // What scopes ask for stands in the ID token itself.
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ['a key of the cookies for one run'] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id,
      email: `${id}@example.com`,
      email_verified: true,
      groups: people[id] ?? [],
    }),
  }),
});

const options = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) };
https.createServer(options, provider.callback()).listen(443, address);
