import * as net from 'net';

/** What a server has answered. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

const SECONDS = 20;

/** Sends bytes from one address of this machine to a port of it, and reads until the end. */
export function send(port: number, bytes: Buffer, localAddress: string): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ port, host: '127.0.0.1', localAddress }, () => socket.write(bytes));
    socket.setTimeout(SECONDS * 1000, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (isWhole(Buffer.concat(chunks))) {
        socket.end();
      }
    });
    // A server that refuses a body closes while it is still being sent.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const [, status = '0'] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
      resolve({ status: Number(status), body: text.slice(text.indexOf('\r\n\r\n') + 4) });
    });
  });
}

/** Whether an answer has come to its end; one without a length ends with its connection. */
function isWhole(answer: Buffer): boolean {
  const text = answer.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [, length] = /^content-length: *(\d+)\r$/im.exec(text.slice(0, end + 2)) ?? [];
  return end >= 0 && length !== undefined && text.length >= end + 4 + Number(length);
}
