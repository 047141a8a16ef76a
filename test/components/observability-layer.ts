import { App, Chart } from 'cdk8s';
import { WmsPlatform } from '../../lib';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { production } from '../fixtures';

/** A chart of the observability layer, and boxes of the topology in it. */
export function observabilityChart(namespace = 'observability') {
  const chart = new Chart(new App(), 'test', { namespace });
  WmsPlatform.fromEnvironment(chart, 'platform', production());
  const box = (name: keyof typeof BOXES) => Box._fromTopology(chart, BOXES[name], { state: PodsState.PENDING });
  return { chart, box };
}

export const RESOURCES = { cpuRequest: '100m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '1000Mi' };
