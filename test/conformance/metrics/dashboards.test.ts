import { Distribution } from '../distribution';
import { dashboardQueries, otherQueries } from './dashboards';

function distribution(dashboard: object): Distribution {
  const data = { 'a.json': JSON.stringify(dashboard) };
  const manifests = [{ kind: 'ConfigMap', metadata: { name: 'grafana-dashboard-a' }, data }];
  return { manifests } as unknown as Distribution;
}

const PROMETHEUS = { type: 'prometheus', uid: 'metrics' };

describe('queries of dashboards', () => {
  it('are those to Prometheus, in rows that are folded too', () => {
    const panel = { title: 'A', datasource: PROMETHEUS, targets: [{ expr: 'a' }] };
    const lines = { title: 'B', datasource: { type: 'loki' }, targets: [{ expr: '{b="c"}' }] };
    const mixed = { title: 'D', targets: [{ expr: 'd', datasource: PROMETHEUS }] };
    const folded = { title: 'Row', panels: [mixed] };
    expect(dashboardQueries(distribution({ panels: [panel, lines, folded] }))).toEqual([
      { place: 'a.json, A', query: 'a' },
      { place: 'a.json, D', query: 'd' },
    ]);
  });

  it('have spans and texts in the place of variables', () => {
    const expr = 'rate(a{b="$b",c=~"${c:regex}"}[$__rate_interval])';
    const panel = { title: 'A', datasource: PROMETHEUS, targets: [{ expr }] };
    expect(dashboardQueries(distribution({ panels: [panel] }))[0].query).toBe('rate(a{b="x",c=~"x"}[5m])');
  });

  it('are told of where they are not looked into', () => {
    const variable = { name: 'pod', type: 'query', datasource: PROMETHEUS };
    const fixed = { name: 'data source', type: 'datasource' };
    expect(otherQueries(distribution({ templating: { list: [variable, fixed] } }))).toEqual(['a.json, pod']);
  });
});
