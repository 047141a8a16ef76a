import { Size } from 'cdk8s';
import { Sizing } from '../lib';

describe('a sizing', () => {
  it.each([
    {
      name: "the topology's",
      sizing: Sizing.full(),
      replicas: [0, 1, 3],
      gibibytes: [1, 10, 20, 50, 100],
      grows: true,
    },
    {
      name: "the topology's with small volumes",
      sizing: Sizing.fullWithSmallVolumes(),
      replicas: [0, 1, 3],
      gibibytes: [1, 1, 2, 5, 10],
      grows: true,
    },
    { name: 'one machine', sizing: Sizing.single(), replicas: [0, 1, 1], gibibytes: [1, 1, 1, 1, 2], grows: false },
  ])('of $name gives its share of replicas and storage', ({ sizing, replicas, gibibytes, grows }) => {
    expect([0, 1, 3].map((figure) => sizing.replicas(figure))).toEqual(replicas);
    const storage = (figure: number) => sizing.storage(Size.gibibytes(figure)).toGibibytes();
    expect([1, 10, 20, 50, 100].map(storage)).toEqual(gibibytes);
    expect(sizing.autoscaling).toBe(grows);
  });
});
