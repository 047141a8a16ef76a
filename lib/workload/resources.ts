import { k8s } from 'cdk8s-plus-27';
import { invalid } from '../errors';
import { Quantity } from './quantity';

/** What a container asks for and may use at the most; the columns of the topology's table of application services. */
export interface Resources {
  /** CPU that is reserved, as `100m`. */
  readonly cpuRequest: string;

  /** Memory that is reserved, as `128Mi`. */
  readonly memoryRequest: string;

  /** CPU that is never exceeded, as `500m`. */
  readonly cpuLimit: string;

  /** Memory above which the container is ended, as `512Mi`. */
  readonly memoryLimit: string;

  /**
   * Node-local disk that is reserved for logs and temporary files.
   *
   * @default 64Mi
   */
  readonly ephemeralStorageRequest?: string;

  /**
   * Node-local disk above which the pod is evicted.
   *
   * @default 256Mi
   */
  readonly ephemeralStorageLimit?: string;
}

/** `Resources` read and checked. */
export interface ParsedResources {
  readonly cpuRequest: Quantity;
  readonly memoryRequest: Quantity;
  readonly ephemeralStorageRequest: Quantity;
  readonly cpuLimit: Quantity;
  readonly memoryLimit: Quantity;
  readonly ephemeralStorageLimit: Quantity;
}

/** Resources of which each is made by a function. */
export function mapResources(make: (key: keyof ParsedResources) => Quantity): ParsedResources {
  return {
    cpuRequest: make('cpuRequest'),
    memoryRequest: make('memoryRequest'),
    ephemeralStorageRequest: make('ephemeralStorageRequest'),
    cpuLimit: make('cpuLimit'),
    memoryLimit: make('memoryLimit'),
    ephemeralStorageLimit: make('ephemeralStorageLimit'),
  };
}

/** Each limit with the request that it must not be below. */
const PAIRS = [
  ['cpuRequest', 'cpuLimit'],
  ['memoryRequest', 'memoryLimit'],
  ['ephemeralStorageRequest', 'ephemeralStorageLimit'],
] as const;

/**
 * Reads every quantity.
 *
 * @throws on a malformed or zero quantity, on parts of a byte, and on a limit below its request
 */
export function parseResources(resources: Resources, path: string): ParsedResources {
  const { ephemeralStorageRequest = '64Mi', ephemeralStorageLimit = '256Mi' } = resources;
  const written = { ...resources, ephemeralStorageRequest, ephemeralStorageLimit };
  const parsed = mapResources((key) => {
    const quantity = Quantity.parse(written[key], `${path} resources.${key}`);
    if (!key.startsWith('cpu') && !quantity.isWhole()) {
      throw invalid(
        `${path} resources.${key}`,
        `'${written[key]}' is no number of bytes; allowed: whole bytes, as 128Mi`,
      );
    }
    return quantity;
  });
  for (const [request, limit] of PAIRS) {
    if (parsed[limit].isBelow(parsed[request])) {
      throw invalid(
        path,
        `resources.${limit} ${written[limit]} is below resources.${request} ${written[request]}; ` +
          `allowed: a limit of at least the request`,
      );
    }
  }
  return parsed;
}

/** The `resources` of a container. */
export function toRequirements(resources: Resources, path: string): k8s.ResourceRequirements {
  const parsed = parseResources(resources, path);
  return {
    requests: {
      cpu: k8s.Quantity.fromString(parsed.cpuRequest.toCpu()),
      memory: k8s.Quantity.fromString(parsed.memoryRequest.toBytes()),
      'ephemeral-storage': k8s.Quantity.fromString(parsed.ephemeralStorageRequest.toBytes()),
    },
    limits: {
      cpu: k8s.Quantity.fromString(parsed.cpuLimit.toCpu()),
      memory: k8s.Quantity.fromString(parsed.memoryLimit.toBytes()),
      'ephemeral-storage': k8s.Quantity.fromString(parsed.ephemeralStorageLimit.toBytes()),
    },
  };
}
