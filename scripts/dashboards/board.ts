import {
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as logs from '@grafana/grafana-foundation-sdk/logs';
import * as loki from '@grafana/grafana-foundation-sdk/loki';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { DATA_SOURCES } from '../../lib/components/grafana-config';

/** A line of a panel: what is asked for, and what it is called. */
export type Query = readonly [expression: string, legend: string];

/** What a panel shows. */
export interface Panel {
  readonly title: string;
  /** Grafana's name of the unit, as `reqps`, `s` or `bytes`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** A single figure instead of a curve. */
  readonly figure?: boolean;
}

/** Lines of logs. */
export interface LogPanel {
  readonly title: string;
  readonly logs: string;
}

/** A row of panels. */
export interface Row {
  readonly title: string;
  readonly panels: readonly (Panel | LogPanel)[];
}

/** A dashboard of the platform. */
export interface Board {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
}

const WIDTH = 24;

/** Builds a dashboard with the SDK's types, which are Grafana's own schema. */
export function build({ name, title, description, rows }: Board): Dashboard {
  const board = new DashboardBuilder(title)
    .uid(`wms-${name}`)
    .description(description)
    .tags(['wms'])
    .refresh('1m')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly();
  // Links to a panel name its number.
  let id = 0;
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title).id(++id));
    for (const panel of row.panels) {
      board.withPanel(('logs' in panel ? logPanel(panel) : metricPanel(panel, row.panels.length)).id(++id));
    }
  }
  return board.build();
}

function metricPanel({ title, unit, queries, figure }: Panel, inRow: number) {
  const panel = figure ? new stat.PanelBuilder() : curve();
  panel
    .title(title)
    .unit(unit)
    .datasource({ type: 'prometheus', uid: DATA_SOURCES.metrics })
    .height(figure ? 4 : 8)
    .span(Math.floor(WIDTH / Math.min(inRow, 4)));
  queries.forEach(([expression, legend], index) => {
    const query = new prometheus.DataqueryBuilder()
      .expr(expression)
      .legendFormat(legend)
      .refId(String.fromCharCode('A'.charCodeAt(0) + index));
    panel.withTarget(figure ? query.instant() : query.range().exemplar(expression.includes('_bucket')));
  });
  return panel;
}

function curve() {
  return new timeseries.PanelBuilder()
    .min(0)
    .fillOpacity(10)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
}

function logPanel({ title, logs: expression }: LogPanel) {
  return new logs.PanelBuilder()
    .title(title)
    .datasource({ type: 'loki', uid: DATA_SOURCES.logs })
    .height(10)
    .span(WIDTH)
    .showTime(true)
    .enableLogDetails(true)
    .withTarget(new loki.DataqueryBuilder().expr(expression).refId('A'));
}
