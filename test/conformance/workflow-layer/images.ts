import * as fs from 'fs';
import * as path from 'path';
import { Failure } from '../failure';
import { Node } from '../node/node';
import { moduleDirectory, toolDirectory } from '../tools';
import { copyDirectory, copyPrograms } from '../node/host-programs';

/** The tools that the images of the workflow layer are made from. */
export const WORKFLOW_TOOLS = ['temporal', 'temporal-cli', 'temporal-ui', 'workflow'];

/** The image of the program that runs workflows. */
export const WORKFLOW_IMAGE = 'conformance.invalid/workflow:1';

/** Debian's PostgreSQL, of which the suite takes what is there. */
const POSTGRESQL = '/usr/lib/postgresql';

const SHELL = ['sh', 'cat', 'sleep', 'cp', 'mv', 'rm', 'mkdir', 'chmod', 'sha256sum'].map((name) => `/usr/bin/${name}`);

/** The images that a workload names, by how they are made. */
export interface WorkflowImages {
  readonly postgresql: string;
  readonly server: string;
  readonly tools: string;
  readonly ui: string;
}

/** Loads images in place of the official ones: the same programs at the same places, started as those start them. */
export async function loadWorkflowImages(node: Node, images: WorkflowImages): Promise<string> {
  const version = postgresqlVersion();
  await node.buildImage([images.postgresql], async (root) => {
    const home = path.join(POSTGRESQL, version);
    const programs = ['postgres', 'initdb', 'pg_ctl', 'pg_isready', 'psql'].map((name) => path.join(home, 'bin', name));
    await copyPrograms(root, [...SHELL, ...programs]);
    copyDirectory(root, path.join(home, 'lib'), /^(bitcode|llvmjit.*)$/);
    copyDirectory(root, `/usr/share/postgresql/${version}`, /^man$/);
    copyDirectory(root, '/usr/share/zoneinfo');
    addUser(root, 'postgres', 999);
    fs.mkdirSync(path.join(root, 'var/run/postgresql'), { recursive: true });
    fs.mkdirSync(path.join(root, 'var/lib/postgresql/data'), { recursive: true });
    return { Cmd: ['postgres'], Env: [`PATH=/usr/bin:${home}/bin`] };
  });
  const temporal = await toolDirectory('temporal');
  const cli = await toolDirectory('temporal-cli');
  await node.buildImage([images.server], async (root) => {
    await copyPrograms(root, SHELL);
    copyTool(root, path.join(temporal, 'server'), 'temporal-server');
    addUser(root, 'temporal', 1000);
    return { Env: PATH };
  });
  await node.buildImage([images.tools], async (root) => {
    await copyPrograms(root, SHELL);
    copyTool(root, path.join(temporal, 'sql'), 'temporal-sql-tool');
    copyTool(root, path.join(cli, 'temporal'), 'temporal');
    addUser(root, 'temporal', 1000);
    const schema = path.join(await moduleDirectory('temporal', 'go.temporal.io/server'), 'schema');
    fs.cpSync(schema, path.join(root, 'etc/temporal/schema'), { recursive: true });
    return { Env: PATH };
  });
  await node.buildImage([images.ui], async (root) => {
    const home = path.join(root, 'home/ui-server');
    fs.mkdirSync(path.join(home, 'config'), { recursive: true });
    fs.copyFileSync(path.join(await toolDirectory('temporal-ui'), 'server'), path.join(home, 'ui-server'));
    const module = await moduleDirectory('temporal-ui', 'github.com/temporalio/ui-server/v2');
    fs.copyFileSync(path.join(module, 'config/docker.yaml'), path.join(home, 'config/docker.yaml'));
    // The official image's script ends in this.
    return { Entrypoint: ['./ui-server', '--env', 'docker', 'start'], WorkingDir: '/home/ui-server' };
  });
  await node.buildImage([WORKFLOW_IMAGE], async (root) => {
    copyTool(root, path.join(await toolDirectory('workflow'), 'workflow'), 'workflow');
    return { Env: PATH };
  });
  return version;
}

const PATH = ['PATH=/usr/local/bin:/usr/bin'];

function copyTool(root: string, program: string, name: string): void {
  const directory = path.join(root, 'usr/local/bin');
  fs.mkdirSync(directory, { recursive: true });
  fs.copyFileSync(program, path.join(directory, name));
}

/** The official image's user, by whose number its processes run. */
function addUser(root: string, name: string, number: number): void {
  fs.writeFileSync(path.join(root, 'etc/passwd'), `${name}:x:${number}:${number}::/tmp:/bin/sh\n`);
}

/** The newest that is installed. */
function postgresqlVersion(): string {
  const versions = fs.existsSync(POSTGRESQL) ? fs.readdirSync(POSTGRESQL).map(Number).filter(Boolean) : [];
  if (versions.length === 0) {
    throw new Failure("the part 'workflow-layer' needs Debian's PostgreSQL: apt-get install postgresql");
  }
  return String(Math.max(...versions));
}
