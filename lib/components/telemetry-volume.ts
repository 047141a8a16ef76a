import { Duration, Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from '../errors';

/** What differs from the topology's figures for a store of telemetry: one member that keeps a volume for some time. */
export interface TelemetryStoreFigures {
  /** The size of the volume. */
  readonly storage: Size;

  /** How long what arrives is kept. */
  readonly retention: Duration;

  /**
   * How much is expected to arrive in a second, as an operator has measured it.
   *
   * @default - not known: the store takes what its volume allows
   */
  readonly expectedRate?: Size;
}

/** How a store turns what arrives into files. */
export interface StoreCharacter {
  /** How many times smaller what arrives is on the volume, counted so low that it is always reached. */
  readonly compression: number;
  /** The part of the volume that blocks may fill; the rest is for the write-ahead log and for files being rewritten. */
  readonly part: number;
}

/** What a store may take in, in bytes. */
export interface IngestionLimits {
  /** On average in each second. */
  readonly bytesPerSecond: number;
  /** At once. */
  readonly burstBytes: number;
}

/** Below this a single pod that logs at debug level would be refused. */
const LEAST_BYTES_PER_SECOND = 16 * 1024;

/** A push of the collector must fit at once, and a busy quarter of an hour should. */
const BURST_SECONDS = 15 * 60;
const LEAST_BURST_BYTES = 8 * 1024 * 1024;

const DAY_SECONDS = 24 * 60 * 60;

/**
 * What a store may take in so that its volume never fills: what fits on the volume, spread over the time it is kept.
 *
 * @throws where the retention is below a day, the volume too small for it, or the expected rate more than fits
 */
export function ingestionLimits(
  where: IConstruct,
  figures: TelemetryStoreFigures,
  { compression, part }: StoreCharacter,
): IngestionLimits {
  const { storage, retention, expectedRate } = figures;
  const seconds = retention.toSeconds();
  if (seconds < DAY_SECONDS || seconds % DAY_SECONDS !== 0) {
    throw invalid(where, `retention is ${seconds} s; allowed: whole days, at least one`);
  }
  const days = seconds / DAY_SECONDS;
  const usable = bytes(storage) * part * compression;
  const bytesPerSecond = Math.floor(usable / seconds);
  const needed = (rate: number) => Math.ceil((rate * seconds) / part / compression / 2 ** 30);
  if (bytesPerSecond < LEAST_BYTES_PER_SECOND) {
    throw invalid(
      where,
      `storage ${storage.asString()} is too small to keep ${days} days; ` +
        `allowed: at least ${needed(LEAST_BYTES_PER_SECOND)}Gi, or a shorter retention`,
    );
  }
  if (expectedRate && bytes(expectedRate) > bytesPerSecond) {
    const most = Math.floor(usable / bytes(expectedRate) / DAY_SECONDS);
    throw invalid(
      where,
      `a retention of ${days} days cannot be met with ${bytes(expectedRate)} bytes a second on ${storage.asString()}; ` +
        `allowed: at most ${most} days, or storage of at least ${needed(bytes(expectedRate))}Gi`,
    );
  }
  return { bytesPerSecond, burstBytes: Math.max(LEAST_BURST_BYTES, bytesPerSecond * BURST_SECONDS) };
}

function bytes(size: Size): number {
  return size.toKibibytes() * 1024;
}
