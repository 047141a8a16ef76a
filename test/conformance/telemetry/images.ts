import * as fs from 'fs';
import * as path from 'path';
import { Manifest } from '../../manifest';
import { podsOf } from '../../manifests/manifests';
import { Node } from '../node/node';
import { toolDirectory } from '../tools';

/** Where the official images have their programs, by workload: the manifests give arguments alone. */
const PROGRAMS: Readonly<Record<string, { readonly tool: string; readonly place: string }>> = {
  'otel-collector': { tool: 'otel-collector', place: 'otelcol-contrib' },
  prometheus: { tool: 'prometheus', place: 'bin/prometheus' },
  tempo: { tool: 'tempo', place: 'tempo' },
  loki: { tool: 'loki', place: 'usr/bin/loki' },
};

/** The tools that the images of the observability layer are made from. */
export const TELEMETRY_TOOLS = Object.values(PROGRAMS).map(({ tool }) => tool);

/** The image of the program that sends telemetry as a service does, and asks for it as Grafana does. */
export const TELEMETRY_IMAGE = 'conformance.invalid/telemetry:1';

/** Where that image has it. */
export const PROGRAM = '/bin/telemetry';

/** Loads images in place of the official ones: the same programs at the same places, started as those start them. */
export async function loadTelemetryImages(node: Node, manifests: readonly Manifest[]): Promise<void> {
  for (const [workload, { tool, place }] of Object.entries(PROGRAMS)) {
    const pod = podsOf(manifests).find(({ metadata }) => metadata.labels['app.kubernetes.io/instance'] === workload)!;
    await load(node, pod.spec.containers[0].image as string, path.join(await toolDirectory(tool), tool), place);
  }
  await load(node, TELEMETRY_IMAGE, path.join(await toolDirectory('otel-collector'), 'telemetry'), PROGRAM);
}

async function load(node: Node, image: string, program: string, place: string): Promise<void> {
  await node.buildImage([image], async (root) => {
    await fs.promises.mkdir(path.dirname(path.join(root, place)), { recursive: true });
    await fs.promises.copyFile(program, path.join(root, place));
    return { Entrypoint: [path.join('/', place)] };
  });
}
