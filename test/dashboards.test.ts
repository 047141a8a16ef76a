import { Dashboard, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCES } from '../lib/components/grafana-config';
import { PLATFORM_DASHBOARDS } from '../lib/dashboards';
import { SERVICES } from '../lib/topology/services';
import { build } from '../scripts/dashboards/board';
import { BOARDS } from '../scripts/dashboards/boards';
import { Part } from './manifest';

const DASHBOARDS = PLATFORM_DASHBOARDS.map(({ name, json }) => ({ name, board: JSON.parse(json) as Dashboard }));

const panelsOf = (board: Dashboard) => (board.panels ?? []).filter((p) => p.type !== 'row') as Panel[];

it('There is a dashboard for all that the platform is made of', () => {
  expect(DASHBOARDS.map(({ name }) => name)).toEqual([
    'platform-overview',
    'slos',
    ...SERVICES.map(({ name }) => name),
    'mongodb',
    'kafka',
    'temporal',
    'ingress',
    'mesh',
  ]);
});

it('What ships is what the SDK makes', () => {
  expect(DASHBOARDS.map(({ board }) => board)).toEqual(BOARDS.map((board) => JSON.parse(JSON.stringify(build(board)))));
});

describe.each(DASHBOARDS)('The dashboard $name', ({ board }) => {
  const panels = panelsOf(board);

  it('has panels with titles, on a grid of 24, that ask a data source', () => {
    expect(panels.length).toBeGreaterThan(3);
    for (const { title, datasource, targets, gridPos } of panels) {
      expect(title).toBeTruthy();
      expect(Object.values(DATA_SOURCES)).toContain(datasource?.uid);
      expect(gridPos!.x + gridPos!.w).toBeLessThanOrEqual(24);
      for (const { expr, refId } of targets as Part[]) {
        expect([title, Boolean(expr), /^[A-Z]$/.test(refId)]).toEqual([title, true, true]);
      }
      expect(new Set(targets!.map(({ refId }: Part) => refId)).size).toBe(targets!.length);
    }
  });

  it('numbers each panel once, and lays none over another', () => {
    const all: (Panel | RowPanel)[] = board.panels ?? [];
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = all.flatMap(({ gridPos }) =>
      Array.from({ length: gridPos!.w * gridPos!.h }, (_, cell) =>
        [gridPos!.x + (cell % gridPos!.w), gridPos!.y + Math.floor(cell / gridPos!.w)].join(),
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('closes every bracket of its queries', () => {
    for (const expr of panels.flatMap(({ targets = [] }) => targets.map((t: Part) => t.expr as string))) {
      const bare = expr.replace(/"[^"]*"/g, '');
      for (const [open, close] of ['()', '{}', '[]']) {
        expect([expr, bare.split(open).length]).toEqual([expr, bare.split(close).length]);
      }
    }
  });
});

it('Services with a database show their events, those with workflows show these', () => {
  const titles = (name: string) =>
    panelsOf(DASHBOARDS.find((d) => d.name === name)!.board).map(({ title }) => title as string);
  expect(titles('order-service')).toEqual(expect.arrayContaining(['Waiting to be published', 'Activities completed']));
  expect(titles('labor-service')).not.toContain('Activities completed');
  expect(titles('orchestrator')).not.toContain('Waiting to be published');
});
