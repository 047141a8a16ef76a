import * as fs from 'fs';
import * as path from 'path';
import { ImageConfig } from '../node/images';
import { Node } from '../node/node';
import { toolDirectory } from '../tools';
import { coreRuleSet } from '../waf/core-rule-set';
import { Workspace } from '../workspace';
import { copyPrograms } from '../node/host-programs';

/** The tools that the images of the edge are made from. */
export const EDGE_TOOLS = ['oauth2-proxy', 'traefik'];

const MODULE = '/usr/share/nginx/modules/ngx_http_modsecurity_module.so';

/** The images that workloads name, by how they are made. */
export interface EdgeImages {
  readonly ingressController: string;
  readonly waf: string;
  readonly oidcProxy: string;
}

/**
 * Loads images in place of the official ones: the same programs, started as those start them. The firewall's is Debian's
 * nginx with the rule set of the image.
 *
 * @param authority the certificate that the logins shall trust
 */
export async function loadEdgeImages(
  workspace: Workspace,
  node: Node,
  images: EdgeImages,
  authority: string,
): Promise<void> {
  await load(node, images.ingressController, async (root) => {
    fs.copyFileSync(path.join(await toolDirectory('traefik'), 'traefik'), path.join(root, 'traefik'));
    return { Entrypoint: ['/traefik'] };
  });
  await load(node, images.oidcProxy, async (root) => {
    fs.copyFileSync(path.join(await toolDirectory('oauth2-proxy'), 'oauth2-proxy'), path.join(root, 'oauth2-proxy'));
    fs.mkdirSync(path.join(root, 'etc/ssl/certs'), { recursive: true });
    fs.copyFileSync(authority, path.join(root, 'etc/ssl/certs/ca-certificates.crt'));
    fs.chmodSync(path.join(root, 'etc/ssl/certs/ca-certificates.crt'), 0o644);
    return { Entrypoint: ['/oauth2-proxy'] };
  });
  const { directory } = await coreRuleSet(workspace);
  await load(node, images.waf, async (root) => {
    await copyPrograms(root, ['/usr/bin/sh', '/usr/bin/awk', '/usr/bin/sleep', '/usr/sbin/nginx', MODULE]);
    fs.cpSync(directory, path.join(root, 'opt/owasp-crs'), { recursive: true });
    makeReadable(path.join(root, 'opt'));
    return { Env: ['PATH=/usr/sbin:/usr/bin'] };
  });
}

async function load(node: Node, name: string, fill: (root: string) => Promise<ImageConfig>): Promise<void> {
  const root = node.file(`image-${name.replace(/\W+/g, '-')}`);
  fs.mkdirSync(root);
  await node.loadImage([name], root, await fill(root));
  fs.rmSync(root, { recursive: true });
}

/** Files of the suite are its own; those of an image are everybody's to read. */
function makeReadable(directory: string): void {
  fs.chmodSync(directory, 0o755);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) {
      makeReadable(file);
    } else {
      fs.chmodSync(file, 0o644);
    }
  }
}
