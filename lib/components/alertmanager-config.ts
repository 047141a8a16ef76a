import { Yaml } from 'cdk8s';
import { Alerting } from '../alerting';

/** Where its files are in the pod. */
export const ALERTMANAGER_PATHS = {
  config: '/etc/alertmanager/config',
  secrets: '/etc/alertmanager/secrets',
  data: '/alertmanager',
} as const;

/** The receiver that tells nobody. */
const NOBODY = 'nobody';

/** `alertmanager.yaml`. */
export function alertmanagerConfig(alerting: Alerting): string {
  const names = alerting._receivers.map(({ name }) => name);
  return Yaml.stringify({
    route: {
      receiver: names.includes('other') ? 'other' : NOBODY,
      group_by: ['alertname', 'namespace'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      ...(names.includes('critical') ? { routes: [{ matchers: ['severity="critical"'], receiver: 'critical' }] } : {}),
    },
    // Whoever is called at once need not hear of the same in a softer voice.
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity="warning"'],
        equal: ['component', 'namespace', 'service', 'slo'],
      },
    ],
    receivers: [
      ...(names.includes('other') ? [] : [{ name: NOBODY }]),
      ...alerting._receivers.map(({ name, receiver }) => ({
        name,
        ...receiver._render(`${ALERTMANAGER_PATHS.secrets}/${name}`),
      })),
    ],
  });
}
