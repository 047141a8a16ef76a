import * as fs from 'fs';
import * as path from 'path';
import { createHash } from 'crypto';
import { Failure } from '../failure';
import { runCommand } from '../run-command';

/** The image of the container that holds a pod's namespaces. */
export const PAUSE_IMAGE = 'conformance.invalid/pause:1';

/** How an image's program is started where a pod does not say. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

/**
 * Writes an archive (an OCI layout) of one image under each of some names, from a directory that becomes its root.
 *
 * Everything in it belongs to root, as the files of a package do; what must belong to somebody else is the pod's to mount.
 */
export async function writeImage(
  archive: string,
  names: readonly string[],
  root: string,
  config: ImageConfig,
): Promise<void> {
  const layout = `${archive}.layout`;
  const blobs = path.join(layout, 'blobs', 'sha256');
  fs.mkdirSync(blobs, { recursive: true });
  try {
    const layer = path.join(layout, 'layer');
    await tar(['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '-cf', layer, '-C', root, '.']);
    const digest = await fileDigest(layer);
    const size = fs.statSync(layer).size;
    fs.renameSync(layer, path.join(blobs, digest));
    const add = (mediaType: string, content: object) => {
      const bytes = JSON.stringify(content);
      const hash = createHash('sha256').update(bytes).digest('hex');
      fs.writeFileSync(path.join(blobs, hash), bytes);
      return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
    };
    const manifest = add('application/vnd.oci.image.manifest.v1+json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: add('application/vnd.oci.image.config.v1+json', {
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        os: 'linux',
        config,
        rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
      }),
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', digest: `sha256:${digest}`, size }],
    });
    const manifests = names.map((name) => ({ ...manifest, annotations: { 'io.containerd.image.name': name } }));
    fs.writeFileSync(path.join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
    fs.writeFileSync(path.join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    await tar(['-cf', archive, '-C', layout, '.']);
  } finally {
    fs.rmSync(layout, { recursive: true, force: true });
  }
}

async function tar(args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCommand('tar', args);
  if (code !== 0) {
    throw new Failure(`tar cannot write an image: ${stderr.trim()}`);
  }
}

function fileDigest(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256');
    fs.createReadStream(file)
      .on('error', reject)
      .on('data', (chunk) => hash.update(chunk))
      .on('end', () => resolve(hash.digest('hex')));
  });
}
