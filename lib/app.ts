import * as fs from 'fs';
import * as path from 'path';
import { ApiObject, App, AppProps } from 'cdk8s';
import { invalid } from './errors';

/**
 * An app whose output directory is replaced whole or not at all: it is written beside it first, so that a failure leaves
 * what was there before. Files of charts that no longer exist disappear.
 */
export class WmsApp extends App {
  /**
   * Writes several apps: all of them are rendered before the first directory is replaced.
   *
   * @param apps the apps, each with a directory of its own
   */
  public static synthAll(apps: WmsApp[]): void {
    const directories = apps.map(({ directory }) => directory);
    const twice = directories.find((d, i) => directories.indexOf(d) !== i);
    if (twice) {
      throw invalid('app', `two apps write to ${twice}; allowed: a directory of its own for each`);
    }
    try {
      apps.forEach((app) => app.stage());
      apps.forEach((app) => app.commit());
    } finally {
      apps.forEach((app) => fs.rmSync(app.outdir, { recursive: true, force: true }));
    }
  }

  /** Where its files are once synthesis has succeeded. `outdir` is where they are written first. */
  public readonly directory: string;

  /**
   * Makes an app.
   *
   * @param props as cdk8s' own; `outdir` is the final directory
   */
  public constructor(props: AppProps = {}) {
    const directory = path.resolve(props.outdir ?? process.env.CDK8S_OUTDIR ?? 'dist');
    super({ ...props, outdir: `${directory}.${process.pid}.partial` });
    this.directory = directory;
  }

  /** Writes all files, or none. */
  public override synth(): void {
    WmsApp.synthAll([this]);
  }

  /** @internal */
  public get _objects(): ApiObject[] {
    return this.node.findAll().filter((c) => ApiObject.isApiObject(c));
  }

  private stage(): void {
    this.refuseForeignFiles();
    super.synth();
  }

  private commit(): void {
    const before = `${this.outdir}.before`;
    const exists = fs.existsSync(this.directory);
    if (exists) {
      fs.renameSync(this.directory, before);
    }
    try {
      fs.renameSync(this.outdir, this.directory);
    } catch (error) {
      if (exists) {
        fs.renameSync(before, this.directory);
      }
      throw error;
    }
    fs.rmSync(before, { recursive: true, force: true });
  }

  /** Replacing a directory deletes what is in it: that must be nothing but what an app has written. */
  private refuseForeignFiles(): void {
    if (!fs.existsSync(this.directory)) {
      return;
    }
    const ours = (name: string) => name.endsWith(this.outputFileExtension) || name === 'construct-metadata.json';
    const foreign = fs.readdirSync(this.directory).filter((name) => !ours(name));
    if (foreign.length > 0) {
      throw invalid(
        'app',
        `${this.directory} holds ${foreign.sort().join(', ')}, which synthesis would delete; ` +
          `allowed: an output directory with nothing but *${this.outputFileExtension}`,
      );
    }
  }
}
