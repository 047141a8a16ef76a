import * as path from 'path';
import * as ts from 'typescript';
import { PLATFORM_DASHBOARDS } from '../lib/dashboards';
import { Part } from './manifest';

const SDK = '@grafana/grafana-foundation-sdk';

/** The SDK's types are Grafana's own schema; on the wire an enumeration is the value of its member. */
const HEADER = `
import { Dashboard, FieldConfigSource, Panel, RowPanel } from '${SDK}/dashboard';
import * as logs from '${SDK}/logs';
import * as loki from '${SDK}/loki';
import * as prometheus from '${SDK}/prometheus';
import * as stat from '${SDK}/stat';
import * as timeseries from '${SDK}/timeseries';
type Wire<T> = 0 extends 1 & T ? T : T extends string ? \`\${T}\` : T extends number ? (number extends T ? T : \`\${T}\` extends \`\${infer N extends number}\` ? N : never)
  : T extends boolean | null | undefined ? T : T extends (...args: never[]) => unknown ? never : { [K in keyof T]: Wire<T[K]> };
type Own<Type, Options, Custom, Query> = Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'> & {
  type: Type;
  options: Options;
  fieldConfig?: Omit<FieldConfigSource, 'defaults'> & { defaults: Omit<FieldConfigSource['defaults'], 'custom'> & { custom?: Custom } };
  targets: Omit<Query, '_implementsDataqueryVariant' | 'dataqueryName'>[];
};
type Any =
  | Own<'stat', stat.Options, never, prometheus.Dataquery>
  | Own<'timeseries', timeseries.Options, timeseries.FieldConfig, prometheus.Dataquery>
  | Own<'logs', logs.Options, never, loki.dataquery>
  | (Omit<RowPanel, 'type'> & { type: 'row' });
type Whole = Wire<Omit<Dashboard, 'panels'> & { panels: Any[] }>;
`;

/** What the compiler says of dashboards as they ship. */
function complaints(dashboards: Readonly<Record<string, Part>>): string[] {
  const file = path.join(__dirname, 'dashboards-as-they-ship.ts');
  const constants = Object.values(dashboards).map(
    (board, index) => `export const dashboard${index}: Whole = ${JSON.stringify(board)};`,
  );
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    skipLibCheck: true,
    types: [],
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  const source = ts.createSourceFile(file, `${HEADER}${constants.join('\n')}\n`, ts.ScriptTarget.ES2022, true);
  host.getSourceFile = (name, ...rest) => (name === file ? source : read(name, ...rest));
  host.fileExists = (name) => name === file || ts.sys.fileExists(name);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const boards = Object.fromEntries(PLATFORM_DASHBOARDS.map(({ name, json }) => [name, JSON.parse(json)]));

it('Every dashboard that ships is of the schema', () => {
  expect(complaints(boards)).toEqual([]);
}, 60_000);

it.each<[string, RegExp, (panel: Part) => void]>([
  ['an unknown field', /tittle.* does not exist/, (panel) => (panel.tittle = 'x')],
  ['an unknown option', /tooltips.* does not exist/, (panel) => (panel.options.tooltips = {})],
  ['a value that is none', /'"lists"' is not assignable/, (panel) => (panel.options.legend.displayMode = 'lists')],
  ['a query that is no text', /'number' is not assignable to type 'string'/, (panel) => (panel.targets[0].expr = 1)],
])(
  '%s is refused',
  (_, says, change) => {
    const board = structuredClone(boards.slos);
    change(board.panels.find((panel: Part) => panel.type === 'timeseries'));
    expect(complaints({ board }).join()).toMatch(says);
  },
  60_000,
);
