import * as dgram from 'dgram';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const NAME_UNKNOWN = 3;

/** Answers to the names of some hosts, in the DNS of a network of their own. */
export function startNameServer(address: string, hosts: ReadonlyMap<string, string>): Promise<void> {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answerTo(query, hosts), from.port, from.address));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, resolve);
  });
}

function answerTo(query: Buffer, hosts: ReadonlyMap<string, string>): Buffer {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at]; length > 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(HEADER_BYTES, at + 5);
  const type = query.readUInt16BE(at + 1);
  const address = hosts.get(labels.join('.').toLowerCase());
  const found = address !== undefined && type === TYPE_A;
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  // An answer, by whom nothing stands above.
  header.writeUInt16BE(0x8580 | (address === undefined ? NAME_UNKNOWN : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found ? 1 : 0, 6);
  return Buffer.concat([header, question, found ? record(address) : Buffer.alloc(0)]);
}

/** An address for the name in the question, for a second. */
function record(address: string): Buffer {
  return Buffer.from([0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]);
}
