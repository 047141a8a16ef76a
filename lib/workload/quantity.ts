import { invalid } from '../errors';

const FACTORS: Record<string, bigint> = {
  m: 1n,
  '': 1000n,
  k: 1000n ** 2n,
  M: 1000n ** 3n,
  G: 1000n ** 4n,
  T: 1000n ** 5n,
  P: 1000n ** 6n,
  Ki: 1000n * 1024n,
  Mi: 1000n * 1024n ** 2n,
  Gi: 1000n * 1024n ** 3n,
  Ti: 1000n * 1024n ** 4n,
  Pi: 1000n * 1024n ** 5n,
};

/**
 * An amount of CPU, memory or storage as Kubernetes writes it (`100m`, `128Mi`), exact to a thousandth.
 *
 * Thousandths are what the API server itself compares CPU in; integers keep sums over a namespace exact.
 */
export class Quantity {
  public static readonly ZERO = new Quantity(0n);

  /**
   * Reads a quantity.
   *
   * @throws where the text is no quantity, or is not above zero
   */
  public static parse(text: string, what: string): Quantity {
    const match = /^(\d+)(?:\.(\d{1,3}))?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/.exec(text);
    if (!match) {
      throw invalid(what, `'${text}' is no quantity; allowed: a number with a unit, as 100m, 0.5, 128Mi or 10Gi`);
    }
    const [, whole, fraction = '', unit = ''] = match;
    const scaled = BigInt(whole + fraction.padEnd(3, '0')) * FACTORS[unit];
    if (scaled % 1000n !== 0n) {
      throw invalid(what, `'${text}' is finer than a thousandth; allowed: a multiple of 1m`);
    }
    const thousandths = scaled / 1000n;
    if (thousandths === 0n) {
      throw invalid(what, `'${text}' is zero; allowed: a quantity above zero`);
    }
    return new Quantity(thousandths);
  }

  private constructor(private readonly thousandths: bigint) {}

  public plus(other: Quantity): Quantity {
    return new Quantity(this.thousandths + other.thousandths);
  }

  public times(factor: number): Quantity {
    return new Quantity(this.thousandths * BigInt(factor));
  }

  /** The largest whole number of `unit` in this part (0 to 1) of the quantity. */
  public fraction(part: number, unit: 'Mi' | 'Gi' = 'Mi'): Quantity {
    const scaled = (this.thousandths * BigInt(Math.round(part * 1000))) / 1000n;
    return new Quantity(scaled - (scaled % FACTORS[unit]));
  }

  public isBelow(other: Quantity): boolean {
    return this.thousandths < other.thousandths;
  }

  public isZero(): boolean {
    return this.thousandths === 0n;
  }

  public isWhole(): boolean {
    return this.thousandths % 1000n === 0n;
  }

  public static max(...quantities: Quantity[]): Quantity {
    return quantities.reduce((most, next) => (most.isBelow(next) ? next : most), Quantity.ZERO);
  }

  /** The number of whole Mi in the quantity. */
  public toMebibytes(): number {
    return Number(this.thousandths / FACTORS.Mi);
  }

  /** CPU in whole cores, rounded up. */
  public toCores(): number {
    return Number((this.thousandths + 999n) / 1000n);
  }

  /** CPU as the API server prints it back: whole cores, else millicores. */
  public toCpu(): string {
    return this.isWhole() ? `${this.thousandths / 1000n}` : `${this.thousandths}m`;
  }

  /** Bytes in the largest binary unit that divides them, as the API server prints them back. */
  public toBytes(): string {
    for (const unit of ['Pi', 'Ti', 'Gi', 'Mi', 'Ki']) {
      if (this.thousandths > 0n && this.thousandths % FACTORS[unit] === 0n) {
        return `${this.thousandths / FACTORS[unit]}${unit}`;
      }
    }
    return `${this.thousandths / 1000n}`;
  }
}
