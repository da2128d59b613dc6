/** Work that can be interrupted after each `yield`. */
export type Steps<T> = Generator<void, T, void>;

/** A call into the plugin may not run for long without a pause, however busy the machine is. */
const longestRunMs = 25;
/** So often the clock is looked at; a step takes about a microsecond. */
const stepsPerLook = 500;

export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

export async function runWithPauses<T>(steps: Steps<T>): Promise<T> {
  let until = Date.now() + longestRunMs;
  for (let n = 1; ; n++) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (n % stepsPerLook !== 0 || Date.now() < until) continue;
    await pause();
    until = Date.now() + longestRunMs;
  }
}

export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
