import * as http from 'http';
import { ANSWER_HEADER, Arrival, CASE_HEADER, StandIn } from './exchange';

/** Serves in place of a service, and notes what arrives. */
export function startStandIn({ host, address, port }: StandIn, note: (arrival: Arrival) => void): Promise<void> {
  const server = http.createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, method = '', url = '' } = request;
      const body = Buffer.concat(chunks).toString('base64');
      note({ id: String(headers[CASE_HEADER.toLowerCase()] ?? ''), service: host, method, url, headers, body });
      response.writeHead(Number(headers[ANSWER_HEADER.toLowerCase()] ?? 200), { 'content-type': 'application/json' });
      response.end('{"message":"from the service"}');
    });
  });
  // What Node.js cannot read has reached the service nevertheless.
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket) => {
    const text = error.rawPacket?.toString('latin1') ?? '';
    const [, id = ''] = new RegExp(`^${CASE_HEADER}: *(\\S+)\r$`, 'im').exec(text) ?? [];
    note({ id, service: host, method: '', url: text.split('\r\n')[0], headers: {}, body: '' });
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}
