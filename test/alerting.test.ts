import { AlertReceiver, Alerting, AlertRoutes, WmsPlatform } from '../lib';
import { App } from 'cdk8s';
import { arrow } from '../lib/connections/diagram';
import { production } from './fixtures';

const pager = AlertReceiver.pagerDuty();
const slack = AlertReceiver.slack({ channel: '#wms-alerts' });

describe('alerting', () => {
  it('goes nowhere', () => {
    expect(Alerting.none()._receivers).toEqual([]);
    expect(Alerting.none()._endpoints).toEqual([]);
  });

  it('goes to one receiver for what is critical, and another for the rest', () => {
    const all: Required<AlertRoutes> = { critical: pager, other: slack };
    expect(Alerting.to(all)._receivers).toEqual([
      { name: 'critical', receiver: pager },
      { name: 'other', receiver: slack },
    ]);
    expect(Alerting.to(all)._endpoints.map(({ name }) => name)).toEqual(['pagerduty', 'slack']);
  });

  it('goes to one receiver for all, which is reached once', () => {
    const alerting = Alerting.to({ critical: pager });
    expect(alerting._receivers.map(({ receiver }) => receiver)).toEqual([pager, pager]);
    expect(alerting._endpoints).toHaveLength(1);
  });

  it('is what the platform opens egress for', () => {
    const environment = production({ alerting: Alerting.to({ critical: pager, other: slack }) });
    const platform = new WmsPlatform(new App(), 'production', { environment });
    expect(platform._connections.map(arrow).filter((a) => a.startsWith('observability/alertmanager ->'))).toEqual([
      'observability/alertmanager -> pagerduty:443',
      'observability/alertmanager -> slack:443',
    ]);
  });
});
