import { Construct } from 'constructs';
import { Endpoint } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { clusterContext } from '../workload/cluster-context';
import { StatefulSet } from '../workload/stateful-set';
import { storePod, TelemetryStoreProps } from './telemetry-store';
import { ingestionLimits, StoreCharacter } from './telemetry-volume';
import { TEMPO_DIRECTORY, tempoConfig } from './tempo-config';

/** Tempo keeps traces, and makes metrics of them. */
export interface TempoProps extends TelemetryStoreProps {
  /** The Prometheus that takes its metrics. */
  readonly prometheus: Endpoint;
}

/** Spans in columns, compressed; a block that is compacted is there twice for some minutes. */
const CHARACTER: StoreCharacter = { compression: 2, part: 0.75 };

const CONFIG = { directory: '/etc/tempo', file: 'tempo.yaml' };

/**
 * Tempo: keeps traces, and counts requests between services from them. All its parts in one process on one volume, as
 * the topology draws it.
 *
 * It takes no more than its volume can hold for the time it keeps traces: what comes faster it refuses, and the
 * collector tries again; it never fills.
 */
export class Tempo extends Construct implements IConnectable {
  /** Its one pod. */
  public readonly statefulSet: StatefulSet;

  /** Its API, where traces are asked for. */
  public readonly http: Endpoint;

  /** Where traces come in: OTLP over gRPC. */
  public readonly otlp: Endpoint;

  /** @throws where the volume is too small for the retention, the expected rate does not fit, and on bad resources */
  public constructor(scope: Construct, id: string, props: TempoProps) {
    super(scope, id);
    this.http = props.box.endpointNamed('http');
    this.otlp = props.box.endpointNamed('grpc-otlp');
    this.statefulSet = storePod(this, {
      ...props,
      image: clusterContext(this).images.of('tempo'),
      args: [`-config.file=${CONFIG.directory}/${CONFIG.file}`],
      config: [
        CONFIG.file,
        tempoConfig({
          port: this.http.port,
          otlpPort: this.otlp.port,
          retention: props.retention,
          limits: ingestionLimits(this, props, CHARACTER),
          remoteWrite: `http://${props.prometheus.address}/api/v1/write`,
        }),
      ],
      configDirectory: CONFIG.directory,
      dataDirectory: TEMPO_DIRECTORY,
    });
  }

  /** Its main endpoint: `http`. */
  public get endpoint(): Peer {
    return this.http;
  }
}
