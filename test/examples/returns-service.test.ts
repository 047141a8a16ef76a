import { App, Chart } from 'cdk8s';
import { ReturnsService } from '../../examples/returns-service/returns-service';
import { ENVIRONMENTS } from '../../main';
import { renderEnvironments } from '../manifests/manifests';
import { Manifest, manifestsOf, nameOf } from '../manifest';
import { leastPrivilege } from '../manifests/rules/access';
import { available } from '../manifests/rules/availability';
import { labelled } from '../manifests/rules/labels';
import { namespacesGuarded } from '../manifests/rules/namespaces';
import { policiesNarrow } from '../manifests/rules/network-policies';
import { noEmptyLists } from '../manifests/rules/no-empty-lists';
import { portsAgree } from '../manifests/rules/ports';
import { probed } from '../manifests/rules/probes';
import { quotasSuffice } from '../manifests/rules/quotas';
import { referencesExist } from '../manifests/rules/references';
import { resourcesStated } from '../manifests/rules/resources';
import { restrictedPods } from '../manifests/rules/restricted-pods';
import { noSecretValues } from '../manifests/rules/secret-values';
import { wavesInOrder } from '../manifests/rules/sync-waves';
import { uniqueObjects } from '../manifests/rules/unique-objects';

const RULES = {
  available,
  labelled,
  leastPrivilege,
  namespacesGuarded,
  noEmptyLists,
  noSecretValues,
  policiesNarrow,
  portsAgree,
  probed,
  quotasSuffice,
  referencesExist,
  resourcesStated,
  restrictedPods,
  uniqueObjects,
  wavesInOrder,
};

const platforms = new Map(renderEnvironments().map(({ name, all }) => [name, all]));

function renderGuest(environment: (typeof ENVIRONMENTS)[number]): Map<string, Manifest[]> {
  const app = new App();
  new ReturnsService(app, 'returns-service', environment);
  const charts = app.node.children.filter((c) => Chart.isChart(c));
  return new Map(charts.map((chart) => [chart.node.id, manifestsOf(chart)]));
}

describe.each(ENVIRONMENTS.map((environment) => ({ name: environment.name, environment })))(
  'the guest of the examples in $name',
  ({ name, environment }) => {
    const guest = renderGuest(environment);

    it.each(Object.entries(RULES))('keeps the rule %s together with the platform', (_, rule) => {
      expect(rule([...platforms.get(name)!, ...[...guest.values()].flat()])).toEqual([]);
    });

    it('brings what the other sides need in a file for each of their namespaces', () => {
      const inMesh = (object: string) => (environment.mesh.enabled ? [object] : []);
      const others = [...guest].filter(([file]) => file !== 'returns-service');
      const namesOf = (manifests: Manifest[]) => manifests.map((m) => nameOf(m).replace(/-[0-9a-f]{10}$/, '-HASH'));
      const secret = name === 'development' ? 'Secret' : 'ExternalSecret';
      expect(Object.fromEntries(others.map(([file, manifests]) => [file, namesOf(manifests)]))).toEqual({
        'returns-service-kafka': ['NetworkPolicy kafka/kafka.wms-platform.returns-service'],
        'returns-service-mongodb': [
          `${secret} mongodb/mongodb-user-returns-service`,
          'NetworkPolicy mongodb/mongodb.mongodb.returns-service-mongodb-user',
          'NetworkPolicy mongodb/mongodb.mongodb.returns-service-mongodb-users',
          'NetworkPolicy mongodb/mongodb.wms-platform.returns-service',
          'ConfigMap mongodb/returns-service-mongodb',
          'NetworkPolicy mongodb/returns-service-mongodb-user',
          'ServiceAccount mongodb/returns-service-mongodb-user',
          'Job mongodb/returns-service-mongodb-user-HASH',
          'CronJob mongodb/returns-service-mongodb-users',
          'NetworkPolicy mongodb/returns-service-mongodb-users',
          'ServiceAccount mongodb/returns-service-mongodb-users',
        ],
        'returns-service-observability': [
          'NetworkPolicy observability/otel-collector.wms-platform.returns-service',
          'NetworkPolicy observability/prometheus.wms-platform.returns-service',
        ],
        'returns-service-wms-platform': [
          ...inMesh('AuthorizationPolicy wms-platform/customer-service.wms-platform.returns-service'),
          'NetworkPolicy wms-platform/customer-service.wms-platform.returns-service',
          ...inMesh('AuthorizationPolicy wms-platform/inventory-service.wms-platform.returns-service'),
          'NetworkPolicy wms-platform/inventory-service.wms-platform.returns-service',
        ],
      });
    });
  },
);
