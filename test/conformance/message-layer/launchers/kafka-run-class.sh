#!/bin/bash
# Stands in for Kafka's script of this name, which is in no Maven artifact: the same environment variables and options.
if [ -z "$KAFKA_LOG4J_OPTS" ]; then
  KAFKA_LOG4J_OPTS=-Dlog4j.configuration=file:/opt/kafka/config/tools-log4j.properties
else
  mkdir -p "${LOG_DIR:=/opt/kafka/logs}"
fi
: "${KAFKA_HEAP_OPTS:=-Xmx256M}"
: "${KAFKA_JVM_PERFORMANCE_OPTS:=-server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35}"
while [ $# -gt 0 ]; do
  case $1 in
    -name) shift 2 ;;
    -loggc)
      KAFKA_GC_LOG_OPTS="-Xlog:gc*:file=$LOG_DIR/gc.log"
      shift
      ;;
    *) break ;;
  esac
done
# shellcheck disable=SC2086
exec java $KAFKA_HEAP_OPTS $KAFKA_JVM_PERFORMANCE_OPTS $KAFKA_GC_LOG_OPTS -Dkafka.logs.dir="$LOG_DIR" $KAFKA_LOG4J_OPTS \
  -cp '/opt/kafka/libs/*' $KAFKA_OPTS "$@"
