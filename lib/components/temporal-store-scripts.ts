/** What the platform itself keeps in Temporal's store: the number of shards, and which images' schemas are there. */

const QUERY = `set -eu
query() { echo "$1" | psql -X -q -t -A -v ON_ERROR_STOP=1 -v image="$SCHEMA_IMAGE" -v shards="$NUM_HISTORY_SHARDS"; }
refuse_other_shards() {
  if [ -n "$1" ] && [ "$1" != "$NUM_HISTORY_SHARDS" ]; then
    echo "history shards are $NUM_HISTORY_SHARDS, but the store has $1; allowed: $1 as long as the store lives" >&2
    exit 1
  fi
}
`;

/**
 * Before anything is changed: refuses another number of history shards than the store has. A store that the platform has
 * never seen tells by its highest shard, and an empty one allows any number. Waits for the store to answer.
 */
export const CHECK_SHARDS_SCRIPT = `${QUERY}until query 'SELECT 1' >/dev/null; do sleep 2; done
source=$(query "SELECT CASE
  WHEN to_regclass('wms_platform.history_shards') IS NOT NULL THEN 'SELECT count FROM wms_platform.history_shards'
  WHEN to_regclass('public.shards') IS NOT NULL THEN 'SELECT max(shard_id) FROM public.shards'
  ELSE 'SELECT NULL' END")
refuse_other_shards "$(query "$source")"
`;

/** After the schema is there: says so to the servers that wait for it. */
export const RECORD_SCHEMA_SCRIPT = `${QUERY}query "BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS wms_platform;
CREATE TABLE IF NOT EXISTS wms_platform.history_shards (count integer NOT NULL);
INSERT INTO wms_platform.history_shards SELECT :shards WHERE NOT EXISTS (SELECT FROM wms_platform.history_shards);
CREATE TABLE IF NOT EXISTS wms_platform.schemas (image text PRIMARY KEY);
INSERT INTO wms_platform.schemas VALUES (:'image') ON CONFLICT DO NOTHING;
COMMIT;"
echo "the schema of $SCHEMA_IMAGE is there, for $NUM_HISTORY_SHARDS history shards"
`;

/** Before a server starts: waits for its schema, and refuses another number of history shards, which the server would ignore. */
export const AWAIT_SCHEMA_SCRIPT = `${QUERY}found() {
  [ "$(query "SELECT to_regclass('wms_platform.schemas') IS NOT NULL")" = t ] &&
    [ "$(query "SELECT count(*) FROM wms_platform.schemas WHERE image = :'image'")" = 1 ]
}
until found; do
  echo "waiting for the schema of $SCHEMA_IMAGE, which the Job temporal-schema makes"
  sleep 3
done
refuse_other_shards "$(query 'SELECT count FROM wms_platform.history_shards')"
`;
