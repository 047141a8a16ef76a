import { Part } from '../../manifest';
import { Distribution } from '../distribution';

/** What a dashboard asks a data source for. */
export interface DashboardQuery {
  /** The dashboard's file, and the title of the panel. */
  readonly place: string;
  readonly query: string;
}

/** Every query of every dashboard to a data source, as Grafana sends it but for what viewers choose. */
export function dashboardQueries(
  { manifests }: Distribution,
  source: 'prometheus' | 'loki' = 'prometheus',
): DashboardQuery[] {
  return dashboardsOf(manifests).flatMap(([file, dashboard]) =>
    panelsOf(dashboard).flatMap((panel) =>
      ((panel.targets ?? []) as Part[])
        .filter((target) => (target.datasource ?? panel.datasource)?.type === source)
        .map(({ expr }) => ({ place: `${file}, ${panel.title}`, query: withoutVariables(expr as string) })),
    ),
  );
}

/** What asks Prometheus in ways that are not looked into: variables and annotations. */
export function otherQueries({ manifests }: Distribution): string[] {
  return dashboardsOf(manifests).flatMap(([file, { templating, annotations }]) =>
    [...((templating?.list ?? []) as Part[]), ...((annotations?.list ?? []) as Part[])]
      .filter(({ type, datasource }) => type === 'query' || datasource?.type === 'prometheus')
      .map(({ name }) => `${file}, ${name}`),
  );
}

function dashboardsOf(manifests: Distribution['manifests']): [file: string, dashboard: Part][] {
  return manifests
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && /^grafana-dashboard-/.test(metadata.name))
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([file, text]) => [file, JSON.parse(text)]);
}

/** All panels, those in rows that are folded included. */
function panelsOf({ panels = [] }: Part): Part[] {
  return (panels as Part[]).flatMap((panel) => [panel, ...panelsOf(panel)]);
}

/** Grafana's own variables are spans of time, all others are texts. */
function withoutVariables(query: string): string {
  return query.replace(/\$__\w+|\$\{__\w+\}/g, '5m').replace(/\$\{\w+(:\w+)?\}|\$[a-zA-Z_]\w*/g, 'x');
}
