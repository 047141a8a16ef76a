import * as fs from 'fs';
import { Failure } from '../failure';

/** What the firewall takes from Debian: a file of each package, by the package's name. */
const PACKAGES: Record<string, string> = {
  nginx: '/usr/sbin/nginx',
  'libnginx-mod-http-modsecurity': '/usr/share/nginx/modules/ngx_http_modsecurity_module.so',
  iproute2: '/bin/ip',
  procps: '/usr/bin/pgrep',
};

/** Fails in one line where something is missing. */
export function requirePackages(): void {
  const missing = Object.keys(PACKAGES).filter((name) => !fs.existsSync(PACKAGES[name]));
  if (missing.length > 0) {
    const names = missing.join(' ');
    throw new Failure(`the part 'waf' needs Debian's packages ${missing.join(', ')}: apt-get install ${names}`);
  }
  if (process.getuid?.() !== 0) {
    throw new Failure("the part 'waf' makes namespaces and mounts, so it needs to be run as root");
  }
}
