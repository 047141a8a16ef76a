import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const ROOT = path.join(__dirname, '..', '..');

/** Stand-ins for the programs of a control plane, so that these tests need Node.js alone. */
const PROGRAMS = {
  openssl: 'shift; while [ "$1" != -out ]; do shift; done; echo key > "$2"',
  etcd: 'exec sleep 60',
  'kube-apiserver': '[ "$1" != --version ] || { echo Kubernetes v1.37.2; exit; }; exec sleep 60',
  kubectl: 'exit 1',
  go: 'exit 1',
  git: 'exit 1',
  python3: 'exit 1',
};

jest.setTimeout(60_000);

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'surroundings-'));
  Object.entries(PROGRAMS).forEach(([name, script]) => program(name, script));
  fs.mkdirSync(path.join(directory, 'guest'));
  fs.writeFileSync(path.join(directory, 'guest', 'guest.k8s.yaml'), '');
});

afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

function program(name: string, script: string): void {
  fs.mkdirSync(path.join(directory, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(directory, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

interface Run {
  readonly env?: Record<string, string>;
  /** What the suite is run by. */
  readonly by?: readonly string[];
}

/** Runs the suite in a workspace of its own, and says how it ended and what it left. */
function conformance(args: readonly string[], { env = {}, by = [] }: Run = {}) {
  const bin = path.join(directory, 'bin');
  const tmp = path.join(directory, 'tmp');
  fs.mkdirSync(tmp, { recursive: true });
  const [command, ...rest] = [...by, process.execPath, '--import', 'tsx', 'test/conformance/main.ts', ...args];
  const { status, stderr } = spawnSync(command, rest, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin`, HOME: directory, TMPDIR: tmp, KUBEBUILDER_ASSETS: bin, ...env },
  });
  const lines = stderr.split('\n').filter((line) => line && !line.startsWith('conformance: left out'));
  return { status, lines, left: fs.readdirSync(tmp).filter((name) => name.startsWith('wms-conformance')) };
}

/** The part that starts a control plane, with the least there is. */
const acceptance = (run?: Run) => conformance(['--guest', path.join(directory, 'guest'), 'acceptance'], run);

/** Whether a full disk can be had here, without leaving a mount. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

const ends = (message: string) => ({ status: 1, lines: [`conformance: ${message}`], left: [] });

describe('the conformance suite says in one line, and leaves nothing behind,', () => {
  it('that a part does not exist', () => {
    const { status, lines, left } = conformance(['acceptence']);
    const message = expect.stringMatching(/^conformance: there is no part 'acceptence'; allowed: acceptance, /);
    expect({ status, lines, left }).toEqual({ status: 1, lines: [message], left: [] });
  });

  it('that an option does not exist', () => {
    const { status, lines } = conformance(['--clutser', 'x']);
    expect({ status, lines }).toEqual({ status: 1, lines: [expect.stringMatching(/Unknown option '--clutser'/)] });
  });

  it('that Go is missing', () => {
    fs.rmSync(path.join(directory, 'bin', 'go'));
    expect(acceptance()).toEqual(ends("Go 1.26 or newer is missing (no 'go' in PATH)"));
  });

  it('that KUBEBUILDER_ASSETS lacks programs', () => {
    fs.rmSync(path.join(directory, 'bin', 'etcd'));
    expect(acceptance()).toEqual(ends(`KUBEBUILDER_ASSETS=${directory}/bin lacks etcd`));
  });

  it('that a part cannot run with KUBEBUILDER_ASSETS', () => {
    expect(conformance(['scheduling'])).toEqual(ends('scheduling needs more programs than KUBEBUILDER_ASSETS holds'));
  });

  it('that a part cannot run on an existing cluster', () => {
    expect(conformance(['--cluster', 'kind', 'scheduling'])).toEqual(
      ends('scheduling needs a control plane of its own'),
    );
  });

  it('that an existing cluster is in no kubeconfig', () => {
    expect(conformance(['--guest', path.join(directory, 'guest'), '--cluster', 'kind', 'acceptance'])).toEqual(
      ends('--cluster kind: set KUBECONFIG to the file that holds this context'),
    );
  });

  it('that a guest does not exist', () => {
    expect(conformance(['--guest', 'nowhere', 'linters'])).toEqual(ends('--guest nowhere: there is no such directory'));
  });

  it('that an API server never starts', () => {
    const env = { CONFORMANCE_START_SECONDS: '1' };
    expect(acceptance({ env })).toEqual(ends('the API server is not ready after 1 s: it says nothing'));
  });

  it('that a port is taken', () => {
    program('etcd', 'echo "listen tcp 127.0.0.1:2379: bind: address already in use"; exit 1');
    expect(acceptance()).toEqual(ends('etcd ended: listen tcp 127.0.0.1:2379: bind: address already in use'));
  });

  it('that a program cannot be run', () => {
    program('kube-apiserver', '[ "$1" != --version ] || echo Kubernetes v1.37.2\nexec /nowhere');
    const { status, lines } = acceptance();
    expect({ status, lines }).toEqual({
      status: 1,
      lines: [expect.stringMatching(/^conformance: kube-apiserver ended: /)],
    });
  });

  (canMount ? it : it.skip)('that the disk is full', () => {
    // A mount of this one process tree: it goes with it.
    const full = `mount -t tmpfs -o size=16k tmpfs "$TMPDIR" && head -c 16k /dev/zero > "$TMPDIR/full"; exec "$@"`;
    const { status, lines } = acceptance({ by: ['unshare', '-rm', 'sh', '-c', full, 'sh'] });
    expect({ status, lines }).toEqual({
      status: 1,
      lines: [expect.stringMatching(/^conformance: .*no space left/i)],
    });
  });
});
