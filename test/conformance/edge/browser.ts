import * as fs from 'fs';
import * as http from 'http';
import * as https from 'https';

/** A request, and how what comes of it is told. */
export interface Visit {
  readonly name: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Who logs in where a login is asked for; then redirections are followed. */
  readonly user?: string;
}

/** What has come of a visit. */
export interface Visited {
  readonly name: string;
  /** 0 where there is no answer. */
  readonly status: number;
  /** Where it has ended. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** What cookies have been set on the way, as their servers have written them. */
  readonly cookies: readonly string[];
}

/** What the program is told: where hosts are, by `host:port`, and what to visit. */
export interface Visits {
  readonly places: Readonly<Record<string, readonly [address: string, port: number]>>;
  readonly visits: readonly Visit[];
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A browser without a window: it keeps cookies, follows redirections, and fills in the provider's forms. */
class Browser {
  private readonly jar = new Map<string, Map<string, string>>();
  private readonly written: string[] = [];

  public constructor(private readonly places: Visits['places']) {}

  public async visit({ name, url, method = 'GET', headers = {}, body, user }: Visit): Promise<Visited> {
    let at = new URL(url);
    let answer = await this.request(at, method, headers, body);
    for (let step = 0; user !== undefined && step < 20; step += 1) {
      const location = answer.headers.location;
      const [, action] = /<form[^>]* action="([^"]+)"/.exec(answer.body) ?? [];
      const [, prompt] = /name="prompt" value="(\w+)"/.exec(answer.body) ?? [];
      if (answer.status >= 300 && answer.status < 400 && location) {
        at = new URL(location, at);
        answer = await this.request(at, 'GET', {});
      } else if (action && prompt) {
        at = new URL(action, at);
        const form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: user, password: 'any' } : {}) });
        const type = { 'content-type': 'application/x-www-form-urlencoded' };
        answer = await this.request(at, 'POST', type, form.toString());
      } else {
        break;
      }
    }
    return { name, url: at.href, ...answer, cookies: this.written };
  }

  private request(url: URL, method: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer> {
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    const [address, at] = this.places[`${url.hostname}:${port}`] ?? ['127.0.0.1', 1];
    const cookies = this.jar.get(url.hostname) ?? new Map<string, string>();
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const options: https.RequestOptions = {
      host: address,
      port: at,
      method,
      path: url.pathname + url.search,
      // The ingress controller has signed its certificate itself.
      rejectUnauthorized: false,
      servername: url.hostname,
      timeout: 20_000,
      headers: { host: url.host, ...(cookie ? { cookie } : {}), ...headers },
    };
    return new Promise((resolve) => {
      const client = url.protocol === 'https:' ? https : http;
      const request = client.request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          this.keep(url.hostname, response.headers['set-cookie'] ?? []);
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', (error) => resolve({ status: 0, headers: {}, body: error.message }));
      request.end(body);
    });
  }

  private keep(host: string, lines: readonly string[]): void {
    const jar = this.jar.get(host) ?? new Map<string, string>();
    this.jar.set(host, jar);
    for (const line of lines) {
      this.written.push(line);
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') {
        jar.delete(key);
      } else {
        jar.set(key, value);
      }
    }
  }
}

async function main(): Promise<void> {
  const { places, visits } = JSON.parse(fs.readFileSync(process.argv[2], 'utf8')) as Visits;
  const visited: Visited[] = [];
  for (const visit of visits) {
    visited.push(await new Browser(places).visit(visit));
  }
  process.stdout.write(JSON.stringify(visited));
}

if (require.main === module) {
  void main();
}
