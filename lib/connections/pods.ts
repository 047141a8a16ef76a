import { IConstruct } from 'constructs';
import { k8s } from 'cdk8s-plus-27';
import { Identity, selectorLabels } from '../workload/labels';
import { Connection } from './connection';
import { Client } from './peer';
import { PodsState } from './pods-state';

/** The pods of one workload, wherever they run: what network policies select. */
export class Pods extends Client {
  /** The namespace they run in. */
  public readonly namespace: string;

  /** @internal */
  public readonly _identity: Identity;

  /**
   * Connections that start here.
   *
   * @internal
   */
  public readonly _opened: Connection[] = [];

  /**
   * Connections that end here.
   *
   * @internal
   */
  public readonly _accepted: Connection[] = [];

  /**
   * The construct that stands for them: their workload, or what declares them pending or imported.
   *
   * @internal
   */
  public _scope?: IConstruct;

  /** @internal */
  public _state: PodsState = PodsState.DANGLING;

  /**
   * Called with each connection that starts or ends here, once.
   *
   * @internal
   */
  public _onConnection?: (connection: Connection) => void;

  /** @internal */
  public constructor(namespace: string, identity: Identity) {
    super(`${namespace}/${identity.workload}`, []);
    this.namespace = namespace;
    this._identity = identity;
  }

  /** @internal */
  public get _id(): string {
    return this.name;
  }

  /** @internal */
  public override get _pods(): Pods {
    return this;
  }

  /**
   * The labels that select them.
   *
   * @internal
   */
  public get _selectorLabels(): Record<string, string> {
    return selectorLabels(this._identity);
  }

  /**
   * Says who runs the pods.
   *
   * @internal
   */
  public _claim(state: PodsState, scope: IConstruct): this {
    this._state = state;
    this._scope = scope;
    return this;
  }

  /** @internal */
  public _policyPeers(fromNamespace: string): k8s.NetworkPolicyPeer[] {
    const podSelector = { matchLabels: this._selectorLabels };
    if (fromNamespace === this.namespace) {
      return [{ podSelector }];
    }
    return [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': this.namespace } }, podSelector }];
  }
}
