import * as fs from 'fs';
import { Failure } from '../failure';
import { runCommand } from '../run-command';
import { Cage } from './cage';

/** A certificate with its key, as files. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority of the cluster's own, and who it vouches for. */
export class Certificates {
  /** Makes a new one. */
  public static async create(cage: Cage): Promise<Certificates> {
    cage.file('pki/extensions', EXTENSIONS);
    const made = new Certificates(cage);
    await made.newKey('ca');
    await openssl([
      ...['req', '-x509', '-new', '-key', made.path('ca.key'), '-out', made.authority, '-days', '2'],
      ...['-subj', '/CN=conformance', '-config', made.path('extensions'), '-extensions', 'authority'],
    ]);
    // The API server reads no other kind here.
    await openssl(['genrsa', '-out', made.serviceAccountKey, '2048']);
    return made;
  }

  private constructor(private readonly cage: Cage) {}

  /** The certificate that everybody trusts. */
  public get authority(): string {
    return this.path('ca.crt');
  }

  /** The authority's key. */
  public get authorityKey(): string {
    return this.path('ca.key');
  }

  /** The key that service accounts' tokens are signed with. */
  public get serviceAccountKey(): string {
    return this.path('service-account.key');
  }

  /** A certificate for a client or a server, as `/O=system:masters/CN=admin`. */
  public async issue(name: string, subject: string, addresses: readonly string[] = []): Promise<Identity> {
    const request = this.path(`${name}.csr`);
    const certificate = this.path(`${name}.crt`);
    const key = await this.newKey(name);
    const extensions = this.cage.file(
      `pki/${name}.extensions`,
      `extendedKeyUsage=clientAuth,serverAuth\n${addresses.length > 0 ? `subjectAltName=${addresses.join(',')}\n` : ''}`,
    );
    await openssl(['req', '-new', '-key', key, '-subj', subject, '-out', request, '-config', this.path('extensions')]);
    await openssl([
      ...['x509', '-req', '-in', request, '-CA', this.authority, '-CAkey', this.authorityKey, '-CAcreateserial'],
      ...['-out', certificate, '-days', '2', '-extfile', extensions],
    ]);
    return { certificate, key };
  }

  /** A kubeconfig for a client that the API server knows by its certificate. */
  public async kubeconfig(name: string, subject: string, server: string): Promise<string> {
    const { certificate, key } = await this.issue(name, subject);
    return this.cage.file(
      `${name}.kubeconfig`,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'node', cluster: { server, 'certificate-authority-data': base64(this.authority) } }],
        users: [{ name, user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) } }],
        contexts: [{ name: 'node', context: { cluster: 'node', user: name } }],
        'current-context': 'node',
      }),
    );
  }

  private async newKey(name: string): Promise<string> {
    const key = this.path(`${name}.key`);
    await openssl(['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key]);
    return key;
  }

  private path(file: string): string {
    return `${this.cage.directory}/pki/${file}`;
  }
}

const EXTENSIONS = `[req]
distinguished_name=subject
[subject]
[authority]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
`;

async function openssl(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand('openssl', args);
  if (code !== 0) {
    throw new Failure(`openssl ${args[0]} fails: ${stderr.trim().split('\n').pop()}`);
  }
}

function base64(file: string): string {
  return fs.readFileSync(file).toString('base64');
}
