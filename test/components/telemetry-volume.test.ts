import { App, Chart, Duration, Size } from 'cdk8s';
import { ingestionLimits, TelemetryStoreFigures } from '../../lib/components/telemetry-volume';

const chart = new Chart(new App(), 'test');
const CHARACTER = { compression: 2, part: 0.5 };
const limits = (figures: Partial<TelemetryStoreFigures> = {}) =>
  ingestionLimits(chart, { storage: Size.gibibytes(100), retention: Duration.days(10), ...figures }, CHARACTER);

describe('what a store may take in', () => {
  it('is what its volume holds, spread over the time it is kept', () => {
    const { bytesPerSecond } = limits();
    expect(bytesPerSecond).toBe(Math.floor((100 * 2 ** 30) / (10 * 86400)));
    expect(bytesPerSecond * 10 * 86400).toBeLessThanOrEqual(100 * 2 ** 30 * CHARACTER.part * CHARACTER.compression);
  });

  it('may come in bursts of a quarter of an hour, or of a push at the least', () => {
    const { bytesPerSecond, burstBytes } = limits();
    expect(burstBytes).toBe(bytesPerSecond * 900);
    expect(limits({ storage: Size.mebibytes(20_000), retention: Duration.days(14) }).burstBytes).toBeGreaterThanOrEqual(
      8 * 2 ** 20,
    );
  });

  it('is not changed by a rate that fits', () => {
    expect(limits({ expectedRate: Size.kibibytes(120) })).toEqual(limits());
  });

  it.each([
    ['hours', Duration.hours(12), 'retention is 43200 s; allowed: whole days, at least one'],
    ['a day and a half', Duration.hours(36), 'retention is 129600 s; allowed: whole days, at least one'],
  ])('is refused for %s', (_title, retention, message) => {
    expect(() => limits({ retention })).toThrow(`[test] ${message}`);
  });

  it('is refused where the volume is too small', () => {
    expect(() => limits({ storage: Size.gibibytes(10) })).toThrow(
      '[test] storage 10Gi is too small to keep 10 days; allowed: at least 14Gi, or a shorter retention',
    );
    expect(() => limits({ storage: Size.gibibytes(14) })).not.toThrow();
  });

  it('is refused where the expected rate does not fit, with what would', () => {
    expect(() => limits({ expectedRate: Size.kibibytes(1024) })).toThrow(
      '[test] a retention of 10 days cannot be met with 1048576 bytes a second on 100Gi; ' +
        'allowed: at most 1 days, or storage of at least 844Gi',
    );
    expect(() => limits({ expectedRate: Size.kibibytes(1024), retention: Duration.days(1) })).not.toThrow();
    expect(() => limits({ expectedRate: Size.kibibytes(1024), storage: Size.gibibytes(844) })).not.toThrow();
  });
});
