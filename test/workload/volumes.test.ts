import { k8s } from 'cdk8s-plus-27';
import { parseResources } from '../../lib/workload/resources';
import { Quantity } from '../../lib/workload/quantity';
import { ConfigMap } from '../../lib/workload/config-map';
import { configVolume, tmpVolume } from '../../lib/workload/volumes';
import { RESOURCES, testChart } from './fixtures';

describe('tmpVolume', () => {
  it('is a directory that vanishes with its pod', () => {
    expect(tmpVolume()).toEqual({ name: 'tmp', emptyDir: { sizeLimit: k8s.Quantity.fromString('64Mi') } });
  });

  it("is full before the pod's limit of node-local disk evicts it", () => {
    const size = Quantity.parse(String(tmpVolume().emptyDir!.sizeLimit!.value), 'tmp');
    expect(size.isBelow(parseResources(RESOURCES, 'here').ephemeralStorageLimit)).toBe(true);
  });
});

it('configVolume is the files of a ConfigMap', () => {
  const identity = { box: 'waf', workload: 'waf', component: 'firewall' };
  const config = new ConfigMap(testChart(), 'config', { name: 'waf-files', identity });
  expect(configVolume('config', config)).toEqual({ name: 'config', configMap: { name: 'waf-files' } });
});
