import { App } from 'cdk8s';
import { parse } from 'yaml';
import { AlertReceiver, Alerting, Alertmanager, AlertmanagerProps } from '../../lib';
import { chartOf } from '../connections/fixtures';
import { find, manifestsOf, namesOf } from '../manifest';
import { RESOURCES } from '../workload/fixtures';

function make(alerting: Alerting = Alerting.none()) {
  const chart = chartOf(new App(), 'observability');
  const all: Required<AlertmanagerProps> = {
    name: 'alertmanager',
    alerting,
    storageClassName: 'fast',
    resources: RESOURCES,
  };
  const alertmanager = new Alertmanager(chart, 'alertmanager', all);
  const manifests = manifestsOf(chart);
  const { spec } = find(manifests, 'StatefulSet', 'alertmanager');
  const config = parse(find(manifests, 'ConfigMap', 'alertmanager').data['alertmanager.yaml']);
  return { alertmanager, manifests, spec, config };
}

const BOTH = Alerting.to({
  critical: AlertReceiver.pagerDuty(),
  other: AlertReceiver.slack({ channel: '#wms-alerts' }),
});

describe('Alertmanager', () => {
  it('is one member with all that belongs to it, and no secret where it tells nobody', () => {
    const { manifests, alertmanager, spec } = make();
    expect(namesOf(manifests)).toEqual([
      'ConfigMap alertmanager',
      'NetworkPolicy alertmanager',
      'Service alertmanager',
      'Service alertmanager-headless',
      'ServiceAccount alertmanager',
      'StatefulSet alertmanager',
    ]);
    expect(spec.replicas).toBe(1);
    expect(spec.template.spec.automountServiceAccountToken).toBe(false);
    expect(spec.volumeClaimTemplates).toMatchObject([
      { spec: { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } } },
    ]);
    expect(alertmanager.endpoint).toBe(alertmanager.http);
    expect(alertmanager.http.address).toBe('alertmanager.observability.svc.cluster.local:9093');
    expect(alertmanager.statefulSet.metrics).toEqual([{ endpoint: alertmanager.http, path: '/metrics' }]);
  });

  it('tells nobody where the environment has no receivers', () => {
    expect(make().config).toMatchObject({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] });
    expect(make().config.route).not.toHaveProperty('routes');
  });

  it('tells one of what is critical and another of the rest', () => {
    const { config } = make(BOTH);
    expect(config.route).toMatchObject({
      receiver: 'other',
      routes: [{ matchers: ['severity="critical"'], receiver: 'critical' }],
    });
    expect(config.receivers).toEqual([
      {
        name: 'critical',
        pagerduty_configs: [expect.objectContaining({ routing_key_file: '/etc/alertmanager/secrets/critical' })],
      },
      {
        name: 'other',
        slack_configs: [
          expect.objectContaining({ api_url_file: '/etc/alertmanager/secrets/other', channel: '#wms-alerts' }),
        ],
      },
    ]);
  });

  it('does not speak of a warning beside something critical of the same component', () => {
    expect(make().config.inhibit_rules).toEqual([
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ['component', 'namespace', 'service', 'slo'],
      },
    ]);
  });

  it("has its receivers' secrets as files", () => {
    const { manifests, spec } = make(BOTH);
    expect(find(manifests, 'Secret', 'alertmanager').stringData).toEqual({
      critical: 'development-only-alertmanager-pagerduty',
      other: 'development-only-alertmanager-slack',
    });
    const { volumes, containers } = spec.template.spec;
    expect(volumes).toContainEqual({ name: 'secrets', secret: { secretName: 'alertmanager' } });
    expect(containers[0].volumeMounts).toContainEqual({
      name: 'secrets',
      mountPath: '/etc/alertmanager/secrets',
      readOnly: true,
    });
  });

  it('is started anew by another configuration', () => {
    const hash = (alerting?: Alerting) => make(alerting).spec.template.metadata.annotations['checksum/alertmanager'];
    expect(hash(BOTH)).not.toBe(hash());
  });
});
