/** Asks twice a second, as asking costs a process, until an answer is there, or time is up; then the answer is undefined. */
export async function poll<T>(seconds: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() > deadline) {
      return answer;
    }
    await pause(500);
  }
}

/** Asks until the answer is the right one, or has not changed for some seconds: what rests will not get better. */
export async function settled<T>(
  quietSeconds: number,
  seconds: number,
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean = () => false,
): Promise<T> {
  let last = await ask();
  let since = Date.now();
  await poll(seconds, async () => {
    const next = await ask();
    if (JSON.stringify(next) !== JSON.stringify(last)) {
      last = next;
      since = Date.now();
    }
    return isRight(last) || Date.now() - since > quietSeconds * 1000 ? true : undefined;
  });
  return last;
}

/** Waits some milliseconds. */
export function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}
