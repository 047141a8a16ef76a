/** What one check found of one subject. */
export interface Row {
  /** The part of the suite, as `acceptance`. */
  readonly part: string;
  /** What was proven, in a few words. */
  readonly check: string;
  /** What it was proven of, as `production on Kubernetes 1.37`. */
  readonly subject: string;
  /** Counts, where they say something. */
  readonly figures: string;
  /** A sentence for each thing that is wrong. */
  readonly faults: readonly string[];
}

/** The table a reviewer reads: every check, and every fault below its row. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ part, check, subject, figures, faults }) => [
    faults.length > 0 ? 'FAILED' : 'ok',
    part,
    check,
    subject,
    figures,
  ]);
  const header = ['', 'part', 'check', 'subject', 'figures'];
  const widths = header.map((h, i) => Math.max(h.length, ...cells.map((row) => row[i].length)));
  const line = (row: string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]))
      .join('  ')
      .trimEnd();
  const body = rows.flatMap(({ faults }, i) => [line(cells[i]), ...faults.map((fault) => `        ${fault}`)]);
  return [line(header), line(widths.map((w) => '-'.repeat(w))), ...body].join('\n');
}
