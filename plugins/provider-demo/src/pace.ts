/** Resolves after the time, or at once when the signal is aborted: callers look at the signal afterwards. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const waitForTime: Wait = (milliseconds, signal) =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish);
    function finish() {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    }
  });

/** How many pieces go out together, and the pause behind them. */
export interface Pace {
  piecesPerStep: number;
  stepMs: number;
}

export const slowPace: Pace = { piecesPerStep: 1, stepMs: 200 };
/** About 400 words a second: 20,000 words take less than a minute and still arrive in many small parts. */
export const longPace: Pace = { piecesPerStep: 4, stepMs: 10 };

/** A pause under 10 ms is not worth a timer, so quick paces send several pieces at a time. */
export function paceOf(wordsPerSecond: number): Pace {
  const piecesPerStep = Math.max(1, Math.ceil(wordsPerSecond / 100));
  return { piecesPerStep, stepMs: (1000 * piecesPerStep) / wordsPerSecond };
}
