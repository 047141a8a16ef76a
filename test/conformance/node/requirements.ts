import { Failure } from '../failure';
import { runCommand } from '../run-command';

/** What a node takes from Debian: a file of each package, by the package's name. */
const PACKAGES: Record<string, string> = {
  runc: '/usr/sbin/runc',
  'containernetworking-plugins': '/usr/lib/cni/host-local',
  iptables: '/usr/sbin/iptables',
  ipset: '/usr/sbin/ipset',
  conntrack: '/usr/sbin/conntrack',
  iproute2: '/bin/ip',
  procps: '/usr/bin/pgrep',
};

/** Fails in one line where something is missing. */
export async function requirePackages(): Promise<void> {
  const { stdout } = await runCommand('sh', [
    '-c',
    'for f; do [ -e "$f" ] || echo "$f"; done',
    'sh',
    ...Object.values(PACKAGES),
  ]);
  const missing = stdout.split('\n').filter(Boolean);
  const names = Object.keys(PACKAGES).filter((name) => missing.includes(PACKAGES[name]));
  if (names.length > 0) {
    throw new Failure(
      `the part 'node' needs Debian's packages ${names.join(', ')}: apt-get install ${names.join(' ')}`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Failure("the part 'node' runs containers, so it needs to be run as root");
  }
}
