import { Quantity } from '../../lib/workload/quantity';

const parse = (text: string) => Quantity.parse(text, 'here');

describe('Quantity', () => {
  it.each([
    ['1000m', '1'],
    ['1500m', '1500m'],
    ['0.25', '250m'],
    ['0.001', '1m'],
    ['1.0m', '1m'],
    ['2', '2'],
  ])('prints %s of CPU as %s', (text, printed) => {
    expect(parse(text).toCpu()).toBe(printed);
  });

  it.each([
    ['1024Mi', '1Gi'],
    ['1000Mi', '1000Mi'],
    ['1.5Gi', '1536Mi'],
    ['1048576', '1Mi'],
    ['1000', '1000'],
    ['1k', '1000'],
    ['1M', '1000000'],
    ['128M', '125000Ki'],
    ['1G', '1000000000'],
    ['1T', '976562500Ki'],
    ['1P', '976562500000Ki'],
    ['1Ki', '1Ki'],
    ['1024Gi', '1Ti'],
    ['1024Ti', '1Pi'],
    ['2048Pi', '2048Pi'],
  ])('prints %s of bytes as %s', (text, printed) => {
    expect(parse(text).toBytes()).toBe(printed);
  });

  it('prints nothing as 0', () => {
    expect(Quantity.ZERO.toCpu()).toBe('0');
    expect(Quantity.ZERO.toBytes()).toBe('0');
  });

  it.each(['', 'a lot', '-1', '1 Gi', '1gi', '1mi', '1e3', '.5', '1.', '1.0001', '1Gi ', '1,5'])(
    'refuses %j, which is malformed',
    (text) => {
      expect(() => parse(text)).toThrow(
        `[here] '${text}' is no quantity; allowed: a number with a unit, as 100m, 0.5, 128Mi or 10Gi`,
      );
    },
  );

  it.each(['0', '0m', '0.0', '0.000Gi'])('refuses %s, which is zero', (text) => {
    expect(() => parse(text)).toThrow(`[here] '${text}' is zero; allowed: a quantity above zero`);
  });

  it.each(['1.5m', '0.5m', '0.001m'])('refuses %s, which is finer than a thousandth', (text) => {
    expect(() => parse(text)).toThrow(`[here] '${text}' is finer than a thousandth; allowed: a multiple of 1m`);
  });

  it('sums without loss, in whatever order', () => {
    const tenths = Array.from({ length: 10 }, () => parse('0.1'));
    expect(tenths.reduce((sum, next) => sum.plus(next), Quantity.ZERO).toCpu()).toBe('1');

    const parts = ['900Pi', '1', '64Mi', '0.5Gi'].map(parse);
    const sum = (quantities: Quantity[]) => quantities.reduce((a, b) => a.plus(b), Quantity.ZERO).toBytes();
    expect(sum(parts)).toBe(sum([...parts].reverse()));
    // Above 2^53, where floating-point numbers lose the last byte.
    expect(sum(parts)).toBe((900n * 2n ** 50n + 1n + 576n * 2n ** 20n).toString());
  });

  it('multiplies', () => {
    expect(parse('250m').times(6).toCpu()).toBe('1500m');
    expect(parse('512Mi').times(4).toBytes()).toBe('2Gi');
    expect(parse('512Mi').times(0).isZero()).toBe(true);
    expect(parse('512Mi').isZero()).toBe(false);
  });

  it('rounds a part down to whole units', () => {
    expect(parse('512Mi').fraction(0.8).toBytes()).toBe('409Mi');
    expect(parse('512Mi').fraction(1).toBytes()).toBe('512Mi');
    expect(parse('7Gi').fraction(0.5, 'Gi').toBytes()).toBe('3Gi');
    expect(parse('1Mi').fraction(0.5).isZero()).toBe(true);
  });

  it('counts whole mebibytes', () => {
    expect(parse('1536Mi').toMebibytes()).toBe(1536);
    expect(parse('1.5Gi').toMebibytes()).toBe(1536);
    expect(parse('2097151').toMebibytes()).toBe(1);
  });

  it.each([
    ['2', 2],
    ['2001m', 3],
    ['500m', 1],
  ])('counts %s as %i whole cores, rounded up', (text, cores) => {
    expect(parse(text).toCores()).toBe(cores);
  });

  it('compares by amount, not by how it is written', () => {
    expect(parse('1').isBelow(parse('1001m'))).toBe(true);
    expect(parse('1024Mi').isBelow(parse('1Gi'))).toBe(false);
    expect(parse('1G').isBelow(parse('1Gi'))).toBe(true);
    expect(Quantity.max(parse('900Mi'), parse('1Gi'), parse('1G')).toBytes()).toBe('1Gi');
    expect(Quantity.max().isZero()).toBe(true);
  });
});
