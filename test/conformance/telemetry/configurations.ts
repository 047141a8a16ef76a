import * as path from 'path';
import { gatewayConfig } from '../../../lib/components/otel-collector-config';
import { Manifest, nameOf } from '../../manifest';
import { Breakage, breaks } from '../breakage';
import { Distribution } from '../distribution';
import { Failure } from '../failure';
import { Row } from '../report';
import { runCommand } from '../run-command';
import { toolDirectory } from '../tools';
import { Workspace } from '../workspace';

/** Who reads a ConfigMap, and how it is asked whether it can. */
interface Reader {
  readonly program: string;
  readonly asks: (file: string) => string[];
}

const COLLECTOR: Reader = { program: 'otel-collector', asks: (file) => ['validate', `--config=${file}`] };

const READERS: Readonly<Record<string, Reader>> = {
  'ConfigMap observability/otel-collector': COLLECTOR,
  'ConfigMap node-log-agent/node-log-agent': COLLECTOR,
  'ConfigMap observability/tempo': { program: 'tempo', asks: (file) => ['-config.verify', `-config.file=${file}`] },
  'ConfigMap observability/loki': { program: 'loki', asks: (file) => ['-verify-config', `-config.file=${file}`] },
};

/** The tools that read the configurations. */
export const CONFIGURATION_TOOLS = [...new Set(Object.values(READERS).map(({ program }) => program))];

/** The programs of an environment take their configurations. */
export async function checkConfigurations(workspace: Workspace, distribution: Distribution): Promise<Row> {
  const faults = await Promise.all(
    Object.entries(READERS).map(async ([object, reader]) => {
      const found = distribution.manifests.find((manifest) => nameOf(manifest) === object);
      if (!found) {
        throw new Failure(`there is no ${object}`);
      }
      return refusals(workspace, object, Object.values(found.data as Record<string, string>)[0], reader);
    }),
  );
  return row(distribution.name, `${faults.length} configurations`, faults.flat());
}

/** What no environment here has: the collector keeps a part of the traces. */
export async function checkTailSampling(workspace: Workspace): Promise<Row> {
  const content = gatewayConfig({
    otlpPort: 4317,
    traces: 'tempo.example.com:4317',
    logs: 'loki.example.com:3100',
    memory: { limitMebibytes: 400, spikeMebibytes: 80 },
    sampling: { keptPercentage: 10 },
  });
  const faults = await refusals(workspace, 'collector', content, COLLECTOR);
  return row('tail sampling', '1 configuration', faults);
}

async function refusals(workspace: Workspace, object: string, content: string, reader: Reader): Promise<string[]> {
  // The place where the log agent remembers how far it has read has to be there.
  const offsets = path.dirname(workspace.file('offsets/none', ''));
  const place = `configurations/${Date.now()}-${object.replace(/\W+/g, '-')}.yaml`;
  const file = workspace.file(place, content.replace(/(directory:) \/var\/lib\/\S+/, `$1 ${offsets}`));
  const program = path.join(await toolDirectory(reader.program), reader.program);
  const { code, stdout, stderr } = await runCommand(program, reader.asks(file));
  const said = `${stdout} ${stderr}`.replace(/\s+/g, ' ').trim();
  return code === 0 ? [] : [`${object}: ${said.slice(0, 400)}`];
}

function row(subject: string, figures: string, faults: readonly string[]): Row {
  return { part: 'telemetry', check: 'their programs take the configurations', subject, figures, faults };
}

/** A misspelled setting in each. */
export const CONFIGURATION_BREAKAGES: readonly Breakage[] = [
  misspelled('ConfigMap observability/otel-collector', 'send_batch_size', 'send_bach_size'),
  misspelled('ConfigMap node-log-agent/node-log-agent', 'poll_interval', 'pol_interval'),
  misspelled('ConfigMap observability/tempo', 'block_retention', 'blok_retention'),
  misspelled('ConfigMap observability/loki', 'retention_period', 'retention_periot'),
];

function misspelled(object: string, from: string, to: string): Breakage {
  const change = ({ data }: Manifest) => {
    const [name] = Object.keys(data as object);
    data[name] = data[name].replace(from, to);
  };
  return breaks(`${to} in ${object}`, object, change, new RegExp(`^${object}: .*${to}`));
}
