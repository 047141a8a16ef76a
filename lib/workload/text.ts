/** Lines as a text file has them. */
export function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
