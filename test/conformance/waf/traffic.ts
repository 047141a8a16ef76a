import * as fs from 'fs';
import { poll } from '../poll';
import { send } from './client';
import { Answer, Arrival, Outcome, Request, Traffic } from './exchange';
import { startNameServer } from './name-server';
import { startStandIn } from './stand-in';

/**
 * Runs in the firewall's network: the DNS and the services that it finds there, and the clients that it knows. Reads what
 * to do from its standard input, and writes what has come of it to its standard output.
 */
async function main(): Promise<void> {
  const { services, port, health, requests } = JSON.parse(fs.readFileSync(0, 'utf8')) as Traffic;
  const arrivals: Arrival[] = [];
  await startNameServer('127.0.0.1', new Map(services.map(({ host, address }) => [host, address])));
  await Promise.all(services.map((service) => startStandIn(service, (arrival) => arrivals.push(arrival))));
  const wellness = await poll(60, async () => {
    const question = `GET ${health.path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    const answer = await send(health.port, Buffer.from(question), addressOf(0));
    return answer.status > 0 ? answer : undefined;
  });
  const answers = wellness ? await sendAll(port, requests) : [];
  const named = new Set(requests.map(({ id }) => id));
  const outcome: Outcome = {
    health: { status: wellness?.status ?? 0, body: wellness?.body ?? '' },
    answers: answers.map((answer) => ({ ...answer, arrivals: arrivals.filter(({ id }) => id === answer.id) })),
    strangers: arrivals.filter(({ id }) => !named.has(id)),
  };
  await new Promise((resolve) => process.stdout.write(JSON.stringify(outcome), resolve));
}

/** Each request comes from an address of its own, in the network of the pods. */
function addressOf(index: number): string {
  return `10.1.${index >> 8}.${index & 255}`;
}

/** At a time. */
const CLIENTS = 8;

async function sendAll(port: number, requests: readonly Request[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const sender = async () => {
    while (next < requests.length) {
      const { id, bytes, from = addressOf(next + 1), client = from } = requests[next++];
      answers.push({ id, from, client, arrivals: [], ...(await send(port, Buffer.from(bytes, 'base64'), from)) });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, sender));
  return answers;
}

void main().then(() => process.exit(0));
