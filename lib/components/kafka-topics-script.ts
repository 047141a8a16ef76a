import { ResolvedTopic } from './kafka-topic';
import { PartitionShare } from './kafka-volume';

/** The topics as the script reads them, one a line: name, partitions, replication factor, placement, settings. */
export function topicsList(topics: readonly ResolvedTopic[], shareOf: (topic: string) => PartitionShare): string {
  return [...topics]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((topic) => {
      const { name, partitions, replicationFactor, placement } = topic;
      const placed = placement?.map((replicas) => replicas.join(':')).join() ?? '-';
      return `${name} ${partitions} ${replicationFactor} ${placed} ${settings(topic, shareOf(name))}\n`;
    })
    .join('');
}

function settings({ minInSyncReplicas, retention }: ResolvedTopic, share: PartitionShare): string {
  const { retentionBytes, segmentBytes } = share;
  return [
    `min.insync.replicas=${minInSyncReplicas}`,
    `retention.ms=${retention.toMilliseconds()}`,
    `retention.bytes=${retentionBytes}`,
    `segment.bytes=${segmentBytes}`,
  ].join();
}

/**
 * Makes the topics of the list what it says. It asks for all topics once, refuses what it cannot do before it does
 * anything, and may run again or twice at once.
 */
export const TOPICS_SCRIPT = `set -euo pipefail

list=/config/topics.list
described=/tmp/described
kafka() { "/opt/kafka/bin/$1" --bootstrap-server "$BOOTSTRAP_SERVER" "\${@:2}" </dev/null; }

# Whatever it takes until enough brokers are there; the job's own deadline ends it.
until_done() {
  until "$@" 2>&1; do
    echo "waiting for $BOOTSTRAP_SERVER"
    sleep 5
  done
}

describe() { kafka kafka-topics.sh --describe >"$described"; }

# field TOPIC NAME: what the description says of a topic, nothing where there is no such topic.
field() {
  awk -F '\\t' -v topic="Topic: $1" -v name="$2: " '
    $1 == topic { for (i = 2; i <= NF; i++) if (index($i, name) == 1) print substr($i, length(name) + 1) }
  ' "$described"
}

until_done describe

refused=0
while read -r topic partitions replicas _; do
  there=$(field "$topic" PartitionCount)
  if [ -n "$there" ] && [ "$there" -gt "$partitions" ]; then
    echo "ERROR: $topic has $there partitions and is declared with $partitions; partitions are never lowered"
    refused=1
  fi
  there=$(field "$topic" ReplicationFactor)
  if [ -n "$there" ] && [ "$there" != "$replicas" ]; then
    echo "ERROR: $topic has a replication factor of $there and is declared with $replicas; move its replicas by hand"
    refused=1
  fi
done <"$list"
[ "$refused" = 0 ] || exit 1

all=0
changes=0
while read -r topic partitions replicas placement settings; do
  all=$((all + 1))
  there=$(field "$topic" PartitionCount)
  if [ -z "$there" ]; then
    echo "creating $topic"
    if [ "$placement" = - ]; then
      shape=(--partitions "$partitions" --replication-factor "$replicas")
    else
      shape=(--replica-assignment "$placement")
    fi
    # shellcheck disable=SC2086
    until_done kafka kafka-topics.sh --create --if-not-exists --topic "$topic" "\${shape[@]}" \\
      $(printf -- '--config %s ' \${settings//,/ })
    changes=$((changes + 1))
    continue
  fi
  if [ "$there" -lt "$partitions" ]; then
    echo "WARNING: $topic goes from $there to $partitions partitions: keys move, a key's records are then in two of them"
    kafka kafka-topics.sh --alter --topic "$topic" --partitions "$partitions"
    changes=$((changes + 1))
  fi
  differing=""
  for setting in \${settings//,/ }; do
    case ",$(field "$topic" Configs)," in
      *",$setting,"*) ;;
      *) differing="$differing,$setting" ;;
    esac
  done
  if [ -n "$differing" ]; then
    echo "setting \${differing#,} of $topic"
    kafka kafka-configs.sh --alter --entity-type topics --entity-name "$topic" --add-config "\${differing#,}"
    changes=$((changes + 1))
  fi
done <"$list"

if [ "$changes" = 0 ]; then
  echo "$all topics are as declared: nothing changed"
else
  echo "$all topics are as declared: $changes changes"
fi
`;
