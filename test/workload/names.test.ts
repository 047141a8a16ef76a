import { Construct } from 'constructs';
import { checkCount, checkName, checkPort, checkPortName } from '../../lib/workload/names';
import { testChart } from './fixtures';

const somewhere = () => new Construct(testChart(), 'somewhere');

describe('checkName', () => {
  it.each(['a', 'orders', 'order-service', 'a9b9', 'x'.repeat(63)])('accepts %s', (name) => {
    expect(checkName('here', 'Deployment', name)).toBe(name);
  });

  it.each(['', 'Orders', 'orders-', '-orders', '1orders', 'order_service', 'order.service', 'order service', 'örders'])(
    'refuses %j, which is no DNS label that begins with a letter',
    (name) => {
      expect(() => checkName(somewhere(), 'Deployment', name)).toThrow(
        `[test/somewhere] '${name}' is no Deployment name; allowed: lower-case letters, digits and '-'`,
      );
    },
  );

  it.each([
    ['StatefulSet', 52],
    ['CronJob', 52],
    ['Job', 52],
    ['Deployment', 63],
    ['Service', 63],
    ['container', 63],
  ])('lets the name of a %s have at most %i characters', (kind, longest) => {
    expect(checkName('here', kind, 'x'.repeat(longest))).toHaveLength(longest);
    const tooLong = 'x'.repeat(longest + 1);
    expect(() => checkName('here', kind, tooLong)).toThrow(
      `[here] '${tooLong}' has ${longest + 1} characters; allowed for a ${kind}: at most ${longest}`,
    );
  });
});

describe('checkPort', () => {
  it.each([1, 80, 65535])('accepts %d', (port) => {
    expect(checkPort('here', port)).toBe(port);
  });

  it.each([0, -1, 1.5, 65536, NaN])('refuses %d', (port) => {
    expect(() => checkPort(somewhere(), port)).toThrow(
      `[test/somewhere] port ${port} is none; allowed: a whole number from 1 to 65535`,
    );
  });
});

describe('checkPortName', () => {
  it.each(['a', 'http', 'grpc-otlp', 'h2-c', 'x'.repeat(15)])('accepts %s', (name) => {
    expect(checkPortName('here', name)).toBe(name);
  });

  it.each(['', 'HTTP', '8080', '-http', 'http-', 'a--b', 'http_1', 'x'.repeat(16)])('refuses %j', (name) => {
    expect(() => checkPortName(somewhere(), name)).toThrow(
      `[test/somewhere] '${name}' is no port name; allowed: at most 15 lower-case letters, digits and single '-', ` +
        `beginning with a letter`,
    );
  });
});

describe('checkCount', () => {
  it('accepts whole numbers from the least on, which is 0 unless given', () => {
    expect(checkCount('here', 'replicas', 0)).toBe(0);
    expect(checkCount('here', 'members', 3, 3)).toBe(3);
  });

  it.each([-1, 1.5, NaN, Infinity])('refuses %d', (count) => {
    expect(() => checkCount(somewhere(), 'replicas', count)).toThrow(
      `[test/somewhere] replicas is ${count}; allowed: a whole number of 0 or more`,
    );
  });

  it('refuses less than the least', () => {
    expect(() => checkCount('here', 'members', 0, 1)).toThrow(
      '[here] members is 0; allowed: a whole number of 1 or more',
    );
  });
});
