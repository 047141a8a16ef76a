import { AwsProps, CloudProvider, GcpProps, LoadBalancer, LocalProps } from '../lib';

describe('a cloud provider', () => {
  it('is Amazon, with encrypted gp3 volumes, in a region and an account', () => {
    const all: Required<AwsProps> = {
      region: 'us-east-1',
      accountId: '123456789012',
      loadBalancer: LoadBalancer.nlb(),
    };
    expect(CloudProvider.aws(all)).toEqual({
      name: 'aws',
      region: 'us-east-1',
      accountId: '123456789012',
      loadBalancer: all.loadBalancer,
      ssd: {
        provisioner: 'ebs.csi.aws.com',
        parameters: { type: 'gp3', encrypted: 'true', 'csi.storage.k8s.io/fstype': 'ext4' },
      },
    });
  });

  it('is Google, with pd-ssd volumes, in a region', () => {
    const all: Required<GcpProps> = { region: 'europe-west4', loadBalancer: LoadBalancer.nodePort() };
    expect(CloudProvider.gcp(all)).toEqual({
      name: 'gcp',
      region: 'europe-west4',
      loadBalancer: all.loadBalancer,
      ssd: {
        provisioner: 'pd.csi.storage.gke.io',
        parameters: { type: 'pd-ssd', 'csi.storage.k8s.io/fstype': 'ext4' },
      },
    });
  });

  it("is one machine, with its cluster's own volumes", () => {
    const all: Required<LocalProps> = { loadBalancer: LoadBalancer.nodePort({ http: 30001 }) };
    expect(CloudProvider.local(all)).toEqual({ name: 'local', loadBalancer: all.loadBalancer });
  });

  it.each([
    ['an Application Load Balancer', CloudProvider.aws({ region: 'us-east-1' }), LoadBalancer.alb()],
    ['a passthrough load balancer', CloudProvider.gcp({ region: 'europe-west4' }), LoadBalancer.gcp()],
    ['ports of its nodes', CloudProvider.local(), LoadBalancer.nodePort()],
  ])('is reached by %s, where nothing else is said', (_what, { loadBalancer }, expected) => {
    expect(loadBalancer).toEqual(expected);
  });

  it.each(['us-east-1', 'us-gov-west-1', 'ap-southeast-5'])('may be in the AWS region %s', (region) => {
    expect(CloudProvider.aws({ region }).region).toBe(region);
  });

  it('is not in an account that is none', () => {
    expect(() => CloudProvider.aws({ region: 'us-east-1', accountId: '1234' })).toThrow(
      "[provider] '1234' is no AWS account; allowed: twelve digits",
    );
  });

  it.each(['europe-west4', 'europe-west12', 'northamerica-northeast1'])('may be in the GCP region %s', (region) => {
    expect(CloudProvider.gcp({ region }).region).toBe(region);
  });

  it.each(['', 'Ireland', 'us-east', 'us-east-1a', 'us_east_1', 'useast1'])('is not in the region "%s"', (region) => {
    expect(() => CloudProvider.aws({ region })).toThrow(
      `[provider] '${region}' is no region of aws; allowed: a region's name, as us-east-1 or europe-west4`,
    );
    expect(() => CloudProvider.gcp({ region })).toThrow(`[provider] '${region}' is no region of gcp`);
  });
});
