import { Breakage, breaks } from '../breakage';

/** Brokers that get no answer from what keeps their metadata. */
export const SEPARATED: Breakage = breaks(
  'brokers that may not speak to ZooKeeper',
  'NetworkPolicy kafka/zookeeper',
  (p) => (p.spec.ingress = []),
  /^StatefulSet kafka\/kafka has 0 of 1 pods ready/,
);

/** A job that does not make what it is told to make. */
export const TOPIC_LEFT_OUT: Breakage = breaks(
  'a job that leaves a topic out',
  'ConfigMap kafka/kafka-topics',
  (c) => {
    const shorter = 'grep -v waves /config/topics.list >/tmp/list\nlist=/tmp/list';
    c.data['topics.sh'] = c.data['topics.sh'].replace('list=/config/topics.list', shorter);
  },
  /^there is no topic wms\.waves\.events$/,
);

/** A job that finds another retention than there is. */
export const NEVER_DONE: Breakage = breaks(
  'a job that changes topics each time',
  'ConfigMap kafka/kafka-topics',
  (c) => (c.data['topics.sh'] = c.data['topics.sh'].replace('--describe >', '--describe | tr 6 7 >')),
  /^it has changed something$/,
);

/** A broker that comes back with nothing. */
export const FORGETFUL: Breakage = breaks(
  'a broker whose records go with its pod',
  'StatefulSet kafka/kafka',
  ({ spec }) => {
    delete spec.volumeClaimTemplates;
    spec.template.spec.volumes.push({ name: 'data', emptyDir: {} });
  },
  /^\d+ are lost, the first is \d+$/,
);
