#!/bin/bash
# Stands in for ZooKeeper's script of this name, which is in no Maven artifact: start-foreground alone.
set -eu
[ "$1" = start-foreground ]
mkdir -p "$ZOO_LOG_DIR"
# shellcheck disable=SC2086
exec java -Dzookeeper.log.dir="$ZOO_LOG_DIR" -XX:+HeapDumpOnOutOfMemoryError -XX:OnOutOfMemoryError='kill -9 %p' \
  -cp "$ZOOCFGDIR:/opt/zookeeper/lib/*" -Xmx"${ZK_SERVER_HEAP:-1000}m" ${SERVER_JVMFLAGS:-} \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$ZOOCFGDIR/zoo.cfg"
