import * as fs from 'fs';
import * as path from 'path';
import { Failure } from '../failure';
import { Node } from '../node/node';
import { runCommand } from '../run-command';
import { copyDirectory, copyPrograms } from '../node/host-programs';

/** The images that the message layer names. */
export interface MessageImages {
  readonly zookeeper: string;
  readonly kafka: string;
}

const LAUNCHERS = path.join(__dirname, 'launchers');

/** The tools of Alpine, on which Kafka's image is built: what works with these works with Debian's, too. */
const BUSYBOX = '/bin/busybox';
const APPLETS = ['awk', 'cat', 'dd', 'grep', 'mkdir', 'sleep', 'tr'];

/** Kafka's scripts that are nothing but the name of a class. */
const CLASSES: Record<string, string> = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
  'kafka-storage.sh': 'kafka.tools.StorageTool',
  'kafka-get-offsets.sh': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-metadata-quorum.sh': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-verifiable-producer.sh': 'org.apache.kafka.tools.VerifiableProducer',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
};

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** Loads one image in place of both official ones: the same servers at the same places, of the tags' versions. */
export async function loadMessageImages(node: Node, images: MessageImages): Promise<void> {
  const java = requireHost('java', 'default-jre-headless');
  requireHost('mvn', 'maven');
  requireHost(path.basename(BUSYBOX), 'busybox-static');
  const home = path.dirname(path.dirname(java));
  await node.buildImage([images.zookeeper, images.kafka], async (root) => {
    await copyPrograms(root, ['/usr/bin/bash', BUSYBOX, java, path.join(home, 'lib/server/libjvm.so')]);
    for (const directory of ['conf', 'lib']) {
      copyDirectory(root, path.join(home, directory), /^(src\.zip|ct\.sym)$/);
    }
    for (const applet of APPLETS) {
      fs.symlinkSync('/bin/busybox', path.join(root, 'usr/bin', applet));
    }
    await copyArtifacts('zookeeper', images.zookeeper, path.join(root, 'opt/zookeeper/lib'));
    await copyArtifacts('kafka', images.kafka, path.join(root, 'opt/kafka/libs'));
    copyLaunchers(root);
    return { Env: [`PATH=/opt/zookeeper/bin:/usr/bin:${home}/bin`] };
  });
}

function copyLaunchers(root: string): void {
  const [zookeeper, kafka, config] = ['opt/zookeeper/bin', 'opt/kafka/bin', 'opt/kafka/config'].map((directory) => {
    fs.mkdirSync(path.join(root, directory), { recursive: true });
    return path.join(root, directory);
  });
  const write = (directory: string, name: string, text: string) =>
    fs.writeFileSync(path.join(directory, name), text, { mode: 0o755 });
  const copy = (directory: string, name: string) =>
    write(directory, name, fs.readFileSync(path.join(LAUNCHERS, name), 'utf8'));
  copy(zookeeper, 'zkServer.sh');
  copy(kafka, 'kafka-run-class.sh');
  copy(kafka, 'kafka-server-start.sh');
  copy(config, 'tools-log4j.properties');
  for (const [name, className] of Object.entries(CLASSES)) {
    write(kafka, name, `#!/bin/bash\nexec /opt/kafka/bin/kafka-run-class.sh ${className} "$@"\n`);
  }
}

/** The server of an image's tag with all that it needs. */
async function copyArtifacts(name: string, image: string, directory: string): Promise<void> {
  const version = /:([\w.]+)$/.exec(image)![1];
  const pom = path.join(__dirname, `${name}.pom.xml`);
  const args = ['-q', '-B', '-f', pom, PLUGIN, `-Dserver.version=${version}`, `-DoutputDirectory=${directory}`];
  const { code, stdout } = await runCommand('mvn', args);
  if (code !== 0) {
    throw new Failure(`Maven has no ${name} ${version}: ${stdout.trim().split('\n')[0]}`);
  }
}

function requireHost(program: string, debianPackage: string): string {
  const places = (process.env.PATH ?? '').split(path.delimiter).map((directory) => path.join(directory, program));
  const found = places.find((place) => fs.existsSync(place));
  if (!found) {
    throw new Failure(`the part 'message-layer' needs ${program}: apt-get install ${debianPackage}`);
  }
  return fs.realpathSync(found);
}
