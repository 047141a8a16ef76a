import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { ENVIRONMENTS } from '../../../main';
import { nameOf } from '../../manifest';
import { Breakage, breaks } from '../breakage';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { Row } from '../report';
import { runCommand } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';

/** A finding that stays, and why. */
export interface Exception {
  readonly check: string;
  readonly object: string;
  readonly in: readonly string[];
  readonly reason: string;
}

/** Something that kube-score recommends to change. */
interface Finding {
  readonly check: string;
  readonly object: string;
  readonly sentence: string;
}

/** What kube-score writes of one object. */
interface Scored {
  readonly type_meta: { readonly apiVersion: string; readonly kind: string };
  readonly object_meta: { readonly name: string; readonly namespace?: string };
  readonly file_name: string;
  readonly checks: readonly Check[];
}

interface Check {
  readonly check: { readonly id: string };
  readonly grade: number;
  readonly skipped: boolean;
  readonly comments:
    readonly { readonly path: string; readonly summary: string; readonly description: string }[] | null;
}

const EXCEPTIONS = path.join(__dirname, '..', 'exceptions.yaml');

/** What exceptions may be for. */
const DISTRIBUTIONS = [...ENVIRONMENTS.map(({ name }) => name), 'argocd'];

/** Every check, also those that are optional, and none that an annotation turns off. */
const SCORE = ['score', '--all-default-optional', '--disable-ignore-checks-annotations', '--output-format=json'];

const KUBERNETES_VERSION = 'v1.37';

/** The grade of what needs no change; below it are "almost", "warning" and "critical". */
const ALL_OK = 10;

/** Runs kube-score over all files: each finding stands among the exceptions, and each exception is still needed. */
export async function checkLinters(_workspace: Workspace, distribution: Distribution): Promise<Row[]> {
  const own = path.join(distribution.guest?.directory ?? '', 'exceptions.yaml');
  const files = [EXCEPTIONS, ...(distribution.guest && fs.existsSync(own) ? [own] : [])];
  const exceptions = files.flatMap(readExceptions).filter((exception) => exception.in.includes(distribution.name));
  const scored = await score(distribution);
  const checks = typeof scored === 'string' ? 0 : scored.flatMap((o) => o.checks.filter((c) => !c.skipped)).length;
  return [
    {
      part: 'linters',
      check: 'kube-score, all checks',
      subject: distribution.title,
      figures: `${checks} checks run, ${exceptions.length} exceptions`,
      faults: typeof scored === 'string' ? [scored] : differences(distribution, scored, exceptions),
    },
  ];
}

/** Runs kube-score, whose exit code says only whether it has found anything; a sentence where it cannot read them. */
async function score(distribution: Distribution): Promise<Scored[] | string> {
  const binary = path.join(await toolDirectory('kube-score'), 'kube-score');
  const args = [...SCORE, `--kubernetes-version=${KUBERNETES_VERSION}`, ...distribution.files];
  const { stdout, stderr } = await runCommand(binary, args);
  try {
    // Where it knows no object at all, it writes null.
    return (JSON.parse(stdout) as Scored[] | null) ?? [];
  } catch {
    return `kube-score cannot read ${distribution.name}: ${(stderr || stdout).trim().split('\n').pop()}`;
  }
}

/** The findings that nobody has excepted, and the exceptions that nothing is found for. */
function differences({ name }: Distribution, scored: readonly Scored[], exceptions: readonly Exception[]): string[] {
  const findings = scored.flatMap(findingsOf);
  const unexpected = findings.filter((finding) => !exceptions.some((exception) => isSame(exception, finding)));
  const needless = exceptions.filter((exception) => !findings.some((finding) => isSame(exception, finding)));
  return [
    // Its objects come in random order.
    ...unexpected.map(({ sentence }) => sentence).sort(),
    ...needless.map(({ check, object }) => `exception ${check} of ${object} in ${name} no longer applies`),
  ];
}

function findingsOf({ type_meta, object_meta, file_name, checks }: Scored): Finding[] {
  // A Job's name ends in a hash of its specification.
  const name = type_meta.kind === 'Job' ? object_meta.name.replace(/-[0-9a-f]{10}$/, '') : object_meta.name;
  const object = nameOf({ ...type_meta, metadata: { ...object_meta, name } });
  return checks
    .filter(({ grade, skipped }) => !skipped && grade < ALL_OK)
    .map(({ check: { id }, comments }) => ({
      check: id,
      object,
      sentence: [path.basename(file_name), object, id, comment(comments ?? [])].join(': '),
    }));
}

function comment(comments: NonNullable<Check['comments']>): string {
  return comments
    .map((c) => `${c.path && `${c.path}: `}${c.summary}${c.description && ` (${c.description})`}`)
    .join('; ');
}

function isSame(a: Exception, b: Finding): boolean {
  return a.check === b.check && a.object === b.object;
}

/** The exceptions, each for one check of one object. */
export function readExceptions(file: string): Exception[] {
  const { exceptions } = parse(fs.readFileSync(file, 'utf8')) as { exceptions: Exception[] };
  const seen = new Set<string>();
  for (const { check, object, in: places, reason } of exceptions) {
    const name = `exception ${check} of ${object}`;
    if (!reason || !places?.length) {
      throw new Failure(`${name} lacks its reason or its environments`);
    }
    const unknown = places.filter((place) => !DISTRIBUTIONS.includes(place));
    if (unknown.length > 0) {
      throw new Failure(`${name} is for '${unknown.join("', '")}'; allowed: ${DISTRIBUTIONS.join(', ')}`);
    }
    if (seen.has(name)) {
      throw new Failure(`${name} is there twice`);
    }
    seen.add(name);
  }
  return exceptions;
}

const ORDER = 'Deployment wms-platform/order-service';

/** Manifests that kube-score must not pass. User 0 it does not tell from 1000: Pod Security does. */
export const LINTER_BREAKAGES: readonly Breakage[] = [
  breaks(
    'a container without memory limit',
    ORDER,
    (d) => delete d.spec.template.spec.containers[0].resources.limits.memory,
    /0006-wms-platform\.k8s\.yaml: Deployment wms-platform\/order-service: container-resources: .*limits\.memory/,
  ),
  breaks(
    'a privileged container',
    ORDER,
    (d) => (d.spec.template.spec.containers[0].securityContext.privileged = true),
    /order-service: container-security-context-privileged: .*securityContext\.privileged/,
  ),
  breaks(
    'a root file system that can be written',
    ORDER,
    (d) => delete d.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem,
    /order-service: container-security-context-readonlyrootfilesystem: .*readOnlyRootFilesystem/,
  ),
  breaks(
    'a container without readiness probe',
    ORDER,
    (d) => delete d.spec.template.spec.containers[0].readinessProbe,
    /order-service: pod-probes: .*readinessProbe/,
  ),
  breaks(
    'a container without liveness probe',
    ORDER,
    (d) => delete d.spec.template.spec.containers[0].livenessProbe,
    /order-service: pod-probes: .*livenessProbe/,
  ),
  breaks(
    'a Service that selects no pod',
    'Service wms-platform/order-service',
    (s) => (s.spec.selector = { 'app.kubernetes.io/name': 'nobody' }),
    /Service wms-platform\/order-service: service-targets-pod: .*selector does not match any pods/,
  ),
  breaks(
    'an annotation that turns a check off',
    ORDER,
    (d) => {
      d.metadata.annotations['kube-score/ignore'] = 'container-image-tag';
      d.spec.template.metadata.annotations['kube-score/ignore'] = 'container-image-tag';
      d.spec.template.spec.containers[0].image = 'registry.example.com/wms/order-service:latest';
    },
    /order-service: container-image-tag: .*latest tag/,
  ),
  breaks(
    'a manifest that cannot be read',
    ORDER,
    (d) => (d.spec.template = 'none'),
    /kube-score cannot read \w+: .*DeploymentSpec\.spec\.template/,
  ),
  breaks(
    'an exception that is no longer needed',
    ORDER,
    (d) => (d.spec.template.spec.containers[0].imagePullPolicy = 'Always'),
    /exception container-image-pull-policy of Deployment wms-platform\/order-service in \w+ no longer applies/,
  ),
  {
    title: 'an exception of an object that is gone',
    change: (manifests) => manifests.filter((m) => nameOf(m) !== 'Deployment kafka/kafka-exporter'),
    says: /exception container-image-pull-policy of Deployment kafka\/kafka-exporter in \w+ no longer applies/,
  },
];
