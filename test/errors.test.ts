import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { invalid, oneOf } from '../lib/errors';
import { testChart } from './workload/fixtures';

describe('invalid', () => {
  it('begins with the path of the construct at fault', () => {
    expect(invalid(new Construct(testChart(), 'orders'), 'x is 1; allowed: 2').message).toBe(
      '[test/orders] x is 1; allowed: 2',
    );
  });

  it('begins with a word where there is no construct', () => {
    expect(invalid('images.mirror', 'what').message).toBe('[images.mirror] what');
  });

  it('calls the root app, which has no path', () => {
    const app: App = new App();
    expect(invalid(app, 'what').message).toBe('[app] what');
  });
});

describe('oneOf', () => {
  it('lists what is allowed in order, and leaves the list as it was', () => {
    const allowed = ['b', 'a'];
    expect(oneOf(allowed)).toBe('allowed: a, b');
    expect(allowed).toEqual(['b', 'a']);
  });
});
