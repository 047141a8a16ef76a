import * as https from 'https';
import { Manifest } from '../manifest';

/** Where the API server keeps what kubectl lists under a short name. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  crd: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  events: '/api/v1/events',
  hpa: '/apis/autoscaling/v2/horizontalpodautoscalers',
  pdb: '/apis/policy/v1/poddisruptionbudgets',
  pods: '/api/v1/pods',
  pv: '/api/v1/persistentvolumes',
  pvc: '/api/v1/persistentvolumeclaims',
  resourcequota: '/api/v1/resourcequotas',
  storageclass: '/apis/storage.k8s.io/v1/storageclasses',
};

/** A list as an API server writes it. */
export interface ObjectList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly items: readonly Manifest[] | null;
}

/** What the API server of a run's own has, asked without a process for each question. */
export class ApiClient {
  private readonly agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false });

  public constructor(
    /** As `https://127.0.0.1:6443`. */
    private readonly server: string,
    private readonly token: string,
  ) {}

  /** Whether it says that it is ready; one that does not answer is not. */
  public async isReady(): Promise<boolean> {
    const { status, body } = await this.get('/readyz').catch(() => ({ status: 0, body: '' }));
    return status === 200 && body === 'ok';
  }

  /** All objects under a short name of kubectl's, of every namespace; nothing where it is not known here. */
  public async list(name: string, fieldSelector?: string): Promise<Manifest[] | undefined> {
    const collection = COLLECTIONS[name];
    if (!collection) {
      return undefined;
    }
    return this.objects(`${collection}${fieldSelector ? `?fieldSelector=${encodeURIComponent(fieldSelector)}` : ''}`);
  }

  /** All objects of a kind, of every namespace; none where the API server does not know it. */
  public listKind(apiVersion: string, kind: string): Promise<Manifest[]> {
    return this.objects(collectionOf(apiVersion, kind));
  }

  /** Closes its connections. */
  public close(): void {
    this.agent.destroy();
  }

  private async objects(collection: string): Promise<Manifest[]> {
    const { status, body } = await this.get(collection);
    if (status === 404) {
      return [];
    }
    if (status !== 200) {
      throw new Error(`${collection}: ${status} ${body}`);
    }
    return objectsOf(JSON.parse(body) as ObjectList);
  }

  private get(path: string): Promise<{ status: number; body: string }> {
    const options = { agent: this.agent, headers: { authorization: `Bearer ${this.token}` } };
    return new Promise((resolve, reject) => {
      const request = https.get(`${this.server}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        );
      });
      request.on('error', reject);
    });
  }
}

/** Where an API server keeps the objects of a kind, whose plural is the usual one. */
export function collectionOf(apiVersion: string, kind: string): string {
  const name = kind.toLowerCase();
  const plural = /[^aeiou]y$/.test(name) ? name.replace(/y$/, 'ies') : `${name}${name.endsWith('s') ? 'es' : 's'}`;
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/${plural}`;
}

/** The objects of a list, each with its kind and version, which an API server says once for all of them. */
export function objectsOf({ apiVersion, kind, items }: ObjectList): Manifest[] {
  return (items ?? []).map((item) => ({ ...item, apiVersion, kind: kind.replace(/List$/, '') }));
}
