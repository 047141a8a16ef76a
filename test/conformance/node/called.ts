import { readManifests } from '../distribution';
import { Row } from '../report';
import { Call, callsAmong, INTERNET, Place } from './calls';
import { locate, locateRunning } from './places';
import { Running } from './running';
import { ask, askFromInternet, Reached } from './stand-ins';

/** How often what is wrong is tried again: what the policies say may take a moment to be enforced. */
const TRIES = 4;

/** How many pods call at once. */
const AT_ONCE = 8;

/**
 * Exactly the calls that the arrows allow get through, and the server that is meant answers: those of all clients, or of
 * one alone.
 */
export async function checkCalls(running: Running, client?: string): Promise<Row> {
  const { places, calls: all } = await allCalls(running);
  const calls = all.filter(({ from }) => !client || from === client);
  const own = ownCalls(running, places).filter(({ from }) => !client || from === client);
  const wrong = await settle(running, places, [...calls, ...own], faultOf);
  const allowed = calls.filter((call) => call.allowed).length;
  return {
    part: 'node',
    check: 'calls get through where an arrow is',
    subject: running.distribution.name,
    figures: `${allowed} allowed reached, ${own.length} of them as configured too, ${calls.length - allowed} forbidden refused`,
    faults: [...wrong, ...(allowed > 0 && (client || own.length > 0) ? [] : ['no call is allowed'])],
  };
}

/** The control: without policies every forbidden call gets through, so it was they that refused it. */
export async function checkWithoutPolicies(running: Running): Promise<Row> {
  const { node, distribution } = running;
  const { places, calls } = await allCalls(running);
  const forbidden = calls.filter(({ allowed }) => !allowed).map((call) => ({ ...call, allowed: true }));
  const policies = (await node.list('networkpolicies')).map(
    (p) => p as { metadata: { namespace: string; name: string } },
  );
  for (const namespace of new Set(policies.map(({ metadata }) => metadata.namespace))) {
    await node.kubectlOk(['delete', 'networkpolicies', '--all', '-n', namespace]);
  }
  const faults = await settle(running, places, forbidden, faultOf);
  const items = [...distribution.files.flatMap(readManifests)].filter(({ kind }) => kind === 'NetworkPolicy');
  await node.applyObjects([...items, ...running.own]);
  return {
    part: 'node',
    check: 'without policies all get through',
    subject: distribution.name,
    figures: `${forbidden.length} forbidden reached`,
    faults: forbidden.length > 0 ? faults : ['no call is forbidden'],
  };
}

async function allCalls(running: Running): Promise<{ places: readonly Place[]; calls: readonly Call[] }> {
  const { node, distribution, edges, others } = running;
  const { manifests } = distribution;
  const places = await locate(node, [...(await locateRunning(node, manifests)), ...others]);
  const [dns] = await node.pods('kube-system', { 'k8s-app': 'kube-dns' });
  const services = manifests.filter(({ kind }) => kind === 'Service');
  return { places, calls: callsAmong(places, dns.status.podIP, services, edges) };
}

/** What the programs are told to call, by the very addresses that they are told. */
function ownCalls({ distribution }: Running, places: readonly Place[]): Call[] {
  const calls: Call[] = [];
  for (const { metadata, data } of distribution.manifests.filter(({ kind }) => kind === 'ConfigMap')) {
    const from = `${metadata.namespace}/${metadata.name}`;
    for (const [variable, target] of Object.entries((data ?? {}) as Record<string, string>)) {
      const [, says] = /^http:\/\/([a-z-]+)\./.exec(target) ?? [];
      if (variable.endsWith('_SERVICE_URL') && places.some(({ name }) => name === from)) {
        calls.push({ from, to: `its ${variable}`, target, allowed: true, says });
      }
    }
  }
  return calls;
}

function faultOf({ from, to, allowed, says }: Call, reached: Reached): string | undefined {
  if (allowed && !reached.reached) {
    return `${from} does not reach ${to}: ${reached.says}`;
  }
  if (!allowed && reached.reached) {
    return `${from} reaches ${to}`;
  }
  return allowed && says && reached.says !== says ? `${from} finds ${reached.says} at ${to}` : undefined;
}

/** Calls, and what is wrong again until nothing is or it has had its time. */
async function settle(
  running: Running,
  places: readonly Place[],
  calls: readonly Call[],
  fault: (call: Call, reached: Reached) => string | undefined,
): Promise<string[]> {
  let left = calls;
  for (let tries = 1; ; tries += 1) {
    const reached = await makeCalls(running, places, left);
    const wrong = left.flatMap((call) => {
      const sentence = fault(call, reached.get(call)!);
      return sentence ? [{ call, sentence }] : [];
    });
    if (wrong.length === 0 || tries === TRIES) {
      return wrong.map(({ sentence }) => sentence);
    }
    left = wrong.map(({ call }) => call);
  }
}

/** Makes calls from the pods they come from, some pods at once. */
async function makeCalls(
  { node }: Running,
  places: readonly Place[],
  calls: readonly Call[],
): Promise<Map<Call, Reached>> {
  const result = new Map<Call, Reached>();
  const clients = [...new Set(calls.map(({ from }) => from))];
  const worker = async () => {
    for (let from = clients.pop(); from; from = clients.pop()) {
      const own = calls.filter((call) => call.from === from);
      const targets = own.map(({ target }) => target);
      const place = places.find(({ name }) => name === from);
      const reached =
        from === INTERNET
          ? await askFromInternet(node, targets)
          : await ask<Reached[]>(node, from.split('/')[0], place!.pod, ['reach', ...targets]);
      own.forEach((call, i) => result.set(call, reached[i]));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return result;
}
