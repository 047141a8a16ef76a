import { Breakage, breaks } from '../breakage';
import { Row } from '../report';
import { checkCalls } from './called';
import { checkRollout } from './rollout';
import { Running } from './running';
import { checkHeld, checkStarted } from './started';

/** A breakage that one check of a running environment must find. */
export interface NodeBreakage extends Breakage {
  readonly check: (running: Running) => Promise<Row>;
}

const LABOR = 'Deployment wms-platform/labor-service';
const ROUTING = 'Deployment wms-platform/routing-service';

/** So long, a pod that will start has started. */
const SECONDS = 20;

/** Manifests whose pods must be found not to run as they should; in this order, each with what the last one left. */
export const NODE_BREAKAGES: readonly NodeBreakage[] = [
  {
    ...breaks(
      'a probe of a path that nothing answers',
      ROUTING,
      (d) => (d.spec.template.spec.containers[0].readinessProbe.httpGet.path = '/nowhere'),
      /Deployment wms-platform\/routing-service has .* pods ready/,
    ),
    check: (running) => checkStarted(running, SECONDS),
  },
  {
    ...breaks(
      'a program that can write to its image',
      ROUTING,
      (d) => (d.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem = false),
      /routing-service can write to \/app/,
    ),
    check: startedThen(checkHeld),
  },
  {
    ...breaks(
      'a client that may call everybody',
      'NetworkPolicy wms-platform/routing-service',
      (p) => (p.spec.egress = [{}]),
      /wms-platform\/routing-service reaches the API server/,
    ),
    check: (running) => checkCalls(running, 'wms-platform/routing-service'),
  },
  {
    ...breaks(
      'a server that refuses its clients',
      'NetworkPolicy wms-platform/order-service',
      (p) => (p.spec.ingress = []),
      /wms-platform\/orchestrator does not reach wms-platform\/order-service:8001/,
    ),
    check: (running) => checkCalls(running, 'wms-platform/orchestrator'),
  },
  {
    ...breaks(
      'pods that end before nobody calls them any more',
      LABOR,
      (d) => delete d.spec.template.spec.containers[0].lifecycle,
      /requests are lost/,
    ),
    check: startedThen(checkRollout),
  },
];

/** A check of pods that have started: the old ones are gone. */
function startedThen(check: (running: Running) => Promise<Row>): (running: Running) => Promise<Row> {
  return async (running) => {
    const started = await checkStarted(running);
    return started.faults.length > 0 ? started : check(running);
  };
}
