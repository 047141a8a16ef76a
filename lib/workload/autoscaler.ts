import { k8s } from 'cdk8s-plus-27';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';
import { Quantity } from './quantity';

/** When a deployment grows and shrinks. */
export interface Autoscaling {
  /**
   * The most pods it may run.
   *
   * @default 10
   */
  readonly maxReplicas?: number;

  /**
   * The average CPU use it is kept at, in per cent of the request.
   *
   * @default 70
   */
  readonly cpuUtilization?: number;

  /**
   * The average memory use it is kept at, in per cent of the limit. Not of the request: a request far below the limit
   * would always be exceeded.
   *
   * @default 80
   */
  readonly memoryPercentOfLimit?: number;
}

/** An autoscaler's settings, complete. */
export const AUTOSCALING_DEFAULTS: Required<Autoscaling> = {
  maxReplicas: 10,
  cpuUtilization: 70,
  memoryPercentOfLimit: 80,
};

/** The spec of the autoscaler of a deployment; `memoryLimit` is one pod's. */
export function autoscalerSpec(
  scope: IConstruct,
  name: string,
  minReplicas: number,
  memoryLimit: Quantity,
  autoscaling: Autoscaling,
): k8s.HorizontalPodAutoscalerSpecV2 {
  const {
    maxReplicas = AUTOSCALING_DEFAULTS.maxReplicas,
    cpuUtilization = AUTOSCALING_DEFAULTS.cpuUtilization,
    memoryPercentOfLimit = AUTOSCALING_DEFAULTS.memoryPercentOfLimit,
  } = autoscaling;
  checkPercent(scope, 'cpuUtilization', cpuUtilization);
  checkPercent(scope, 'memoryPercentOfLimit', memoryPercentOfLimit);
  return {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas,
    maxReplicas,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuUtilization } },
      },
      {
        type: 'Resource',
        resource: {
          name: 'memory',
          target: {
            type: 'AverageValue',
            averageValue: k8s.Quantity.fromString(memoryLimit.fraction(memoryPercentOfLimit / 100).toBytes()),
          },
        },
      },
    ],
  };
}

function checkPercent(scope: IConstruct, what: string, value: number): void {
  if (!Number.isInteger(value) || value < 1 || value > 100) {
    throw invalid(scope, `autoscaling.${what} is ${value}; allowed: a whole number from 1 to 100`);
  }
}
