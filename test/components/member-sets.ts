import { App, Chart, Size } from 'cdk8s';
import { MemberSetProps } from '../../lib';
import { Box } from '../../lib/connections/box';
import { PodsState } from '../../lib/connections/pods-state';
import { BOXES } from '../../lib/topology/boxes';
import { COMPONENT_RESOURCES } from '../../lib/topology/component-resources';

/** A chart of the message layer. */
export function kafkaChart(): Chart {
  return new Chart(new App(), 'kafka', { namespace: 'kafka' });
}

/** A set with the topology's figures. */
export function memberSetOf(chart: Chart, name: 'kafka' | 'zookeeper'): MemberSetProps {
  return {
    box: Box._fromTopology(chart, BOXES[name], { state: PodsState.PENDING }),
    members: 3,
    storage: Size.gibibytes(name === 'kafka' ? 50 : 10),
    storageClassName: 'fast',
    resources: COMPONENT_RESOURCES[name].full,
  };
}
