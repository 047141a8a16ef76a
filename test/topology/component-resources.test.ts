import { COMPONENT_RESOURCES, ComponentResources } from '../../lib/topology/component-resources';
import { mapResources, parseResources } from '../../lib/workload/resources';

describe.each(Object.entries<ComponentResources>(COMPONENT_RESOURCES))(
  'the resources of %s',
  (name, { full, single }) => {
    it('are quantities, with limits of at least the requests', () => {
      expect(() => parseResources(full, name)).not.toThrow();
      expect(() => parseResources(single, name)).not.toThrow();
    });

    it('are no more on one machine than in the full size', () => {
      const [most, least] = [parseResources(full, name), parseResources(single, name)];
      mapResources((key) => {
        expect([key, most[key].isBelow(least[key])]).toEqual([key, false]);
        return most[key];
      });
    });
  },
);
