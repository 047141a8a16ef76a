import { AlertRule, RuleFacts, RuleGroup } from './rule';

const ZOOKEEPER = 'job="kafka/zookeeper"';

/** Kafka's brokers, topics and consumers, by the exporter. */
export function kafkaRules({ kafkaBrokers, kafkaMinInSyncReplicas }: RuleFacts): RuleGroup {
  return {
    name: 'kafka',
    alerts: [
      {
        alert: 'KafkaBrokerMissing',
        severity: 'critical',
        expr: `max by (namespace) (kafka_brokers) < ${kafkaBrokers}`,
        for: '5m',
        summary: `the Kafka cluster has fewer than its ${kafkaBrokers} brokers`,
        description: 'Its partitions have fewer replicas; producers are refused where too few are in sync.',
      },
      {
        alert: 'KafkaUnderReplicatedPartitions',
        severity: 'warning',
        expr: 'sum by (topic) (kafka_topic_partition_under_replicated_partition) > 0',
        for: '10m',
        summary: 'partitions of {{ $labels.topic }} have replicas that are behind',
        description: 'The loss of another broker may stop producers.',
      },
      {
        alert: 'KafkaTooFewInSyncReplicas',
        severity: 'critical',
        expr: `min by (topic) (kafka_topic_partition_in_sync_replica) < ${kafkaMinInSyncReplicas}`,
        for: '2m',
        summary: `partitions of {{ $labels.topic }} have fewer than ${kafkaMinInSyncReplicas} replicas in sync`,
        description: 'Producers that wait for all replicas are refused: the outboxes of the services fill.',
      },
      {
        alert: 'KafkaOfflinePartitions',
        severity: 'critical',
        expr:
          'max by (topic) (kafka_topic_partitions) - ' +
          '(count by (topic) (kafka_topic_partition_leader) or 0 * max by (topic) (kafka_topic_partitions)) > 0',
        for: '2m',
        summary: 'partitions of {{ $labels.topic }} have no leader',
        description: 'Nobody can write to them or read from them.',
      },
      {
        alert: 'KafkaConsumerLag',
        severity: 'warning',
        expr: 'sum by (consumergroup, topic) (kafka_consumergroup_lag) > 10000',
        for: '15m',
        summary: '{{ $labels.consumergroup }} is more than 10000 messages behind on {{ $labels.topic }}',
        description: 'It reads slower than others write. After seven days, messages are gone.',
      },
      {
        alert: 'KafkaConsumerStopped',
        severity: 'warning',
        expr:
          'sum by (consumergroup, topic) (kafka_consumergroup_lag) > 100 ' +
          'and sum by (consumergroup, topic) (delta(kafka_consumergroup_current_offset[15m])) == 0',
        for: '15m',
        summary: '{{ $labels.consumergroup }} does not read {{ $labels.topic }} any more',
        description: 'There is something to read, and for half an hour it has read nothing.',
      },
    ],
  };
}

/** ZooKeeper's members, each by its own page. */
export function zookeeperRules({ zookeeperMembers }: RuleFacts): RuleGroup {
  const ensemble: AlertRule[] = [
    {
      alert: 'ZooKeeperQuorumLost',
      severity: 'critical',
      // Members without a leader have no such figure.
      expr: `absent(quorum_size{${ZOOKEEPER}})`,
      for: '2m',
      summary: 'the ZooKeeper ensemble has no leader',
      description: 'Kafka cannot choose leaders of partitions, nor change topics; brokers that start, wait.',
    },
    {
      alert: 'ZooKeeperFollowersMissing',
      severity: 'warning',
      expr: `max(synced_followers{${ZOOKEEPER}}) < ${zookeeperMembers - 1}`,
      for: '10m',
      summary: `the leader of the ZooKeeper ensemble has fewer than ${zookeeperMembers - 1} followers`,
      description: 'The loss of another member may cost the quorum.',
    },
  ];
  return {
    name: 'zookeeper',
    alerts: [
      ...(zookeeperMembers > 1 ? ensemble : []),
      {
        alert: 'ZooKeeperRequestsWaiting',
        severity: 'warning',
        expr: `max by (pod) (outstanding_requests{${ZOOKEEPER}}) > 100`,
        for: '5m',
        summary: '{{ $labels.pod }} has more than 100 requests that wait',
        description: 'Its disk or its processor is too slow; sessions of brokers may expire.',
      },
    ],
  };
}
