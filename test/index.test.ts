import * as library from '../lib';

it('The public API is these classes and enums', () => {
  const exported = Object.entries(library).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  expect(exported.sort()).toEqual([
    'AlertReceiver',
    'Alerting',
    'Alertmanager',
    'ArgoCd',
    'Box',
    'Client',
    'CloudProvider',
    'Credential',
    'CronJob',
    'DaemonSet',
    'Deployment',
    'Dns',
    'Endpoint',
    'EndpointKind',
    'Environment',
    'ExternalEndpoint',
    'Grafana',
    'IngressController',
    'Job',
    'KafkaCluster',
    'KafkaMode',
    'KubernetesApi',
    'LoadBalancer',
    'Loki',
    'Mesh',
    'MongoDbReplicaSet',
    'NodeLogAgent',
    'Nodes',
    'Observability',
    'OidcProvider',
    'OidcProxy',
    'OtelCollector',
    'Peer',
    'Pods',
    'PostgreSql',
    'Prometheus',
    'SecretsBackend',
    'Sizing',
    'StatefulSet',
    'Tempo',
    'TemporalCluster',
    'TemporalStore',
    'Tls',
    'Waf',
    'WmsApp',
    'WmsPlatform',
    'WmsPlatformBase',
    'WmsService',
    'WmsServiceWorker',
    'Workload',
    'ZoneSpread',
    'ZookeeperEnsemble',
  ]);
});

it('The public API has no functions: they cannot be used from other languages', () => {
  const functions = Object.entries(library).filter(
    ([, value]) => typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value)),
  );
  expect(functions.map(([name]) => name)).toEqual([]);
});
