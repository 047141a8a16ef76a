import { createHash } from 'crypto';
import { Chart, Lazy } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { objectMetadata } from '../gitops/metadata';
import { SYNC_WAVES } from '../gitops/sync-waves';
import { invalid } from '../errors';
import { Identity, workloadLabels } from './labels';
import { checkName } from './names';

/** A ConfigMap whose content rolls the pods that read it. */
export class ConfigMap extends Construct {
  /** The object's name. */
  public readonly configMapName: string;

  private readonly data: Record<string, string> = {};
  private readonly late: (() => Record<string, string>)[] = [];

  public constructor(
    scope: Construct,
    id: string,
    props: { name: string; identity: Identity; data?: Record<string, string> },
  ) {
    super(scope, id);
    this.configMapName = checkName(this, 'ConfigMap', props.name);
    new k8s.KubeConfigMap(this, 'config-map', {
      metadata: objectMetadata({
        name: this.configMapName,
        namespace: Chart.of(this).namespace,
        labels: workloadLabels(props.identity),
        wave: SYNC_WAVES.configuration,
      }),
      data: Lazy.any({ produce: () => this.content }),
    });
    for (const [key, value] of Object.entries(props.data ?? {})) {
      this.add(key, value);
    }
  }

  /** Adds a key; the same value again changes nothing. */
  public add(key: string, value: string): void {
    if (!/^(?!\.{1,2}$)[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw invalid(this, `'${key}' is no key; allowed: letters, digits, '-', '_' and '.'`);
    }
    if (typeof value !== 'string') {
      throw invalid(this, `key ${key} has the value ${String(value)}; allowed: text`);
    }
    if (key in this.data && this.data[key] !== value) {
      throw invalid(this, `key ${key} has two values: '${this.data[key]}' and '${value}'; allowed: one`);
    }
    this.data[key] = value;
  }

  /** Adds keys that are known when everything is declared. */
  public addLate(produce: () => Record<string, string>): void {
    this.late.push(produce);
  }

  /** Annotations for the pods that read it: another content is another hash, so the pods roll. */
  public get hashAnnotation(): Record<string, string> {
    return { [`checksum/${this.configMapName}`]: Lazy.any({ produce: () => contentHash(this.content) }) };
  }

  private get content(): Record<string, string> {
    return Object.assign({}, this.data, ...this.late.map((produce) => produce())) as Record<string, string>;
  }
}

/** A short hash of some content, the same whatever the order of its keys. What is rendered late is rendered for it. */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 10);
}

function canonicalJson(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => {
    const rendered: unknown = value instanceof Lazy ? value.produce() : value;
    return rendered && typeof rendered === 'object' && !Array.isArray(rendered)
      ? Object.fromEntries(Object.entries(rendered).sort(([a], [b]) => (a < b ? -1 : 1)))
      : rendered;
  });
}
