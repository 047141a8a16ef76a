import { CASE_HEADER, Request } from './exchange';

/** The parts of a request. */
export interface RequestParts {
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly version?: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Buffer;
  /** Whether its length and the end of its connection are stated where its headers do not. */
  readonly complete?: boolean;
  readonly from?: string;
  readonly client?: string;
}

/** Puts a request together, byte for byte. */
export function request(parts: RequestParts): Request {
  const { id, method, target, version = 'HTTP/1.1', headers, body, complete = true, from, client } = parts;
  const has = (name: string) => headers.some(([own]) => own.toLowerCase() === name);
  const lines = [
    `${method} ${target} ${version}`.trimEnd(),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `${CASE_HEADER}: ${id}`,
    ...(complete && body && !has('content-length') && !has('transfer-encoding')
      ? [`Content-Length: ${body.length}`]
      : []),
    ...(complete && !has('connection') ? ['Connection: close'] : []),
    '',
    '',
  ];
  const bytes = Buffer.concat([Buffer.from(lines.join('\r\n')), body ?? Buffer.alloc(0)]);
  return { id, bytes: bytes.toString('base64'), from, client };
}
