import * as path from 'path';
import { poll } from '../poll';
import { Failure } from '../failure';
import { toolDirectory } from '../tools';
import { Cage } from './cage';
import { PAUSE_IMAGE } from './images';

const SOCKET = '/run/containerd/containerd.sock';

/** Where kubelet finds the container runtime. */
export const RUNTIME_ENDPOINT = `unix://${SOCKET}`;

/** Where the CNI plugins and their configuration are. */
export interface NetworkPlugins {
  readonly binaries: readonly string[];
  readonly configuration: string;
}

/** containerd, with Debian's runc. */
export class Runtime {
  /** Starts it. */
  public static async start(cage: Cage, plugins: NetworkPlugins): Promise<Runtime> {
    const binaries = await toolDirectory('containerd');
    const directory = `${cage.directory}/containerd`;
    const config = cage.file('containerd.toml', configuration(directory, plugins));
    const process = cage.start('containerd', path.join(binaries, 'containerd'), ['--config', config], {
      // It starts its shim from there.
      PATH: `${binaries}:/usr/sbin:/usr/bin:/sbin:/bin`,
    });
    const runtime = new Runtime(cage, path.join(binaries, 'ctr'));
    const ready = await poll(30, async () =>
      process.exitCode !== null || (await runtime.ctr(['version'])).code === 0 ? true : undefined,
    );
    if (!ready || process.exitCode !== null) {
      throw new Failure(`containerd does not start: ${cage.logTail('containerd', 1)}`);
    }
    return runtime;
  }

  private constructor(
    private readonly cage: Cage,
    private readonly program: string,
  ) {}

  /** Takes in the images of an archive, as if they had been pulled. */
  public async importImages(archive: string): Promise<void> {
    const { code, stderr } = await this.ctr(['images', 'import', '--no-unpack', archive]);
    if (code !== 0) {
      throw new Failure(`containerd takes no images from ${path.basename(archive)}: ${stderr.trim()}`);
    }
  }

  private ctr(args: readonly string[]) {
    return this.cage.run(this.program, ['--address', SOCKET, '--namespace', 'k8s.io', ...args]);
  }
}

function configuration(directory: string, plugins: NetworkPlugins): string {
  return `version = 3
root = '${directory}/root'
state = '/run/containerd'
disabled_plugins = ['io.containerd.nri.v1.nri']

[grpc]
  address = '${SOCKET}'

[plugins.'io.containerd.cri.v1.runtime']
  # Without the right to raise resource limits nobody lowers the score of a process either.
  restrict_oom_score_adj = true
  [plugins.'io.containerd.cri.v1.runtime'.containerd]
    default_runtime_name = 'runc'
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
      runtime_type = 'io.containerd.runc.v2'
      [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = [${plugins.binaries.map((directory) => `'${directory}'`).join(', ')}]
    conf_dir = '${plugins.configuration}'

[plugins.'io.containerd.cri.v1.images']
  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = '${PAUSE_IMAGE}'
`;
}
