import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { Alerting } from '../alerting';
import { Endpoint, EndpointKind } from '../connections/endpoint';
import { IConnectable, Peer } from '../connections/peer';
import { Credential } from '../secrets/credential';
import { Secret } from '../secrets/secret';
import { PRIORITY_CLASSES } from '../topology/priority-classes';
import { clusterContext } from '../workload/cluster-context';
import { ConfigMap } from '../workload/config-map';
import { Identity } from '../workload/labels';
import { httpProbe } from '../workload/probes';
import { Resources } from '../workload/resources';
import { StatefulSet } from '../workload/stateful-set';
import { NOBODY } from '../workload/users';
import { configVolume } from '../workload/volumes';
import { alertmanagerConfig, ALERTMANAGER_PATHS } from './alertmanager-config';

/** What Alertmanager is made from. */
export interface AlertmanagerProps {
  /** The name of its objects. */
  readonly name: string;

  /** Who hears of alerts. */
  readonly alerting: Alerting;

  /**
   * The StorageClass of its volume.
   *
   * @default - the cluster's default
   */
  readonly storageClassName?: string;

  /** What it asks for and may use. */
  readonly resources: Resources;
}

/** Silences, and what was told to whom: some kilobytes each. */
const STORAGE = Size.gibibytes(1);

/** Alertmanager: tells the environment's receivers of alerts, once for each group of them. */
export class Alertmanager extends Construct implements IConnectable {
  /** Its one member. */
  public readonly statefulSet: StatefulSet;

  /** Where alerts are sent to. */
  public readonly http: Endpoint;

  /** @throws on bad resources */
  public constructor(scope: Construct, id: string, props: AlertmanagerProps) {
    super(scope, id);
    const { name, alerting, storageClassName, resources } = props;
    const identity: Identity = { box: name, workload: name, component: 'alerts' };
    const { config: configPath, secrets: secretsPath, data } = ALERTMANAGER_PATHS;
    const config = new ConfigMap(this, 'config', {
      name,
      identity,
      data: { 'alertmanager.yaml': alertmanagerConfig(alerting) },
    });
    const secret = this.createSecret(identity, alerting);
    this.statefulSet = new StatefulSet(this, 'stateful-set', {
      name,
      component: identity.component,
      user: NOBODY,
      priorityClassName: PRIORITY_CLASSES.platform.name,
      terminationGracePeriod: Duration.seconds(60),
      podAnnotations: config.hashAnnotation,
      volumeClaims: [{ name: 'data', size: STORAGE, storageClassName }],
      volumes: [
        configVolume('config', config),
        ...(secret ? [{ name: 'secrets', secret: { secretName: secret.secretName } }] : []),
      ],
      containers: [
        {
          name: 'alertmanager',
          image: clusterContext(this).images.of('alertmanager'),
          args: [
            `--config.file=${configPath}/alertmanager.yaml`,
            `--storage.path=${data}/data`,
            // One member has nobody to gossip with.
            '--cluster.listen-address=',
          ],
          resources,
          ports: [{ name: 'http', port: 9093 }],
          livenessProbe: httpProbe('http', '/-/healthy', { periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 4 }),
          readinessProbe: httpProbe('http', '/-/ready', { periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 }),
          volumeMounts: [
            { name: 'config', mountPath: configPath, readOnly: true },
            ...(secret ? [{ name: 'secrets', mountPath: secretsPath, readOnly: true }] : []),
            { name: 'data', mountPath: data },
          ],
        },
      ],
    });
    this.http = this.statefulSet.addEndpoint('http', EndpointKind.HTTP);
    // Prometheus sends it alerts at the same port.
    this.statefulSet.addMetrics(this.http, '/metrics', { alsoAsked: true });
  }

  /** Its main endpoint: `http`. */
  public get endpoint(): Peer {
    return this.http;
  }

  /** The receivers' secrets, each a file of the receiver's name. It reads them anew each time, so a new one needs no restart. */
  private createSecret(identity: Identity, alerting: Alerting): Secret | undefined {
    const data = Object.fromEntries(
      alerting._receivers.flatMap(({ name, receiver: { _credential } }): [string, Credential[]][] =>
        _credential ? [[name, [_credential]]] : [],
      ),
    );
    return Object.keys(data).length > 0
      ? new Secret(this, 'secret', { name: identity.workload, identity, data })
      : undefined;
  }
}
