import { Construct } from 'constructs';
import { addAdditivePolicy } from './connections/additive-policies';
import { Box } from './connections/box';
import { IConnectable } from './connections/peer';
import { PodsState } from './connections/pods-state';
import { Scraper } from './connections/scraper';
import { Environment } from './environment';
import { invalid, oneOf } from './errors';
import { BOXES, BoxTopology } from './topology/boxes';
import { NAMESPACES } from './topology/namespaces';
import { SERVICES } from './topology/services';
import { bringTopics, onTopicsRequest } from './components/kafka-guest';
import { bringDatabaseUser } from './components/mongodb-guest';
import { onDatabaseRequest } from './components/mongodb-user';
import { serviceBox } from './components/service-box';
import { WmsPlatformBase } from './wms-platform-base';

/** A platform that somebody else has deployed, known by its environment alone. */
export class ImportedWmsPlatform extends WmsPlatformBase {
  public readonly mongodb: IConnectable;
  public readonly kafka: IConnectable;
  public readonly temporal: IConnectable;
  public readonly otelCollector: IConnectable;

  private readonly services = new Map<string, Box>();

  public constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id, environment);
    const prometheus = this.import(BOXES.prometheus);
    this._setClusterContext(
      new Scraper(prometheus.pods),
      Object.values(NAMESPACES).map(({ name }) => name),
    );
    const mongodb = this.import(BOXES.mongodb);
    const endpoint = mongodb.endpointNamed('tcp-mongodb');
    onDatabaseRequest(endpoint, (request) => bringDatabaseUser(endpoint, request));
    this.mongodb = mongodb;
    const kafka = this.import(BOXES.kafka);
    const bootstrap = kafka.endpointNamed('tcp-client');
    onTopicsRequest(bootstrap, (request) => bringTopics(bootstrap, environment, request));
    this.kafka = kafka;
    this.temporal = this.import(BOXES.temporalFrontend);
    this.otelCollector = this.import(BOXES.otelCollector);
  }

  public service(name: string): IConnectable {
    const topology = SERVICES.find((s) => s.name === name);
    if (!topology) {
      throw invalid(this, `there is no service '${name}'; ${oneOf(SERVICES.map((s) => s.name))}`);
    }
    const box = this.services.get(name) ?? this.import(serviceBox(name, NAMESPACES.wmsPlatform.name, topology.port));
    this.services.set(name, box);
    return box;
  }

  private import(topology: BoxTopology): Box {
    return this._box(topology, PodsState.IMPORTED, { onConnection: addAdditivePolicy });
  }
}
