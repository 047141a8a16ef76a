import { Size } from 'cdk8s';
import { memberSet, MemberSetOptions } from '../../lib/components/member-set';
import { Environment } from '../../lib';
import { development, platformOf, production, SERVICE_IMAGES } from '../fixtures';
import { RESOURCES } from '../workload/fixtures';

const TOPOLOGY = { replicas: 3, storageGibibytes: 100 };
const FIGURES = { full: RESOURCES, single: { ...RESOURCES, memoryRequest: '64Mi' } };

const box = platformOf(development()).platform.otelCollector;

function figures(environment: Environment, options?: MemberSetOptions) {
  const { storage, ...set } = memberSet(environment, box, TOPOLOGY, FIGURES, options);
  return { ...set, storage: storage.asString() };
}

describe('a set of members', () => {
  it("has the topology's figures in production, on the SSD class", () => {
    expect(figures(production())).toEqual({
      box,
      members: 3,
      storage: '100Gi',
      storageClassName: 'wms-ssd',
      resources: RESOURCES,
    });
  });

  it('has a tenth of the storage in staging', () => {
    expect(figures(Environment.staging({ services: SERVICE_IMAGES }))).toMatchObject({ members: 3, storage: '10Gi' });
  });

  it("is one small member in development, on the cluster's default class", () => {
    expect(figures(development())).toEqual({
      box,
      members: 1,
      storage: '2Gi',
      storageClassName: undefined,
      resources: FIGURES.single,
    });
  });

  it('takes every figure that is given instead', () => {
    const options: Required<MemberSetOptions> = {
      members: 5,
      storage: Size.gibibytes(200),
      resources: { ...RESOURCES, cpuLimit: '2' },
    };
    expect(figures(production(), options)).toMatchObject({ ...options, storage: '200Gi' });
  });
});
