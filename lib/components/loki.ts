import { Construct } from 'constructs';
import { Endpoint } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { clusterContext } from '../workload/cluster-context';
import { StatefulSet } from '../workload/stateful-set';
import { LOKI_DIRECTORY, lokiConfig } from './loki-config';
import { storePod, TelemetryStoreProps } from './telemetry-store';
import { memoryPart } from './go-memory';
import { ingestionLimits, StoreCharacter } from './telemetry-volume';

/** Text of logs, in zstd chunks with its index; Loki needs room to rewrite its index while it deletes. */
const CHARACTER: StoreCharacter = { compression: 4, part: 0.8 };

const CONFIG = { directory: '/etc/loki', file: 'loki.yaml' };

/**
 * Loki: keeps logs. All its parts in one process on one volume, as the topology draws it.
 *
 * It takes no more than its volume can hold for the time it keeps logs: what comes faster it refuses, and the collector
 * tries again; it never fills.
 */
export class Loki extends Construct implements IConnectable {
  /** Its one pod. */
  public readonly statefulSet: StatefulSet;

  /** Its API, where logs come in and are asked for. */
  public readonly http: Endpoint;

  /** @throws where the volume is too small for the retention, the expected rate does not fit, and on bad resources */
  public constructor(scope: Construct, id: string, props: TelemetryStoreProps) {
    super(scope, id);
    this.http = props.box.endpointNamed('http');
    const part = (share: number) => memoryPart(this.node.path, props.resources.memoryLimit, share);
    this.statefulSet = storePod(this, {
      ...props,
      image: clusterContext(this).images.of('loki'),
      args: [`-config.file=${CONFIG.directory}/${CONFIG.file}`],
      config: [
        CONFIG.file,
        lokiConfig({
          port: this.http.port,
          retention: props.retention,
          limits: ingestionLimits(this, props, CHARACTER),
          cacheMebibytes: part(0.1),
          replayMebibytes: part(0.3),
        }),
      ],
      configDirectory: CONFIG.directory,
      dataDirectory: LOKI_DIRECTORY,
    });
  }

  /** Its main endpoint: `http`. */
  public get endpoint(): Peer {
    return this.http;
  }
}
