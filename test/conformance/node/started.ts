import { Manifest, nameOf } from '../../manifest';
import { matches, podsOf } from '../../manifests/manifests';
import { poll } from '../poll';
import { Row } from '../report';
import { otherWorkloads, runningWorkloads } from './places';
import { Running } from './running';
import { ask, Looked } from './stand-ins';

/** Pods that run for real start within this; two processors start thirty of them at once. */
const READY_SECONDS = 240;

/** All pods of all workloads whose images can be had are ready, by their own probes. */
export async function checkStarted({ node, distribution, others }: Running, seconds = READY_SECONDS): Promise<Row> {
  const workloads = runningWorkloads(distribution.manifests);
  const faults = await node.waitReady(workloads, seconds);
  const waiting = await poll(faults.length === 0 ? seconds : 1, async () => {
    const pods = await node.list('pods');
    const running = pods.filter(({ status }) => status.phase === 'Running').map(({ metadata }) => metadata.name);
    const missing = others.filter(({ pod }) => !running.includes(pod));
    return missing.length === 0 ? [] : undefined;
  });
  const notRun = otherWorkloads(distribution.manifests).map(({ metadata }) => String(metadata.name));
  return {
    part: 'node',
    check: 'pods start',
    subject: distribution.name,
    figures: [
      `${workloads.length} workloads ready, ${others.length} stand-ins`,
      ...(notRun.length > 0 ? [`not run: ${notRun.join(', ')}`] : []),
    ].join('; '),
    faults: [...faults, ...(waiting ? [] : ['the stand-ins for what does not run do not start'])],
  };
}

/** Every program is held as written: no root, no capability, no token, nothing to write to but its volumes. */
export async function checkHeld({ node, distribution }: Running): Promise<Row> {
  const running = runningWorkloads(distribution.manifests).map(nameOf);
  const workloads = podsOf(distribution.manifests).filter(({ owner }) => running.includes(nameOf(owner)));
  const pods = await node.list('pods');
  const looks = workloads.flatMap(({ owner, metadata: { labels }, spec }) =>
    pods
      .filter(({ metadata }) => metadata.namespace === owner.metadata.namespace && !metadata.deletionTimestamp)
      .filter(({ metadata }) => matches(labels, metadata.labels))
      .map(async ({ metadata }) =>
        heldFaults(owner, spec, await ask<Looked>(node, metadata.namespace, metadata.name, ['look'])),
      ),
  );
  const faults = (await Promise.all(looks)).flat();
  return {
    part: 'node',
    check: 'programs are held as written',
    subject: distribution.name,
    figures: `${looks.length} pods looked into`,
    faults: looks.length > 0 ? [...new Set(faults)] : ['no pod could be looked into'],
  };
}

function heldFaults(owner: Manifest, spec: Manifest['spec'], { status, writable, token }: Looked): string[] {
  const { runAsUser, runAsGroup, fsGroup } = spec.securityContext;
  const mounts = spec.containers[0].volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath) as string[];
  const wanted: Record<string, string> = {
    Uid: Array(4).fill(runAsUser).join('\t'),
    Gid: Array(4).fill(runAsGroup).join('\t'),
    CapEff: '0000000000000000',
    CapPrm: '0000000000000000',
    CapBnd: '0000000000000000',
    NoNewPrivs: '1',
    // A filter of system calls.
    Seccomp: '2',
  };
  const wrong = Object.entries(wanted).filter(([name, value]) => status[name] !== value);
  return [
    ...wrong.map(([name, value]) => `${nameOf(owner)} runs with ${name} ${status[name]} instead of ${value}`),
    ...(runAsUser === 0 ? [`${nameOf(owner)} runs as root`] : []),
    ...(status.Groups.split(/\s+/).includes(String(fsGroup)) ? [] : [`${nameOf(owner)} is not in group ${fsGroup}`]),
    ...writable.filter((place) => !mounts.includes(place)).map((place) => `${nameOf(owner)} can write to ${place}`),
    ...(token ? [`${nameOf(owner)} has a token of its service account`] : []),
  ];
}
