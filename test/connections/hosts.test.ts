import { headlessService, memberHosts, serviceHost } from '../../lib/connections/hosts';

describe('A host', () => {
  it('of a Service is below its namespace and the cluster’s domain.', () => {
    expect(serviceHost('kafka', 'message-layer', 'cluster.local')).toBe('kafka.message-layer.svc.cluster.local');
  });

  it('of each member of a stateful set is below its headless Service.', () => {
    expect(headlessService('kafka')).toBe('kafka-headless');
    expect(memberHosts('kafka', 'message-layer', 'example.internal', 2)).toEqual([
      'kafka-0.kafka-headless.message-layer.svc.example.internal',
      'kafka-1.kafka-headless.message-layer.svc.example.internal',
    ]);
  });

  it('is none for a stateful set without members.', () => {
    expect(memberHosts('kafka', 'kafka', 'cluster.local', 0)).toEqual([]);
  });
});
