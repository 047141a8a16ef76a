import { ApiObject, Chart, Testing } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { CloudProvider, Dns, SecretsBackend, WmsPlatform, WmsPlatformBase } from '../lib';
import { clusterContext } from '../lib/workload/cluster-context';
import { guestChart, platformOf, production } from './fixtures';

/** By path: a failing comparison of constructs would print both trees. */
const servedBy = (construct: IConstruct) => WmsPlatformBase.of(construct).node.path;

describe('a platform', () => {
  it('serves the scope it is made in, and all below', () => {
    const { app, platform } = platformOf(production());
    const chart = new Chart(app, 'test', { namespace: 'test' });
    expect(servedBy(app)).toBe(platform.node.path);
    expect(servedBy(new Construct(chart, 'deep'))).toBe(platform.node.path);
  });

  it('gives way to one that is nearer', () => {
    const { app, platform } = platformOf(production());
    const chart = new Chart(app, 'test', { namespace: 'test' });
    const nearer = WmsPlatform.fromEnvironment(chart, 'platform', production());
    expect(servedBy(new Construct(chart, 'deep'))).toBe(nearer.node.path);
    expect(servedBy(app)).toBe(platform.node.path);
  });

  it('serves nothing beside its scope', () => {
    const { app } = guestChart();
    expect(() => WmsPlatformBase.of(new Chart(app, 'other'))).toThrow(
      "[other] there is no platform around it; allowed: below a WmsPlatform's app, or beside WmsPlatform.fromEnvironment",
    );
  });

  it('is the only one of its scope', () => {
    const { chart } = guestChart();
    expect(() => WmsPlatform.fromEnvironment(chart, 'second', production())).toThrow(
      '[test/second] its scope has a platform already (test/platform); allowed: one',
    );
  });

  it('tells its scope what it needs to know of the cluster', () => {
    const environment = production({
      provider: CloudProvider.gcp({ region: 'europe-west4' }),
      secrets: SecretsBackend.plain(),
      clusterDomain: 'k8s.example.com',
      dns: new Dns(),
    });
    const { chart, platform } = guestChart(environment);
    const context = clusterContext(chart);
    expect(platform.environment).toBe(environment);
    expect(context.environmentName).toBe('production');
    expect(context.clusterDomain).toBe('k8s.example.com');
    expect(context.dns).toBe(environment.dns);
    expect(context.images).toBe(environment._images);
    expect(context.secrets).toBe(environment.secrets);
    expect(context.scraper?.pods.name).toBe('observability/prometheus');
  });

  it('fails synthesis where two objects have one kind, namespace and name', () => {
    const { app, chart } = guestChart();
    const team = new Chart(app, 'team', { namespace: 'wms-platform' });
    for (const scope of [chart, team]) {
      new ApiObject(scope, 'object', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'same' } });
    }
    expect(() => Testing.synth(chart)).toThrow(
      'ConfigMap wms-platform/same is made twice, by test/object and team/object; allowed: once',
    );
  });
});
