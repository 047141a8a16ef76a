import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { clusterContext } from '../workload/cluster-context';
import { Identity } from '../workload/labels';
import { checkName } from '../workload/names';
import { SecretText } from './credential';

/** A secret of the platform, declared once, with its keys. */
export interface SecretProps {
  readonly name: string;
  readonly identity: Identity;
  readonly data: Record<string, SecretText>;
}

/** A Secret, made the way the environment's secrets backend makes them. */
export class Secret extends Construct {
  public readonly secretName: string;
  public readonly identity: Identity;
  public readonly data: Record<string, SecretText>;

  public constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    this.secretName = checkName(this, 'Secret', props.name);
    this.identity = props.identity;
    this.data = props.data;
    clusterContext(this).secrets._render(this);
  }

  public get namespace(): string {
    return Chart.of(this).namespace!;
  }
}
