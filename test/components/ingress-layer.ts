import { App, Chart } from 'cdk8s';
import { WmsPlatform } from '../../lib';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { production } from '../fixtures';

/** A chart of the ingress layer, with one of its boxes. */
export function ingressBox(name: 'ingressController' | 'waf'): { chart: Chart; box: Box } {
  const chart = new Chart(new App(), 'ingress', { namespace: 'ingress' });
  WmsPlatform.fromEnvironment(chart, 'platform', production());
  return { chart, box: Box._fromTopology(chart, BOXES[name], { state: PodsState.PENDING }) };
}
